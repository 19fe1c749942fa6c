import type { HeaderList } from '@lazuli/policies';
import type { Api, Operation } from '@lazuli/resources';
import type { ApiPath } from './api-versions.ts';
import { selectVersion } from './api-versions.ts';
import { type CaseFoldedTable, emptyHash, hashNext } from './case-folded-table.ts';
import { matchedParameters } from './matched-parameters.ts';
import { pathForMatching, type RequestTarget } from './request-path.ts';
import { SegmentedPath } from './segmented-path.ts';
import { soapQuery } from './soap-action.ts';

export type RouteOutcome =
  | {
      readonly kind: 'operation';
      readonly api: Api;
      readonly operation: Operation;
      /** Percent-decoded. */
      readonly matchedParameters: ReadonlyMap<string, string>;
      /** The path below the API's own, as sent. */
      readonly operationPath: string;
    }
  /** The path belongs to an API that has no such operation. */
  | { readonly kind: 'no-operation'; readonly api: Api; readonly operationPath: string }
  /** The path, the version or the revision belongs to no API. */
  | { readonly kind: 'no-api' };

/**
 * Finds the API by the longest path that is a prefix of the request's in whole segments, its version and revision, and
 * then the operation. The cost depends on the length of the request's path, not on how many APIs there are: the prefixes
 * are looked up in one hash table while the path is read once.
 */
export class Router {
  readonly #paths: CaseFoldedTable<ApiPath>;
  /** Segments of the longest API path. */
  readonly #depth: number;
  readonly #raw = new SegmentedPath();
  readonly #decoded = new SegmentedPath();

  constructor(paths: CaseFoldedTable<ApiPath>, depth: number) {
    this.#paths = paths;
    this.#depth = depth;
  }

  match(method: string, { path, query }: RequestTarget, headers: HeaderList): RouteOutcome {
    if (path.charCodeAt(0) !== slash) return noApi;
    const text = pathForMatching(path);
    const raw = this.#raw;
    raw.fill(path);
    let decoded = raw;
    if (text !== path) {
      decoded = this.#decoded;
      decoded.fill(text);
    }
    const found = this.#longestPrefix(text);
    if (!found) return noApi;
    const revisions = selectVersion(found.path, headers, query);
    const routes = found.revision === null ? revisions?.current : revisions?.byNumber.get(found.revision);
    if (!routes) return noApi;
    const { api, operations } = routes;
    const first = found.path.segments + (found.revision !== null && found.path.segments === 0 ? 1 : 0);
    const operationPath = first >= raw.count ? '' : path.slice(raw.start(first) - 1);
    const operationQuery = api.type === 'soap' ? soapQuery(query, headers) : query;
    const endpoint = operations.find(method, decoded, first, operationQuery);
    if (!endpoint) return { kind: 'no-operation', api, operationPath };
    return {
      kind: 'operation',
      api,
      operation: endpoint.operation,
      matchedParameters: matchedParameters(endpoint, raw, decoded, first, operationQuery),
      operationPath,
    };
  }

  /** Hashes the path up to the depth of the longest API path and asks the table at the end of every segment. */
  #longestPrefix(text: string): { readonly path: ApiPath; readonly revision: string | null } | null {
    let best = this.#paths.find(text, 1, 1, emptyHash) ?? null;
    let revision: string | null = null;
    let hash = emptyHash;
    let depth = 0;
    for (let i = 1; i <= text.length; i++) {
      const unit = i === text.length ? slash : text.charCodeAt(i);
      if (unit === slash || unit === semicolon) {
        const given = unit === semicolon ? revisionAt(text, i) : null;
        if (unit === slash || given !== null) {
          const found = this.#paths.find(text, 1, i, hash);
          if (found) {
            best = found;
            revision = given;
          }
        }
        if (unit === slash && ++depth >= this.#depth) break;
      }
      hash = hashNext(hash, unit);
    }
    return best && { path: best, revision };
  }
}

const slash = 47;
const semicolon = 59;
const noApi: RouteOutcome = { kind: 'no-api' };

/** The number in `;rev=3` when that is all there is between `at` and the end of the segment. */
function revisionAt(text: string, at: number): string | null {
  const next = text.indexOf('/', at);
  const end = next < 0 ? text.length : next;
  return /^;rev=(\d{1,9})$/i.exec(text.slice(at, end))?.[1] ?? null;
}
