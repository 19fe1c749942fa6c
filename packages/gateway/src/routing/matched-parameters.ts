import { matchCompound } from './compound-segment.ts';
import type { Endpoint } from './operation-trie.ts';
import { decodePercent, queryValue } from './query-string.ts';
import type { SegmentedPath } from './segmented-path.ts';

const none: ReadonlyMap<string, string> = new Map();

/**
 * The values of a template's parameters, percent-decoded. `raw` is the path as sent, `decoded` the one that was matched
 * (the same object when nothing was escaped); the operation's own segments begin at `first`.
 */
export function matchedParameters(
  endpoint: Endpoint,
  raw: SegmentedPath,
  decoded: SegmentedPath,
  first: number,
  query: string,
): ReadonlyMap<string, string> {
  const { segments, query: queryParts } = endpoint.template;
  let values: Map<string, string> | null = null;
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i];
    if (segment === undefined || segment.kind === 'literal') continue;
    if (segment.kind === 'parameter') {
      values ??= new Map();
      values.set(segment.name, decodePercent(raw.segment(first + i)));
    } else if (segment.kind === 'wildcard') {
      if (segment.name === null) continue;
      values ??= new Map();
      values.set(segment.name, decodePercent(raw.text.slice(raw.start(first + i))));
    } else {
      values ??= new Map();
      const found = matchCompound(segment, decoded.segment(first + i)) ?? [];
      for (const [at, name] of segment.names.entries()) values.set(name, (found[at] ?? '').replace(/%2f/gi, '/'));
    }
  }
  for (const { name, value } of queryParts) {
    if (value.kind !== 'parameter') continue;
    const given = queryValue(query, name);
    if (given === undefined) continue;
    values ??= new Map();
    values.set(value.name, given);
  }
  return values ?? none;
}
