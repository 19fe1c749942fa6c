import { charge } from '../../runtime/budget.ts';
import type { OrderComparer } from '../../runtime/collection-protocol.ts';
import { iterate } from '../../runtime/enumerate.ts';
import { argumentOutOfRange } from '../../runtime/exceptions.ts';
import { arrayFrom } from '../../runtime/make-array.ts';
import { elementAt, type NetArray, present } from '../../runtime/net-array.ts';
import { compareOf, equalsOf } from '../../runtime/object.ts';
import type { Uniform } from '../../runtime/values.ts';
import { generic, type Implementation } from '../declare.ts';

function indexOf(array: NetArray | null, value: Uniform, start: number, count: number): number {
  const items = present(array);
  if (start < 0 || start > items.length) {
    throw argumentOutOfRange(
      'startIndex',
      'Index was out of range. Must be non-negative and less than the size of the collection.',
    );
  }
  if (count < 0 || start + count > items.length) {
    throw argumentOutOfRange(
      'count',
      'Count must be positive and count must refer to a location within the string/array/collection.',
    );
  }
  charge(count);
  for (let i = start; i < start + count; i++) if (equalsOf(elementAt(items, i), value)) return i;
  return -1;
}

function lastIndexOf(array: NetArray | null, value: Uniform): number {
  const items = present(array);
  charge(items.length);
  for (let i = items.length - 1; i >= 0; i--) if (equalsOf(elementAt(items, i), value)) return i;
  return -1;
}

/** The order of a comparer; of the default one for null. */
export const by = (comparer: OrderComparer | null) =>
  comparer ? (a: Uniform, b: Uniform) => comparer.compare(a, b) : compareOf;

type Predicate = (item: Uniform) => Uniform;

function* matching(array: NetArray | null, match: Predicate | null): Generator<[number, Uniform], undefined> {
  const test = present(match, 'match');
  let i = 0;
  for (const item of iterate(present(array), 'array')) {
    charge();
    if (test(item) === true) yield [i, item];
    i++;
  }
}

function first(array: NetArray | null, match: Predicate | null): [number, Uniform] | undefined {
  for (const found of matching(array, match)) return found;
  return undefined;
}

function last(array: NetArray | null, match: Predicate | null): [number, Uniform] | undefined {
  return [...matching(array, match)].at(-1);
}

function binarySearch(array: NetArray | null, value: Uniform, comparer: OrderComparer | null): number {
  const items = present(array);
  const compare = by(comparer);
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    charge();
    const middle = (low + high) >> 1;
    const order = compare(elementAt(items, middle), value);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return ~low;
}

/** What Array offers to find elements. */
export const arraySearchMembers: Readonly<Record<string, Implementation>> = {
  'static int IndexOf<T>(T[] array, T value)': (array: NetArray | null, value: Uniform) =>
    indexOf(array, value, 0, array?.length ?? 0),
  'static int IndexOf<T>(T[] array, T value, int startIndex)': (
    array: NetArray | null,
    value: Uniform,
    start: number,
  ) => indexOf(array, value, start, (array?.length ?? 0) - start),
  'static int IndexOf<T>(T[] array, T value, int startIndex, int count)': indexOf,
  'static int IndexOf(Array array, object value)': (array: NetArray | null, value: Uniform) =>
    indexOf(array, value, 0, array?.length ?? 0),
  'static int LastIndexOf<T>(T[] array, T value)': lastIndexOf,
  'static int LastIndexOf(Array array, object value)': lastIndexOf,
  'static bool Exists<T>(T[] array, Predicate<T> match)': (array: NetArray | null, match: Predicate | null) =>
    first(array, match) !== undefined,
  'static bool TrueForAll<T>(T[] array, Predicate<T> match)': (array: NetArray | null, match: Predicate | null) =>
    first(array, (item) => present(match, 'match')(item) !== true) === undefined,
  'static T Find<T>(T[] array, Predicate<T> match)': generic(
    ([type], array: NetArray | null, match: Predicate | null) => {
      const found = first(array, match);
      return found ? found[1] : (type?.defaultValue ?? null);
    },
  ),
  'static T FindLast<T>(T[] array, Predicate<T> match)': generic(
    ([type], array: NetArray | null, match: Predicate | null) => {
      const found = last(array, match);
      return found ? found[1] : (type?.defaultValue ?? null);
    },
  ),
  'static T[] FindAll<T>(T[] array, Predicate<T> match)': generic(
    ([type], array: NetArray | null, match: Predicate | null) =>
      arrayFrom(
        type?.name ?? 'System.Object',
        [...matching(array, match)].map(([, item]) => item),
      ),
  ),
  'static int FindIndex<T>(T[] array, Predicate<T> match)': (array: NetArray | null, match: Predicate | null) =>
    first(array, match)?.[0] ?? -1,
  'static int FindLastIndex<T>(T[] array, Predicate<T> match)': (array: NetArray | null, match: Predicate | null) =>
    last(array, match)?.[0] ?? -1,
  'static int BinarySearch<T>(T[] array, T value)': (array: NetArray | null, value: Uniform) =>
    binarySearch(array, value, null),
  'static int BinarySearch<T>(T[] array, T value, IComparer<T> comparer)': binarySearch,
};
