/**
 * What a runtime class implements to be an `IDictionary`, an `IReadOnlyDictionary`, an `IList`, an `ISet` or a comparer
 * of .NET. The interface declarations of `surface/collections/` call these and nothing else, so that a List, a JArray
 * and an array are one thing to them. Elements, keys and values are UNIFORM.
 */
import type { KeyValuePair } from './key-value-pair.ts';
import type { Uniform } from './values.ts';

export interface Counted {
  readonly count: number;
}

export interface ReadOnlyDictionaryLike extends Counted {
  /** The entries in order. Not `[Symbol.iterator]`: a JObject enumerates as something else when it is an IEnumerable of tokens. */
  pairs(): Iterable<KeyValuePair>;
  /** The value of the key; `undefined` when there is none. A null key is an ArgumentNullException. */
  find(key: Uniform): Uniform | undefined;
}

export interface DictionaryLike extends ReadOnlyDictionaryLike {
  /** Sets; adds when there is none. */
  put(key: Uniform, value: Uniform): void;
  /** Throws ArgumentException when the key exists. */
  add(key: Uniform, value: Uniform): void;
  remove(key: Uniform): boolean;
  clear(): void;
}

/** Indexes are checked by the implementation, which throws ArgumentOutOfRangeException. */
export interface ListLike extends Counted, Iterable<Uniform> {
  at(index: number): Uniform;
  putAt(index: number, value: Uniform): void;
  append(value: Uniform): void;
  insert(index: number, value: Uniform): void;
  removeAt(index: number): void;
  clear(): void;
}

/** `IEqualityComparer<T>`. */
export interface EqualityComparer {
  equals(a: Uniform, b: Uniform): boolean;
  hash(value: Uniform): number;
}

/** `IComparer<T>`. */
export interface OrderComparer {
  compare(a: Uniform, b: Uniform): number;
}

const has = (value: Uniform, ...members: readonly string[]) =>
  typeof value === 'object' && value !== null && members.every((member) => member in value);

export const isReadOnlyDictionary = (value: Uniform): value is ReadOnlyDictionaryLike =>
  has(value, 'find', 'pairs', 'count');
export const isDictionary = (value: Uniform): value is DictionaryLike => has(value, 'find', 'pairs', 'put', 'remove');
export const isListLike = (value: Uniform): value is ListLike => has(value, 'at', 'putAt', 'removeAt', 'count');
export const isCounted = (value: Uniform): value is Counted => has(value, 'count');
export const isEqualityComparer = (value: Uniform): value is EqualityComparer => has(value, 'equals', 'hash');
export const isOrderComparer = (value: Uniform): value is OrderComparer => has(value, 'compare');
