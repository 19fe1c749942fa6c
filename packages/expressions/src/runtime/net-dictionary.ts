import type { DictionaryLike, EqualityComparer } from './collection-protocol.ts';
import { argumentException, argumentNull } from './exceptions.ts';
import { HashTable } from './hash-table.ts';
import { KeyValuePair } from './key-value-pair.ts';
import { netType, type Uniform } from './values.ts';

/** `System.Collections.Generic.Dictionary<TKey, TValue>`. Keys and values are UNIFORM. */
export class NetDictionary implements DictionaryLike {
  readonly [netType]: string;
  readonly #table: HashTable;

  constructor(
    keyType = 'System.Object',
    valueType = 'System.Object',
    comparer: EqualityComparer | null = null,
    entries: Iterable<KeyValuePair> = [],
  ) {
    this[netType] = `System.Collections.Generic.Dictionary<${keyType}, ${valueType}>`;
    this.#table = new HashTable(comparer);
    for (const { key, value } of entries) this.add(key, value);
  }

  get count(): number {
    return this.#table.count;
  }

  /** Null stands for the default comparer. */
  get comparer(): EqualityComparer | null {
    return this.#table.comparer;
  }

  find(key: Uniform): Uniform | undefined {
    return this.#table.find(present(key))?.value;
  }

  put(key: Uniform, value: Uniform): void {
    const entry = this.#table.find(present(key));
    if (entry) entry.value = value;
    else this.#table.add(key, value);
  }

  add(key: Uniform, value: Uniform): void {
    if (!this.tryAdd(key, value)) throw argumentException('An item with the same key has already been added.');
  }

  /** False when the key exists. */
  tryAdd(key: Uniform, value: Uniform): boolean {
    if (this.#table.find(present(key))) return false;
    this.#table.add(key, value);
    return true;
  }

  remove(key: Uniform): boolean {
    return this.#table.remove(present(key));
  }

  clear(): void {
    this.#table.clear();
  }

  *pairs(): Generator<KeyValuePair, undefined> {
    for (const { key, value } of this.#table) yield new KeyValuePair(key, value);
  }

  [Symbol.iterator](): Iterator<KeyValuePair> {
    return this.pairs();
  }
}

function present(key: Uniform): Uniform {
  if (key === null) throw argumentNull('key');
  return key;
}
