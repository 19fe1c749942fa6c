import type { HeaderList } from '@lazuli/policies';
import type { Api, VersionSet } from '@lazuli/resources';
import { foldCase } from './case-folded-table.ts';
import type { OperationTrie } from './operation-trie.ts';
import { queryValue } from './query-string.ts';

/** One revision of an API with its operations. */
export interface ApiRoutes {
  readonly api: Api;
  readonly operations: OperationTrie;
}

/** The revisions of one API that can be reached. */
export interface Revisions {
  current: ApiRoutes | null;
  readonly byNumber: Map<string, ApiRoutes>;
}

/** What answers at one API path: an API without a version and, beside it, versions that a header or the query names. */
export interface ApiPath {
  /** Segments of the path, the version segment included. */
  readonly segments: number;
  unversioned: Revisions | null;
  readonly selectors: VersionSelector[];
}

export interface VersionSelector {
  readonly set: VersionSet;
  readonly by: 'header' | 'query';
  readonly parameter: string;
  readonly versions: Map<string, Revisions>;
}

/**
 * The API that a request asks for at a path. A version that is named but not there is nobody's; without a name the
 * "Original" version answers, if there is one.
 */
export function selectVersion(path: ApiPath, headers: HeaderList, query: string): Revisions | null {
  for (const selector of path.selectors) {
    const given =
      selector.by === 'header' ? headers.get(selector.parameter)?.trim() : queryValue(query, selector.parameter);
    if (given !== undefined && given !== '') return selector.versions.get(foldCase(given)) ?? null;
  }
  return path.unversioned;
}
