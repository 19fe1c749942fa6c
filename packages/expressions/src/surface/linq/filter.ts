import { collect } from '../../runtime/collection-access.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { invalidCast, nullReference } from '../../runtime/exceptions.ts';
import { typeNameOf, type Uniform } from '../../runtime/values.ts';
import { generic, type Implementation } from '../declare.ts';
import { type Fn, indexed, lazy, required } from './arguments.ts';

function where(source: Uniform, predicate: Fn | null) {
  const test = required(predicate, 'predicate');
  return lazy(source, function* () {
    for (const [item, index] of indexed(source)) if (test(item, index) === true) yield item;
  });
}

function take(source: Uniform, count: number) {
  return lazy(source, function* () {
    let left = count;
    if (left <= 0) return;
    for (const item of stepThrough(source)) {
      yield item;
      if (--left <= 0) return;
    }
  });
}

function skip(source: Uniform, count: number) {
  return lazy(source, function* () {
    let left = count;
    for (const item of stepThrough(source)) if (left-- <= 0) yield item;
  });
}

function takeWhile(source: Uniform, predicate: Fn | null) {
  const test = required(predicate, 'predicate');
  return lazy(source, function* () {
    for (const [item, index] of indexed(source)) {
      if (test(item, index) !== true) return;
      yield item;
    }
  });
}

function skipWhile(source: Uniform, predicate: Fn | null) {
  const test = required(predicate, 'predicate');
  return lazy(source, function* () {
    let skipping = true;
    for (const [item, index] of indexed(source)) {
      if (skipping) skipping = test(item, index) === true;
      if (!skipping) yield item;
    }
  });
}

function ofType(source: Uniform, test: ((value: unknown) => boolean) | undefined) {
  return lazy(source, function* () {
    for (const item of stepThrough(source)) if (item !== null && test?.(item)) yield item;
  });
}

/** An unboxing cast: null is a NullReferenceException for value types. */
function cast(
  source: Uniform,
  type: { name: string; defaultValue: unknown; test(value: unknown): boolean } | undefined,
) {
  return lazy(source, function* () {
    for (const item of stepThrough(source)) {
      if (item === null && type && type.defaultValue !== null) throw nullReference();
      if (item !== null && type && !type.test(item)) {
        throw invalidCast(typeNameOf(item) ?? 'System.Object', type.name);
      }
      yield item;
    }
  });
}

function takeLast(source: Uniform, count: number) {
  return lazy(source, function* () {
    if (count > 0) yield* collect(source).slice(-count);
  });
}

function skipLast(source: Uniform, count: number) {
  return lazy(source, function* () {
    const items = collect(source);
    yield* items.slice(0, Math.max(items.length - Math.max(count, 0), 0));
  });
}

/** Where, OfType, Cast, Take and Skip: what an enumerable keeps of its source. Deferred. */
export const filterMembers: Readonly<Record<string, Implementation>> = {
  'static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)': where,
  'static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)':
    where,
  'static IEnumerable<TResult> OfType<TResult>(this System.Collections.IEnumerable source)': generic(
    ([type], source: Uniform) => ofType(source, type && ((value) => type.test(value))),
  ),
  'static IEnumerable<TResult> Cast<TResult>(this System.Collections.IEnumerable source)': generic(
    ([type], source: Uniform) => cast(source, type),
  ),
  'static IEnumerable<TSource> Take<TSource>(this IEnumerable<TSource> source, int count)': take,
  'static IEnumerable<TSource> Skip<TSource>(this IEnumerable<TSource> source, int count)': skip,
  'static IEnumerable<TSource> TakeLast<TSource>(this IEnumerable<TSource> source, int count)': takeLast,
  'static IEnumerable<TSource> SkipLast<TSource>(this IEnumerable<TSource> source, int count)': skipLast,
  'static IEnumerable<TSource> TakeWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)':
    takeWhile,
  'static IEnumerable<TSource> TakeWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)':
    takeWhile,
  'static IEnumerable<TSource> SkipWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)':
    skipWhile,
  'static IEnumerable<TSource> SkipWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)':
    skipWhile,
};
