import { charge, chargeMemory } from './budget.ts';
import type { DictionaryLike, OrderComparer } from './collection-protocol.ts';
import { defaultComparer } from './comparers.ts';
import { argumentException, argumentNull } from './exceptions.ts';
import { collectionModified } from './hash-table.ts';
import { KeyValuePair } from './key-value-pair.ts';
import { netType, type Uniform } from './values.ts';

/** `SortedDictionary<TKey, TValue>` and `SortedList<TKey, TValue>`: entries in the order of their keys, found by halving. */
export class SortedDictionary implements DictionaryLike {
  readonly [netType]: string;
  readonly comparer: OrderComparer;
  readonly #keys: Uniform[] = [];
  readonly #values: Uniform[] = [];
  #version = 0;

  constructor(name: string, comparer: OrderComparer | null = null, entries: Iterable<KeyValuePair> = []) {
    this[netType] = name;
    this.comparer = comparer ?? defaultComparer;
    for (const { key, value } of entries) this.add(key, value);
  }

  get count(): number {
    return this.#keys.length;
  }

  find(key: Uniform): Uniform | undefined {
    const at = this.#search(key);
    return at < 0 ? undefined : this.#values[at];
  }

  put(key: Uniform, value: Uniform): void {
    const at = this.#search(key);
    if (at >= 0) this.#values[at] = value;
    else this.#insert(~at, key, value);
    this.#version++;
  }

  add(key: Uniform, value: Uniform): void {
    const at = this.#search(key);
    if (at >= 0) throw argumentException('An entry with the same key already exists.');
    this.#insert(~at, key, value);
    this.#version++;
  }

  remove(key: Uniform): boolean {
    const at = this.#search(key);
    if (at < 0) return false;
    charge((this.count - at) >> 6);
    this.#keys.splice(at, 1);
    this.#values.splice(at, 1);
    this.#version++;
    return true;
  }

  clear(): void {
    this.#keys.length = 0;
    this.#values.length = 0;
    this.#version++;
  }

  /** The position of the key, or -1. */
  indexOf(key: Uniform): number {
    return Math.max(this.#search(key), -1);
  }

  *pairs(): Generator<KeyValuePair, undefined> {
    const version = this.#version;
    for (let i = 0; i < this.#keys.length; i++) {
      yield new KeyValuePair(this.#keys[i], this.#values[i]);
      if (version !== this.#version) throw collectionModified();
    }
  }

  [Symbol.iterator](): Iterator<KeyValuePair> {
    return this.pairs();
  }

  #insert(at: number, key: Uniform, value: Uniform): void {
    chargeMemory(32);
    charge((this.count - at) >> 6);
    this.#keys.splice(at, 0, key);
    this.#values.splice(at, 0, value);
  }

  /** The position, or the complement of where it belongs. */
  #search(key: Uniform): number {
    if (key === null) throw argumentNull('key');
    let low = 0;
    let high = this.#keys.length - 1;
    while (low <= high) {
      charge();
      const middle = (low + high) >> 1;
      const order = this.comparer.compare(this.#keys[middle], key);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return ~low;
  }
}
