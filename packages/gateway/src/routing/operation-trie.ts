import type { Operation } from '@lazuli/resources';
import { CaseFoldedTable, hashSlice } from './case-folded-table.ts';
import { type CompoundSegment, literalLength, matchCompound } from './compound-segment.ts';
import { queryValue } from './query-string.ts';
import type { SegmentedPath } from './segmented-path.ts';
import { parseUrlTemplate, type TemplateSegment, type UrlTemplate, UrlTemplateError } from './url-template.ts';

/** One operation as the trie holds it. */
export interface Endpoint {
  readonly operation: Operation;
  readonly template: UrlTemplate;
  /** Query parameters of the template that a request may leave out (`required: false` among the template's parameters). */
  readonly optionalQuery: ReadonlySet<string>;
}

/** The operations of one API, found by method and path in time that depends on the path only. */
export interface OperationTrie {
  /**
   * The operation for segments `first` and following of `path`; undefined when there is none. Segment by segment from
   * the left, text goes before a segment that mixes text and parameters, that before a parameter, that before a wildcard;
   * then the template with more literal query values, then with more query parameters, then the named method before `*`,
   * then the first defined.
   */
  find(method: string, path: SegmentedPath, first: number, query: string): Endpoint | undefined;
  readonly problems: readonly UrlTemplateError[];
}

export function compileOperations(operations: readonly Operation[]): OperationTrie {
  const root = new Draft();
  const problems: UrlTemplateError[] = [];
  for (const operation of operations) {
    try {
      root.add(toEndpoint(operation), 0);
    } catch (error) {
      if (!(error instanceof UrlTemplateError)) throw error;
      problems.push(error);
    }
  }
  const node = root.freeze();
  return {
    find: (method, path, first, query) => findFrom(node, { method, path, first, query }, first),
    problems,
  };
}

function toEndpoint(operation: Operation): Endpoint {
  const optional = operation.templateParameters.filter((parameter) => !parameter.required);
  return {
    operation,
    template: parseUrlTemplate(operation.urlTemplate),
    optionalQuery: new Set(optional.map((parameter) => parameter.name)),
  };
}

interface Node {
  readonly literals: CaseFoldedTable<Node> | null;
  /** The one with the most text first. */
  readonly compounds: readonly { readonly segment: CompoundSegment; readonly node: Node }[];
  readonly parameter: Node | null;
  /** Templates that end here, in the order in which they are tried. */
  readonly endpoints: readonly Endpoint[];
  readonly wildcards: readonly Endpoint[];
}

interface Search {
  readonly method: string;
  readonly path: SegmentedPath;
  readonly first: number;
  readonly query: string;
}

/** Visits each node at most once: a node stands for one segment index. The worst path costs no more than the API has nodes. */
function findFrom(node: Node, search: Search, index: number): Endpoint | undefined {
  const { path } = search;
  const start = path.start(index);
  const end = path.end(index);
  const hasSegment = index < path.count;
  // A slash at the end means nothing: `/orders/` is `/orders`, unless a wildcard wants the empty rest.
  const isEnd = !hasSegment || (index === path.count - 1 && start === end);
  if (isEnd) {
    const ended = pick(node.endpoints, search);
    if (ended) return ended;
  } else {
    const literal = node.literals?.find(path.text, start, end, hashSlice(path.text, start, end));
    if (literal) {
      const found = findFrom(literal, search, index + 1);
      if (found) return found;
    }
    for (const { segment, node: next } of node.compounds) {
      if (!matchCompound(segment, path.segment(index))) continue;
      const found = findFrom(next, search, index + 1);
      if (found) return found;
    }
    if (node.parameter && start < end) {
      const found = findFrom(node.parameter, search, index + 1);
      if (found) return found;
    }
  }
  // `/files/*` does not match `/files`, but `/*` matches the API's own root with or without its slash.
  return hasSegment || index === search.first ? pick(node.wildcards, search) : undefined;
}

function pick(endpoints: readonly Endpoint[], search: Search): Endpoint | undefined {
  for (const endpoint of endpoints) {
    const { method } = endpoint.operation;
    if (method !== search.method && method !== '*') continue;
    if (endpoint.template.query.length === 0 || fitsQuery(endpoint, search.query)) return endpoint;
  }
  return undefined;
}

function fitsQuery(endpoint: Endpoint, query: string): boolean {
  return endpoint.template.query.every(({ name, value }) => {
    const given = queryValue(query, name);
    if (value.kind === 'literal') return given !== undefined && given.toLowerCase() === value.text.toLowerCase();
    return given !== undefined || endpoint.optionalQuery.has(value.name);
  });
}

class Draft {
  readonly #literals = new Map<string, Draft>();
  readonly #compounds = new Map<string, { segment: CompoundSegment; draft: Draft }>();
  #parameter: Draft | null = null;
  readonly #endpoints: Endpoint[] = [];
  readonly #wildcards: Endpoint[] = [];

  add(endpoint: Endpoint, index: number): void {
    const segment = endpoint.template.segments[index];
    if (segment === undefined) this.#endpoints.push(endpoint);
    else if (segment.kind === 'wildcard') this.#wildcards.push(endpoint);
    else this.#child(segment).add(endpoint, index + 1);
  }

  #child(segment: Exclude<TemplateSegment, { kind: 'wildcard' }>): Draft {
    if (segment.kind === 'parameter') {
      this.#parameter ??= new Draft();
      return this.#parameter;
    }
    if (segment.kind === 'literal') return getOrAdd(this.#literals, segment.text.toLowerCase(), () => new Draft());
    // Parameter names are the operation's own: `{a}.json` and `{b}.json` are one place in the trie.
    const key = segment.texts.join('\u0000').toLowerCase();
    return getOrAdd(this.#compounds, key, () => ({ segment, draft: new Draft() })).draft;
  }

  freeze(): Node {
    const literals = [...this.#literals].map(([text, draft]) => [text, draft.freeze()] as const);
    return {
      literals: literals.length === 0 ? null : new CaseFoldedTable(literals),
      compounds: [...this.#compounds.values()]
        .map(({ segment, draft }) => ({ segment, node: draft.freeze() }))
        .sort((a, b) => literalLength(b.segment) - literalLength(a.segment)),
      parameter: this.#parameter?.freeze() ?? null,
      endpoints: this.#endpoints.toSorted(byPrecedence),
      wildcards: this.#wildcards.toSorted(byPrecedence),
    };
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function byPrecedence(a: Endpoint, b: Endpoint): number {
  return (
    literalQueries(b) - literalQueries(a) ||
    b.template.query.length - a.template.query.length ||
    Number(a.operation.method === '*') - Number(b.operation.method === '*')
  );
}

function literalQueries(endpoint: Endpoint): number {
  return endpoint.template.query.filter(({ value }) => value.kind === 'literal').length;
}
