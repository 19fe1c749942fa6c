import type { EqualityComparer } from '../../runtime/collection-protocol.ts';
import { iterate, stepThrough } from '../../runtime/enumerate.ts';
import { NetSet } from '../../runtime/net-set.ts';
import { equalsOf } from '../../runtime/object.ts';
import { Sequence } from '../../runtime/sequence.ts';
import type { Uniform } from '../../runtime/values.ts';
import type { Implementation } from '../declare.ts';
import { type Fn, lazy, required } from './arguments.ts';

type Comparer = EqualityComparer | null | undefined;
const newSet = (comparer: Comparer, items: Iterable<Uniform> = []) =>
  new NetSet('System.Object', comparer ?? null, items);

function twoSources(first: Uniform, second: Uniform, make: () => Iterator<Uniform>): Sequence {
  required(first, 'first');
  required(second, 'second');
  return new Sequence(make);
}

function concat(first: Uniform, second: Uniform) {
  return twoSources(first, second, function* () {
    yield* stepThrough(first);
    yield* stepThrough(second);
  });
}

function distinct(source: Uniform, comparer?: Comparer) {
  return lazy(source, function* () {
    const seen = newSet(comparer);
    for (const item of stepThrough(source)) if (seen.add(item)) yield item;
  });
}

function distinctBy(source: Uniform, keySelector: Fn | null, comparer?: Comparer) {
  const key = required(keySelector, 'keySelector');
  return lazy(source, function* () {
    const seen = newSet(comparer);
    for (const item of stepThrough(source)) if (seen.add(key(item))) yield item;
  });
}

function union(first: Uniform, second: Uniform, comparer?: Comparer) {
  return distinct(concat(first, second), comparer);
}

function intersect(first: Uniform, second: Uniform, comparer?: Comparer) {
  return twoSources(first, second, function* () {
    const wanted = newSet(comparer, stepThrough(second));
    for (const item of stepThrough(first)) if (wanted.remove(item)) yield item;
  });
}

function except(first: Uniform, second: Uniform, comparer?: Comparer) {
  return twoSources(first, second, function* () {
    const seen = newSet(comparer, stepThrough(second));
    for (const item of stepThrough(first)) if (seen.add(item)) yield item;
  });
}

function sequenceEqual(first: Uniform, second: Uniform, comparer?: Comparer): boolean {
  required(first, 'first');
  const equals = comparer ? comparer.equals.bind(comparer) : equalsOf;
  const others = iterate(second, 'second')[Symbol.iterator]();
  for (const item of stepThrough(first)) {
    const other = others.next();
    if (other.done || !equals(item, other.value)) return false;
  }
  return others.next().done === true;
}

const pair = 'this IEnumerable<TSource> first, IEnumerable<TSource> second';
const withComparer = 'IEqualityComparer<TSource> comparer';

/** Concat, and the operations that take their sources for sets. */
export const setMembers: Readonly<Record<string, Implementation>> = {
  [`static IEnumerable<TSource> Concat<TSource>(${pair})`]: concat,
  'static IEnumerable<TSource> Distinct<TSource>(this IEnumerable<TSource> source)': distinct,
  [`static IEnumerable<TSource> Distinct<TSource>(this IEnumerable<TSource> source, ${withComparer})`]: distinct,
  'static IEnumerable<TSource> DistinctBy<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector)':
    distinctBy,
  'static IEnumerable<TSource> DistinctBy<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, IEqualityComparer<TKey> comparer)':
    distinctBy,
  [`static IEnumerable<TSource> Union<TSource>(${pair})`]: union,
  [`static IEnumerable<TSource> Union<TSource>(${pair}, ${withComparer})`]: union,
  [`static IEnumerable<TSource> Intersect<TSource>(${pair})`]: intersect,
  [`static IEnumerable<TSource> Intersect<TSource>(${pair}, ${withComparer})`]: intersect,
  [`static IEnumerable<TSource> Except<TSource>(${pair})`]: except,
  [`static IEnumerable<TSource> Except<TSource>(${pair}, ${withComparer})`]: except,
  [`static bool SequenceEqual<TSource>(${pair})`]: sequenceEqual,
  [`static bool SequenceEqual<TSource>(${pair}, ${withComparer})`]: sequenceEqual,
};
