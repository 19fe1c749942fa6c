import type { HeadersView, UrlView } from '../../context-host.ts';
import { charge } from '../../runtime/budget.ts';
import type { ReadOnlyDictionaryLike } from '../../runtime/collection-protocol.ts';
import { argumentNull } from '../../runtime/exceptions.ts';
import { KeyValuePair } from '../../runtime/key-value-pair.ts';
import { netArray, netType, type Uniform } from '../../runtime/values.ts';

/** A read-only dictionary over what the host gives, as the collection protocol wants it. */
export abstract class HostDictionary implements ReadOnlyDictionaryLike {
  abstract get [netType](): string;
  abstract get count(): number;
  abstract find(key: Uniform): Uniform | undefined;
  abstract entries(): Iterable<readonly [string, Uniform]>;

  *pairs(): Generator<KeyValuePair, undefined> {
    for (const [key, value] of this.entries()) {
      charge();
      yield new KeyValuePair(key, value);
    }
  }
  [Symbol.iterator](): Iterator<KeyValuePair> {
    return this.pairs();
  }
}

/** `string -> string[]` with names in any case: the query, the claims of a token. */
export class ValuesDictionary extends HostDictionary {
  get [netType](): string {
    return 'System.Collections.Generic.Dictionary<System.String, System.String[]>';
  }
  readonly #values: ReadonlyMap<string, { readonly name: string; readonly values: Uniform[] }>;
  readonly #fold: (name: string) => string;

  constructor(entries: Iterable<readonly [string, string]>, ignoreCase = true) {
    super();
    this.#fold = ignoreCase ? (name) => name.toLowerCase() : (name) => name;
    const all = new Map<string, { name: string; values: Uniform[] }>();
    for (const [name, value] of entries) {
      const key = this.#fold(name);
      const known = all.get(key);
      if (known) known.values.push(value);
      else all.set(key, { name, values: netArray('System.String', [value]) });
    }
    this.#values = all;
  }
  get count(): number {
    return this.#values.size;
  }
  find(key: Uniform): Uniform[] | undefined {
    if (key === null) throw argumentNull('key');
    return this.#values.get(this.#fold(String(key)))?.values;
  }
  *entries(): Iterable<readonly [string, Uniform]> {
    for (const { name, values } of this.#values.values()) yield [name, values];
  }
}

/** {@link ValuesDictionary} of headers. Most expressions ask for one of them: the others are not even looked at. */
class HeadersDictionary extends HostDictionary {
  get [netType](): string {
    return 'System.Collections.Generic.Dictionary<System.String, System.String[]>';
  }
  readonly #headers: HeadersView;
  /** By name in lower case: a header has one array, whoever asks. */
  #found: Map<string, Uniform[]> | null = null;

  constructor(headers: HeadersView) {
    super();
    this.#headers = headers;
  }
  get count(): number {
    return this.#names().length;
  }
  find(key: Uniform): Uniform[] | undefined {
    if (key === null) throw argumentNull('key');
    const name = String(key);
    const folded = name.toLowerCase();
    const known = this.#found?.get(folded);
    if (known) return known;
    const values = this.#headers.getAll(name);
    if (!values) return undefined;
    const found = netArray('System.String', [...values]);
    this.#found ??= new Map();
    this.#found.set(folded, found);
    return found;
  }
  *entries(): Iterable<readonly [string, Uniform]> {
    for (const name of this.#names()) yield [name, this.find(name)];
  }
  /** Each once, as it was first spelled. */
  #names(): string[] {
    const names = new Map<string, string>();
    for (const [name] of this.#headers.entries()) {
      const folded = name.toLowerCase();
      if (!names.has(folded)) names.set(folded, name);
    }
    return [...names.values()];
  }
}

/** `string -> T` over a map of the host. */
export class MapDictionary extends HostDictionary {
  readonly [netType]: string;
  readonly #map: ReadonlyMap<string, Uniform>;
  constructor(valueType: string, map: ReadonlyMap<string, Uniform>) {
    super();
    this[netType] = `System.Collections.Generic.Dictionary<System.String, ${valueType}>`;
    this.#map = map;
  }
  get count(): number {
    return this.#map.size;
  }
  find(key: Uniform): Uniform | undefined {
    if (key === null) throw argumentNull('key');
    return this.#map.get(String(key));
  }
  entries(): Iterable<readonly [string, Uniform]> {
    return this.#map.entries();
  }
}

export function headersDictionary(headers: HeadersView): HostDictionary {
  return new HeadersDictionary(headers.clone());
}

/** The query of a URL, decoded: `+` is a space. A name without `=` has the empty value. */
export function queryDictionary(url: UrlView): ValuesDictionary {
  return new ValuesDictionary(queryPairs(url.queryString.replace(/^\?/, '')));
}

export function* queryPairs(query: string): Iterable<readonly [string, string]> {
  charge(query.length / 16);
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    yield equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
  }
}

/** Percent-decoding that leaves what is malformed as it is. */
function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  return spaced.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}
