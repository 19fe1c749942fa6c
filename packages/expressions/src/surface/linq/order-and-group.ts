import type { EqualityComparer, OrderComparer } from '../../runtime/collection-protocol.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { Lookup } from '../../runtime/lookup.ts';
import { compareOf } from '../../runtime/object.ts';
import { OrderedSequence } from '../../runtime/ordered-sequence.ts';
import { netArray, type Uniform } from '../../runtime/values.ts';
import type { Implementation } from '../declare.ts';
import { type Fn, lazy, required } from './arguments.ts';

const orderOf = (keySelector: Fn | null, comparer: OrderComparer | null | undefined, descending: boolean) => ({
  key: required(keySelector, 'keySelector'),
  compare: comparer ? comparer.compare.bind(comparer) : compareOf,
  descending,
});

const orderBy = (descending: boolean) => (source: Uniform, key: Fn | null, comparer?: OrderComparer | null) =>
  new OrderedSequence(required(source, 'source'), [orderOf(key, comparer, descending)]);

const thenBy =
  (descending: boolean) => (source: OrderedSequence | null, key: Fn | null, comparer?: OrderComparer | null) =>
    required(source, 'source').thenBy(orderOf(key, comparer, descending));

const orders: Record<string, Implementation> = {};
for (const suffix of ['', 'Descending']) {
  const tail = ['', ', IComparer<TKey> comparer'];
  for (const comparer of tail) {
    orders[
      `static IOrderedEnumerable<TSource> OrderBy${suffix}<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector${comparer})`
    ] = orderBy(suffix !== '');
    orders[
      `static IOrderedEnumerable<TSource> ThenBy${suffix}<TSource, TKey>(this IOrderedEnumerable<TSource> source, Func<TSource, TKey> keySelector${comparer})`
    ] = thenBy(suffix !== '');
  }
}

type Comparer = EqualityComparer | null;

/** Groups as they are, or what `result` makes of each. Deferred. */
function groupBy(source: Uniform, keySelector: Fn | null, element: Fn | null, result: Fn | null, comparer: Comparer) {
  const key = required(keySelector, 'keySelector');
  return lazy(source, function* () {
    for (const group of Lookup.of(source, key, element, comparer)) yield result ? result(group.key, group) : group;
  });
}

const groups: Record<string, Implementation> = {};
for (const comparer of [false, true]) {
  const tail = comparer ? ', IEqualityComparer<TKey> comparer' : '';
  const start = 'this IEnumerable<TSource> source, Func<TSource, TKey> keySelector';
  const elements = ', Func<TSource, TElement> elementSelector';
  groups[`static IEnumerable<IGrouping<TKey, TSource>> GroupBy<TSource, TKey>(${start}${tail})`] = (
    source: Uniform,
    key: Fn | null,
    by: Comparer = null,
  ) => groupBy(source, key, null, null, by);
  groups[`static IEnumerable<IGrouping<TKey, TElement>> GroupBy<TSource, TKey, TElement>(${start}${elements}${tail})`] =
    (source: Uniform, key: Fn | null, element: Fn | null, by: Comparer = null) =>
      groupBy(source, key, required(element, 'elementSelector'), null, by);
  groups[
    `static IEnumerable<TResult> GroupBy<TSource, TKey, TResult>(${start}, Func<TKey, IEnumerable<TSource>, TResult> resultSelector${tail})`
  ] = (source: Uniform, key: Fn | null, result: Fn | null, by: Comparer = null) =>
    groupBy(source, key, null, required(result, 'resultSelector'), by);
  groups[
    `static IEnumerable<TResult> GroupBy<TSource, TKey, TElement, TResult>(${start}${elements}, Func<TKey, IEnumerable<TElement>, TResult> resultSelector${tail})`
  ] = (source: Uniform, key: Fn | null, element: Fn | null, result: Fn | null, by: Comparer = null) =>
    groupBy(source, key, required(element, 'elementSelector'), required(result, 'resultSelector'), by);
  groups[`static ILookup<TKey, TSource> ToLookup<TSource, TKey>(${start}${tail})`] = (
    source: Uniform,
    key: Fn | null,
    by: Comparer = null,
  ) => Lookup.of(source, required(key, 'keySelector'), null, by);
  groups[`static ILookup<TKey, TElement> ToLookup<TSource, TKey, TElement>(${start}${elements}${tail})`] = (
    source: Uniform,
    key: Fn | null,
    element: Fn | null,
    by: Comparer = null,
  ) => Lookup.of(source, required(key, 'keySelector'), required(element, 'elementSelector'), by);
}

/** A null key joins nothing. */
function join(outer: Uniform, inner: Uniform, outerKey: Fn, innerKey: Fn, result: Fn, comparer: Comparer = null) {
  required(inner, 'inner');
  return lazy(
    outer,
    function* () {
      const lookup = Lookup.of(inner, innerKey, null, comparer);
      for (const item of stepThrough(outer)) {
        const key = outerKey(item);
        if (key === null) continue;
        for (const match of stepThrough(lookup.find(key) ?? [])) yield result(item, match);
      }
    },
    'outer',
  );
}

function groupJoin(outer: Uniform, inner: Uniform, outerKey: Fn, innerKey: Fn, result: Fn, comparer: Comparer = null) {
  required(inner, 'inner');
  return lazy(
    outer,
    function* () {
      const lookup = Lookup.of(inner, innerKey, null, comparer);
      for (const item of stepThrough(outer)) {
        const key = outerKey(item);
        yield result(item, (key === null ? undefined : lookup.find(key)) ?? netArray('System.Object', []));
      }
    },
    'outer',
  );
}

const joins: Record<string, Implementation> = {};
const sources =
  'this IEnumerable<TOuter> outer, IEnumerable<TInner> inner, Func<TOuter, TKey> outerKeySelector, Func<TInner, TKey> innerKeySelector';
for (const tail of ['', ', IEqualityComparer<TKey> comparer']) {
  joins[
    `static IEnumerable<TResult> Join<TOuter, TInner, TKey, TResult>(${sources}, Func<TOuter, TInner, TResult> resultSelector${tail})`
  ] = join;
  joins[
    `static IEnumerable<TResult> GroupJoin<TOuter, TInner, TKey, TResult>(${sources}, Func<TOuter, IEnumerable<TInner>, TResult> resultSelector${tail})`
  ] = groupJoin;
}

/** OrderBy, GroupBy, ToLookup, Join and their kin. */
export const orderAndGroupMembers: Readonly<Record<string, Implementation>> = { ...orders, ...groups, ...joins };
