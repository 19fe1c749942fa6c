/** The comparers of .NET as objects: `StringComparer.*`, `EqualityComparer<T>.Default`, `Comparer<T>.Default`. */
import type { EqualityComparer, OrderComparer } from './collection-protocol.ts';
import {
  compareCulture,
  compareCultureIgnoreCase,
  compareOrdinal,
  compareOrdinalIgnoreCase,
  toUpperInvariant,
} from './compare-string.ts';
import { argumentException } from './exceptions.ts';
import { compareOf, equalsOf, hashOf, hashString } from './object.ts';
import { netType, type Uniform } from './values.ts';

type Compare = (a: string, b: string) => number;

/** `System.StringComparer`: values that are not strings fall back to their own Equals and order. */
export class StringComparer implements EqualityComparer, OrderComparer {
  readonly [netType] = 'System.StringComparer';
  readonly #compare: Compare;
  readonly #key: (text: string) => string;
  constructor(compare: Compare, key: (text: string) => string) {
    this.#compare = compare;
    this.#key = key;
  }
  equals(a: Uniform, b: Uniform): boolean {
    return typeof a === 'string' && typeof b === 'string' ? this.#compare(a, b) === 0 : equalsOf(a, b);
  }
  hash(value: Uniform): number {
    return typeof value === 'string' ? hashString(this.#key(value)) : hashOf(value);
  }
  compare(a: Uniform, b: Uniform): number {
    return typeof a === 'string' && typeof b === 'string' ? this.#compare(a, b) : compareOf(a, b);
  }
}

/** Strings that collate as equal have equal keys: canonical decomposition, and upper case where case does not count. */
const decomposed = (text: string) => text.normalize('NFD');
const decomposedUpper = (text: string) => toUpperInvariant(text).normalize('NFD');

export const ordinal = new StringComparer(compareOrdinal, (text) => text);
export const ordinalIgnoreCase = new StringComparer(compareOrdinalIgnoreCase, toUpperInvariant);
export const invariantCulture = new StringComparer(compareCulture, decomposed);
export const invariantCultureIgnoreCase = new StringComparer(compareCultureIgnoreCase, decomposedUpper);

/** By the value of `System.StringComparison`: 0 and 2 are the cultures, 4 and 5 the ordinals; odd ones ignore case. */
export function comparerFor(comparison: number): StringComparer {
  switch (comparison) {
    case 0:
    case 2:
      return invariantCulture;
    case 1:
    case 3:
      return invariantCultureIgnoreCase;
    case 4:
      return ordinal;
    case 5:
      return ordinalIgnoreCase;
    default:
      throw argumentException('The string comparison type passed in is currently not supported.', 'comparisonType');
  }
}

export const ignoresCase = (comparison: number) => comparison % 2 === 1;

/** `EqualityComparer<T>.Default` and `Comparer<T>.Default`. */
export class DefaultComparer implements EqualityComparer, OrderComparer {
  readonly [netType] = 'System.Collections.Generic.Comparer';
  equals(a: Uniform, b: Uniform): boolean {
    return equalsOf(a, b);
  }
  hash(value: Uniform): number {
    return hashOf(value);
  }
  compare(a: Uniform, b: Uniform): number {
    return compareOf(a, b);
  }
}

export const defaultComparer = new DefaultComparer();

/** `Comparer<T>.Create(comparison)`. */
export class ComparisonComparer implements OrderComparer {
  readonly [netType] = 'System.Collections.Generic.Comparer';
  readonly #comparison: (a: Uniform, b: Uniform) => unknown;
  constructor(comparison: (a: Uniform, b: Uniform) => unknown) {
    this.#comparison = comparison;
  }
  compare(a: Uniform, b: Uniform): number {
    return Number(this.#comparison(a, b));
  }
}
