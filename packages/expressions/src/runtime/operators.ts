/** Operators of the language that one JavaScript operator does not give. The emitted code calls them. */
import { charge, chargeMemory } from './budget.ts';
import { indexOutOfRange, invalidOperation, NetException, nullReference, overflow } from './exceptions.ts';
import { netArray, statedElementType, type Uniform } from './values.ts';

export function throwNullReference(): never {
  throw nullReference();
}

/** `throw e`: null throws NullReferenceException. */
export function throwException(exception: NetException | null): never {
  throw exception ?? nullReference();
}

export function nullableValue(value: unknown): unknown {
  if (value === null || value === undefined) throw invalidOperation('Nullable object must have a value.');
  return value;
}

const divideByZero = () => new NetException('System.DivideByZeroException', 'Attempted to divide by zero.');

export function divideInt(a: number, b: number): number {
  if (b === 0) throw divideByZero();
  if (b === -1 && a === -2147483648) throw overflow();
  return (a / b) | 0;
}

export function remainderInt(a: number, b: number): number {
  if (b === 0) throw divideByZero();
  return (a % b) | 0;
}

export function divideUint(a: number, b: number): number {
  if (b === 0) throw divideByZero();
  return Math.trunc(a / b);
}

export function remainderUint(a: number, b: number): number {
  if (b === 0) throw divideByZero();
  return a % b;
}

export function divideLong(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divideByZero();
  if (b === -1n && a === -9223372036854775808n) throw overflow();
  return a / b;
}

export function remainderLong(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divideByZero();
  return a % b;
}

export const multiplyUint = (a: number, b: number): number => Math.imul(a, b) >>> 0;
export const shiftLeftLong = (a: bigint, b: number): bigint => BigInt.asIntN(64, a << BigInt(b & 63));
export const shiftLeftUlong = (a: bigint, b: number): bigint => BigInt.asUintN(64, a << BigInt(b & 63));
export const shiftRightLong = (a: bigint, b: number): bigint => a >> BigInt(b & 63);

const limits: Readonly<Record<string, readonly [number | bigint, number | bigint]>> = {
  sbyte: [-128, 127],
  byte: [0, 255],
  short: [-32768, 32767],
  ushort: [0, 65535],
  char: [0, 65535],
  int: [-2147483648, 2147483647],
  uint: [0, 4294967295],
  long: [-9223372036854775808n, 9223372036854775807n],
  ulong: [0n, 18446744073709551615n],
};

/** Gives a function that throws OverflowException for values outside the integral type. Products of int are exact enough to tell. */
export function checker(kind: string): (value: number | bigint) => number | bigint {
  const [least, most] = limits[kind] ?? [0, 0];
  return (value) => {
    if (value >= least && value <= most) return value;
    throw overflow();
  };
}

/** Real to integral. Out of range: OverflowException when `checked`, else what the x64 processor gives, the least value. */
export function realToInteger(kind: string, checked: boolean): (value: number) => number | bigint {
  const [least, most] = limits[kind] ?? [0, 0];
  const isBig = typeof least === 'bigint';
  const lowest = Number(least) - 1;
  const highest = Number(most) + 1;
  const narrow = narrower(kind);
  return (value) => {
    const fits = isBig ? value >= Number(least) && value < highest : value > lowest && value < highest;
    if (fits) return isBig ? BigInt(Math.trunc(value)) : Math.trunc(value);
    if (checked) throw overflow();
    if (isBig) return -9223372036854775808n;
    if (kind === 'int') return -2147483648;
    // Other types are cut from a 64-bit conversion, whose own answer out of range ends in zeros.
    if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) return 0;
    return narrow(Number(BigInt.asIntN(32, BigInt(Math.trunc(value)))));
  };
}

function narrower(kind: string): (value: number) => number {
  switch (kind) {
    case 'sbyte':
      return (value) => (value << 24) >> 24;
    case 'byte':
      return (value) => value & 255;
    case 'short':
      return (value) => (value << 16) >> 16;
    case 'ushort':
    case 'char':
      return (value) => value & 65535;
    case 'uint':
      return (value) => value >>> 0;
    default:
      return (value) => value | 0;
  }
}

/** An element of an array (UNIFORM) or of a byte array (a number). */
export function elementAt(array: ArrayLike<unknown> | null, index: number | bigint): unknown {
  if (array === null) throw nullReference();
  const at = Number(index);
  if (at < 0 || at >= array.length) throw indexOutOfRange();
  return array[at];
}

export function setElementAt(
  array: { length: number; [index: number]: unknown } | null,
  index: number | bigint,
  value: unknown,
): void {
  if (array === null) throw nullReference();
  const at = Number(index);
  if (at < 0 || at >= array.length) throw indexOutOfRange();
  array[at] = value;
}

/** An element of an array of references that may be of a narrower type than it seems: `object[] a = new string[1]`. */
export function setReferenceAt(
  array: Uniform[] | null,
  index: number | bigint,
  value: Uniform,
  seeming: string,
  fits: (element: string, value: Uniform) => boolean,
): void {
  elementAt(array, index);
  if (array !== null && value !== null) {
    const element = statedElementType(array);
    if (element !== undefined && element !== seeming && !fits(element, value)) {
      throw new NetException(
        'System.ArrayTypeMismatchException',
        'Attempted to access an element as a type incompatible with the array.',
      );
    }
  }
  setElementAt(array, index, value);
}

/** `new T[size]`. */
export function newArray(type: string, initial: Uniform, size: number): Uniform[] {
  checkSize(size, 8);
  return netArray(type, new Array<Uniform>(size).fill(initial));
}

export function newBytes(size: number): Uint8Array {
  checkSize(size, 1);
  return new Uint8Array(size);
}

/** `new T[] { ... }`: `items` is fresh. */
export function arrayOfItems(type: string, items: Uniform[]): Uniform[] {
  chargeMemory(16 + items.length * 8);
  return netArray(type, items);
}

export function bytesOfItems(items: number[]): Uint8Array {
  chargeMemory(16 + items.length);
  return Uint8Array.from(items);
}

function checkSize(size: number, bytes: number): void {
  if (size < 0) throw overflow();
  chargeMemory(16 + size * bytes);
  charge(size >>> 6);
}

/** String concatenation: null is empty. Charges what is new, the shorter operand: `s += "x"` shares `s`. */
export function concat(a: string | null, b: string | null): string {
  if (a === null) return b ?? '';
  if (b === null) return a;
  chargeMemory(16 + 2 * Math.min(a.length, b.length));
  return a + b;
}

export function concatAll(parts: readonly (string | null)[]): string {
  let text = '';
  for (const part of parts) if (part !== null) text = concat(text, part);
  return text;
}

/** The number of characters in a string, for `foreach`. */
export function requireEnumerable<T>(value: T | null): T {
  if (value === null) throw nullReference();
  return value;
}
