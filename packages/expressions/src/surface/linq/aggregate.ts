import { containsItem, knownCount } from '../../runtime/collection-access.ts';
import type { EqualityComparer, OrderComparer } from '../../runtime/collection-protocol.ts';
import { Decimal } from '../../runtime/decimal.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { invalidOperation, overflow } from '../../runtime/exceptions.ts';
import { NetSet } from '../../runtime/net-set.ts';
import { compareOf, comparePrimitive, equalsOf } from '../../runtime/object.ts';
import { type Uniform, unbox } from '../../runtime/values.ts';
import { generic, type Implementation } from '../declare.ts';
import { type Fn, required } from './arguments.ts';

const noElements = () => invalidOperation('Sequence contains no elements');
const start = 'this IEnumerable<TSource> source';
const selecting = (type: string) => `${start}, Func<TSource, ${type}> selector`;

/** What an aggregate over one of LINQ's five numeric types does; values are RAW. */
interface Numbers<T> {
  readonly keyword: string;
  readonly zero: T;
  /** Of Average. */
  readonly quotient: 'double' | 'float' | 'decimal';
  add(sum: T, value: T): T;
  divide(sum: T, count: number): unknown;
  compare(a: T, b: T): number;
}

const checked = (value: number) => {
  if (value > 2_147_483_647 || value < -2_147_483_648) throw overflow();
  return value;
};
const checkedLong = (value: bigint) => {
  if (BigInt.asIntN(64, value) !== value) throw overflow();
  return value;
};

const ints: Numbers<number> = {
  keyword: 'int',
  zero: 0,
  quotient: 'double',
  add: (sum, value) => checked(sum + value),
  divide: (sum, count) => sum / count,
  compare: comparePrimitive,
};
const longs: Numbers<bigint> = {
  keyword: 'long',
  zero: 0n,
  quotient: 'double',
  add: (sum, value) => checkedLong(sum + value),
  divide: (sum, count) => Number(sum) / count,
  compare: comparePrimitive,
};
const doubles: Numbers<number> = {
  keyword: 'double',
  zero: 0,
  quotient: 'double',
  add: (sum, value) => sum + value,
  divide: (sum, count) => sum / count,
  compare: comparePrimitive,
};
// The sum of floats is kept as a double and rounded at the end.
const floats: Numbers<number> = {
  ...doubles,
  keyword: 'float',
  quotient: 'float',
  divide: (sum, count) => Math.fround(sum / count),
};
const decimals: Numbers<Decimal> = {
  keyword: 'decimal',
  zero: Decimal.zero,
  quotient: 'decimal',
  add: (sum, value) => sum.add(value),
  divide: (sum, count) => sum.divide(Decimal.fromInteger(count)),
  compare: (a, b) => a.compare(b),
};

/** The RAW numbers of a sequence, without the nulls of a nullable one. */
function* numbersOf<T>(source: Uniform, selector: Fn | null): Generator<T, undefined> {
  for (const item of stepThrough(source)) {
    const value = unbox(selector ? selector(item) : item);
    if (value !== null) yield value as T;
  }
}

function sum<T>(numbers: Numbers<T>, source: Uniform, selector: Fn | null): unknown {
  let total = numbers.zero;
  for (const value of numbersOf<T>(source, selector)) total = numbers.add(total, value);
  return numbers.keyword === 'float' ? Math.fround(Number(total)) : total;
}

/** The average of ints is taken over a long sum, so that it does not overflow. */
function average<T>(numbers: Numbers<T>, source: Uniform, selector: Fn | null): unknown {
  if (numbers.keyword === 'int') return averageOfInts(source, selector);
  let total = numbers.zero;
  let count = 0;
  for (const value of numbersOf<T>(source, selector)) {
    total = numbers.add(total, value);
    count++;
  }
  return count === 0 ? null : numbers.divide(total, count);
}

function averageOfInts(source: Uniform, selector: Fn | null): number | null {
  let total = 0;
  let count = 0;
  for (const value of numbersOf<number>(source, selector)) {
    total += value;
    count++;
  }
  return count === 0 ? null : total / count;
}

function extreme<T>(numbers: Numbers<T>, sign: number, source: Uniform, selector: Fn | null): T | null {
  let found: T | null = null;
  for (const value of numbersOf<T>(source, selector)) {
    if (found === null || numbers.compare(value, found) * sign > 0) found = value;
  }
  return found;
}

const numericMembers: Record<string, Implementation> = {};

function declareNumbers<T>(numbers: Numbers<T>): void {
  const { keyword, quotient } = numbers;
  const least = (source: Uniform, selector: Fn | null) => extreme(numbers, -1, source, selector);
  const greatest = (source: Uniform, selector: Fn | null) => extreme(numbers, 1, source, selector);
  const all = [
    ['Sum', keyword, (source: Uniform, selector: Fn | null) => sum(numbers, source, selector)],
    ['Average', quotient, (source: Uniform, selector: Fn | null) => average(numbers, source, selector)],
    ['Min', keyword, least],
    ['Max', keyword, greatest],
  ] as const;
  for (const [name, result, call] of all) {
    const orThrow = (source: Uniform, selector: Fn | null) => {
      const value = call(required(source, 'source'), selector);
      if (value === null) throw noElements();
      return value;
    };
    const orNull = (source: Uniform, selector: Fn | null) => call(required(source, 'source'), selector);
    numericMembers[`static ${result} ${name}(this IEnumerable<${keyword}> source)`] = (source: Uniform) =>
      orThrow(source, null);
    numericMembers[`static ${result} ${name}<TSource>(${selecting(keyword)})`] = (source: Uniform, fn: Fn | null) =>
      orThrow(source, required(fn, 'selector'));
    numericMembers[`static ${result}? ${name}(this IEnumerable<${keyword}?> source)`] = (source: Uniform) =>
      orNull(source, null);
    numericMembers[`static ${result}? ${name}<TSource>(${selecting(`${keyword}?`)})`] = (
      source: Uniform,
      fn: Fn | null,
    ) => orNull(source, required(fn, 'selector'));
  }
}
declareNumbers(ints);
declareNumbers(longs);
declareNumbers(doubles);
declareNumbers(floats);
declareNumbers(decimals);

/** Min and Max of anything with an order; nulls do not count. A value type must have an element. */
function extremeOf(sign: number, source: Uniform, selector: Fn | null, nullable: boolean): Uniform {
  let found: Uniform = null;
  for (const item of stepThrough(required(source, 'source'))) {
    const value = selector ? selector(item) : item;
    if (value !== null && (found === null || compareOf(value, found) * sign > 0)) found = value;
  }
  if (found === null && !nullable) throw noElements();
  return found;
}

function extremeBy(sign: number, source: Uniform, keySelector: Fn | null, comparer: OrderComparer | null): Uniform {
  const key = required(keySelector, 'keySelector');
  const compare = comparer ? comparer.compare.bind(comparer) : compareOf;
  let found: Uniform = null;
  let best: Uniform = null;
  for (const item of stepThrough(required(source, 'source'))) {
    const value = key(item);
    if (best === null ? value !== null || found === null : value !== null && compare(value, best) * sign > 0) {
      found = item;
      best = value;
    }
  }
  return found;
}

const extremeMembers: Record<string, Implementation> = {};
for (const [name, sign] of [
  ['Min', -1],
  ['Max', 1],
] as const) {
  extremeMembers[`static TSource ${name}<TSource>(${start})`] = generic(([type], source: Uniform) =>
    extremeOf(sign, source, null, type?.defaultValue === null),
  );
  extremeMembers[`static TResult ${name}<TSource, TResult>(${selecting('TResult')})`] = generic(
    ([, type], source: Uniform, selector: Fn | null) =>
      extremeOf(sign, source, required(selector, 'selector'), type?.defaultValue === null),
  );
  extremeMembers[`static TSource ${name}By<TSource, TKey>(${start}, Func<TSource, TKey> keySelector)`] = (
    source: Uniform,
    key: Fn | null,
  ) => extremeBy(sign, source, key, null);
}

function count(source: Uniform, predicate: Fn | null): number {
  const known = predicate ? undefined : knownCount(required(source, 'source'));
  if (known !== undefined) return known;
  let total = 0;
  for (const item of stepThrough(source)) if (!predicate || predicate(item) === true) total++;
  return total;
}

function any(source: Uniform, predicate: Fn | null): boolean {
  for (const item of stepThrough(source)) if (!predicate || predicate(item) === true) return true;
  return false;
}

function aggregate(source: Uniform, seed: Uniform, func: Fn | null): Uniform {
  const fold = required(func, 'func');
  let value = seed;
  for (const item of stepThrough(source)) value = fold(value, item);
  return value;
}

function reduce(source: Uniform, func: Fn | null): Uniform {
  const fold = required(func, 'func');
  let value: Uniform;
  let empty = true;
  for (const item of stepThrough(source)) {
    value = empty ? item : fold(value, item);
    empty = false;
  }
  if (empty) throw noElements();
  return value;
}

function contains(source: Uniform, value: Uniform, comparer: EqualityComparer | null): boolean {
  if (!comparer && source instanceof NetSet) return containsItem(source, value);
  const equals = comparer ? comparer.equals.bind(comparer) : equalsOf;
  for (const item of stepThrough(source)) if (equals(item, value)) return true;
  return false;
}

/** Sum, Average, Min, Max, Count, Any, All, Aggregate, Contains: one value of a whole sequence. */
export const aggregateMembers: Readonly<Record<string, Implementation>> = {
  ...numericMembers,
  ...extremeMembers,
  [`static int Count<TSource>(${start})`]: (source: Uniform) => count(source, null),
  [`static int Count<TSource>(${start}, Func<TSource, bool> predicate)`]: (source: Uniform, predicate: Fn | null) =>
    count(source, required(predicate, 'predicate')),
  [`static long LongCount<TSource>(${start})`]: (source: Uniform) => BigInt(count(source, null)),
  [`static long LongCount<TSource>(${start}, Func<TSource, bool> predicate)`]: (
    source: Uniform,
    predicate: Fn | null,
  ) => BigInt(count(source, required(predicate, 'predicate'))),
  [`static bool Any<TSource>(${start})`]: (source: Uniform) => any(source, null),
  [`static bool Any<TSource>(${start}, Func<TSource, bool> predicate)`]: (source: Uniform, predicate: Fn | null) =>
    any(source, required(predicate, 'predicate')),
  [`static bool All<TSource>(${start}, Func<TSource, bool> predicate)`]: (source: Uniform, predicate: Fn | null) => {
    const test = required(predicate, 'predicate');
    return !any(source, (item) => test(item) !== true);
  },
  [`static TSource Aggregate<TSource>(${start}, Func<TSource, TSource, TSource> func)`]: reduce,
  [`static TAccumulate Aggregate<TSource, TAccumulate>(${start}, TAccumulate seed, Func<TAccumulate, TSource, TAccumulate> func)`]:
    aggregate,
  [`static TResult Aggregate<TSource, TAccumulate, TResult>(${start}, TAccumulate seed, Func<TAccumulate, TSource, TAccumulate> func, Func<TAccumulate, TResult> resultSelector)`]:
    (source: Uniform, seed: Uniform, func: Fn | null, result: Fn | null) =>
      required(result, 'resultSelector')(aggregate(source, seed, func)),
  [`static bool Contains<TSource>(${start}, TSource value)`]: (source: Uniform, value: Uniform) =>
    contains(source, value, null),
  [`static bool Contains<TSource>(${start}, TSource value, IEqualityComparer<TSource> comparer)`]: contains,
};
