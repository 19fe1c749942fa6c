import type { Constant } from './bound.ts';
import { isLong, rangeOf } from './primitives.ts';

type Value = Constant['value'];

/** A numeric constant as another type: wrapped when it does not fit, with `overflow` set. */
export function foldConversion(value: Value, to: string): { value: Value; overflow: boolean } {
  if (typeof value !== 'number' && typeof value !== 'bigint') return { value, overflow: false };
  if (to === 'double') return { value: Number(value), overflow: false };
  if (to === 'float') return { value: Math.fround(Number(value)), overflow: false };
  const range = rangeOf(to);
  if (!range) return { value, overflow: false };
  if (typeof value === 'number' && !Number.isFinite(value)) return { value: isLong(to) ? 0n : 0, overflow: true };
  const whole = typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
  const fitted = fit(whole, range);
  return { value: isLong(to) ? fitted : Number(fitted), overflow: fitted !== whole };
}

/** Wraps as unchecked arithmetic does. */
function fit(value: bigint, [least, most]: readonly [bigint, bigint]): bigint {
  const size = most - least + 1n;
  const wrapped = (((value - least) % size) + size) % size;
  return wrapped + least;
}

export type Folded = { readonly value: Value; readonly problem?: 'overflow' | 'zero' } | undefined;

/** Arithmetic, comparison and logic on constants of one type; undefined when the operator does not fold. */
export function foldBinary(operator: string, kind: string, a: Value, b: Value): Folded {
  if (kind === 'string') return foldString(operator, a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return foldBoolean(operator, a, b);
  if ((typeof a !== 'number' && typeof a !== 'bigint') || (typeof b !== 'number' && typeof b !== 'bigint'))
    return undefined;
  const compared = compare(operator, a, b);
  if (compared !== undefined) return { value: compared };
  return kind === 'double' || kind === 'float'
    ? foldReal(operator, kind, Number(a), Number(b))
    : foldInteger(operator, kind, BigInt(a), BigInt(b));
}

function foldString(operator: string, a: Value, b: Value): Folded {
  if (operator === '==') return { value: a === b };
  if (operator === '!=') return { value: a !== b };
  return undefined;
}

function foldBoolean(operator: string, a: boolean, b: boolean): Folded {
  switch (operator) {
    case '&':
    case '&&':
      return { value: a && b };
    case '|':
    case '||':
      return { value: a || b };
    case '^':
    case '!=':
      return { value: a !== b };
    case '==':
      return { value: a === b };
  }
  return undefined;
}

function compare(operator: string, a: number | bigint, b: number | bigint): boolean | undefined {
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
  return undefined;
}

function foldReal(operator: string, kind: string, a: number, b: number): Folded {
  const round = kind === 'float' ? Math.fround : (x: number) => x;
  switch (operator) {
    case '+':
      return { value: round(a + b) };
    case '-':
      return { value: round(a - b) };
    case '*':
      return { value: round(a * b) };
    case '/':
      return { value: round(a / b) };
    case '%':
      return { value: round(a % b) };
  }
  return undefined;
}

function foldInteger(operator: string, kind: string, a: bigint, b: bigint): Folded {
  const range = rangeOf(kind);
  if (!range) return undefined;
  const exact = integer(operator, kind, a, b);
  if (exact === undefined) return undefined;
  if (exact === 'zero') return { value: 0, problem: 'zero' };
  const fitted = fit(exact, range);
  const value = isLong(kind) ? fitted : Number(fitted);
  return fitted !== exact && operator !== '<<' ? { value, problem: 'overflow' } : { value };
}

function integer(operator: string, kind: string, a: bigint, b: bigint): bigint | 'zero' | undefined {
  const bits = isLong(kind) ? 63n : 31n;
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? 'zero' : a / b;
    case '%':
      return b === 0n ? 'zero' : a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return a << (b & bits);
    case '>>':
      return a >> (b & bits);
  }
  return undefined;
}

export function foldUnary(operator: string, kind: string, a: Value): Folded {
  if (operator === '!') return typeof a === 'boolean' ? { value: !a } : undefined;
  if (typeof a !== 'number' && typeof a !== 'bigint') return undefined;
  if (operator === '+') return { value: a };
  if (kind === 'double' || kind === 'float') return operator === '-' ? { value: -Number(a) } : undefined;
  const range = rangeOf(kind);
  if (!range) return undefined;
  const exact = operator === '-' ? -BigInt(a) : ~BigInt(a);
  const fitted = fit(exact, range);
  const value = isLong(kind) ? fitted : Number(fitted);
  return fitted !== exact && operator === '-' ? { value, problem: 'overflow' } : { value };
}
