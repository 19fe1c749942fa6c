import { charge } from '../../runtime/budget.ts';
import { collect } from '../../runtime/collection-access.ts';
import { iterate, stepThrough } from '../../runtime/enumerate.ts';
import { argumentOutOfRange } from '../../runtime/exceptions.ts';
import { arrayFrom } from '../../runtime/make-array.ts';
import { Sequence } from '../../runtime/sequence.ts';
import { NetTuple } from '../../runtime/tuple.ts';
import { netArray, type Uniform } from '../../runtime/values.ts';
import { generic, type Implementation } from '../declare.ts';
import { type Fn, indexed, lazy, required } from './arguments.ts';

function select(source: Uniform, selector: Fn | null) {
  const map = required(selector, 'selector');
  return lazy(source, function* () {
    for (const [item, index] of indexed(source)) yield map(item, index);
  });
}

function selectMany(source: Uniform, collection: Fn | null, result: Fn | null) {
  const many = required(collection, 'selector');
  return lazy(source, function* () {
    for (const [item, index] of indexed(source)) {
      for (const inner of stepThrough(many(item, index))) yield result ? result(item, inner) : inner;
    }
  });
}

function zip(first: Uniform, second: Uniform, result: Fn) {
  required(first, 'first');
  required(second, 'second');
  return new Sequence(function* () {
    const others = iterate(second)[Symbol.iterator]();
    for (const item of stepThrough(first)) {
      const other = others.next();
      if (other.done) return;
      yield result(item, other.value);
    }
  });
}

function range(start: number, count: number) {
  if (count < 0 || start + count - 1 > 2_147_483_647) throw argumentOutOfRange('count');
  return new Sequence(function* () {
    for (let i = 0; i < count; i++) {
      charge();
      yield start + i;
    }
  });
}

function repeat(element: Uniform, count: number) {
  if (count < 0) throw argumentOutOfRange('count');
  return new Sequence(function* () {
    for (let i = 0; i < count; i++) {
      charge();
      yield element;
    }
  });
}

function defaultIfEmpty(source: Uniform, value: Uniform) {
  return lazy(source, function* () {
    let empty = true;
    for (const item of stepThrough(source)) {
      empty = false;
      yield item;
    }
    if (empty) yield value;
  });
}

function chunk(type: string, source: Uniform, size: number) {
  if (size < 1) throw argumentOutOfRange('size');
  return lazy(source, function* () {
    let items: Uniform[] = [];
    for (const item of stepThrough(source)) {
      items.push(item);
      if (items.length === size) {
        yield arrayFrom(type, items);
        items = [];
      }
    }
    if (items.length > 0) yield arrayFrom(type, items);
  });
}

/** Select, SelectMany, Zip, and the sequences from nothing. Deferred. */
export const projectMembers: Readonly<Record<string, Implementation>> = {
  'static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)':
    select,
  'static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, int, TResult> selector)':
    select,
  'static IEnumerable<TResult> SelectMany<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, IEnumerable<TResult>> selector)':
    (source: Uniform, selector: Fn | null) => selectMany(source, selector, null),
  'static IEnumerable<TResult> SelectMany<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, int, IEnumerable<TResult>> selector)':
    (source: Uniform, selector: Fn | null) => selectMany(source, selector, null),
  'static IEnumerable<TResult> SelectMany<TSource, TCollection, TResult>(this IEnumerable<TSource> source, Func<TSource, IEnumerable<TCollection>> collectionSelector, Func<TSource, TCollection, TResult> resultSelector)':
    (source: Uniform, selector: Fn | null, result: Fn | null) =>
      selectMany(source, selector, required(result, 'resultSelector')),
  'static IEnumerable<TResult> SelectMany<TSource, TCollection, TResult>(this IEnumerable<TSource> source, Func<TSource, int, IEnumerable<TCollection>> collectionSelector, Func<TSource, TCollection, TResult> resultSelector)':
    (source: Uniform, selector: Fn | null, result: Fn | null) =>
      selectMany(source, selector, required(result, 'resultSelector')),
  'static IEnumerable<TResult> Zip<TFirst, TSecond, TResult>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second, Func<TFirst, TSecond, TResult> resultSelector)':
    (first: Uniform, second: Uniform, result: Fn | null) => zip(first, second, required(result, 'resultSelector')),
  'static IEnumerable<(TFirst First, TSecond Second)> Zip<TFirst, TSecond>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second)':
    (first: Uniform, second: Uniform) => zip(first, second, (a, b) => new NetTuple('System.ValueTuple', [a, b])),
  'static IEnumerable<int> Range(int start, int count)': range,
  'static IEnumerable<TResult> Repeat<TResult>(TResult element, int count)': repeat,
  'static IEnumerable<TResult> Empty<TResult>()': generic(([type]) => netArray(type?.name ?? 'System.Object', [])),
  'static IEnumerable<TSource> DefaultIfEmpty<TSource>(this IEnumerable<TSource> source)': generic(
    ([type], source: Uniform) => defaultIfEmpty(source, type?.defaultValue ?? null),
  ),
  'static IEnumerable<TSource> DefaultIfEmpty<TSource>(this IEnumerable<TSource> source, TSource defaultValue)':
    defaultIfEmpty,
  'static IEnumerable<TSource> AsEnumerable<TSource>(this IEnumerable<TSource> source)': (source: Uniform) => source,
  'static IEnumerable<TSource> Append<TSource>(this IEnumerable<TSource> source, TSource element)': (
    source: Uniform,
    element: Uniform,
  ) =>
    lazy(source, function* () {
      yield* stepThrough(source);
      yield element;
    }),
  'static IEnumerable<TSource> Prepend<TSource>(this IEnumerable<TSource> source, TSource element)': (
    source: Uniform,
    element: Uniform,
  ) =>
    lazy(source, function* () {
      yield element;
      yield* stepThrough(source);
    }),
  'static IEnumerable<TSource> Reverse<TSource>(this IEnumerable<TSource> source)': (source: Uniform) =>
    lazy(source, function* () {
      const items = collect(source);
      for (let i = items.length - 1; i >= 0; i--) yield items[i];
    }),
  'static IEnumerable<TSource[]> Chunk<TSource>(this IEnumerable<TSource> source, int size)': generic(
    ([type], source: Uniform, size: number) => chunk(type?.name ?? 'System.Object', source, size),
  ),
};
