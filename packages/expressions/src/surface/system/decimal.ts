import { Decimal } from '../../runtime/decimal.ts';
import { argumentException, argumentOutOfRange, overflow } from '../../runtime/exceptions.ts';
import { formatNumber } from '../../runtime/format-number.ts';
import { compareOf, equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import { checkStyles, failed, orThrow, readDecimal, styles } from '../../runtime/parse-number.ts';
import { netArray, type Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type Out } from '../declare.ts';
import { integerTypes } from './numbers.ts';

/** The modes of `System.MidpointRounding`, by value. */
const modes = ['even', 'awayFromZero', 'toZero', 'down', 'up'] as const;

export function roundingMode(mode: number): (typeof modes)[number] {
  const name = modes[mode];
  if (name) return name;
  throw argumentException(`The value '${mode}' is not valid for this usage of the type MidpointRounding.`, 'mode');
}

export function roundDecimal(value: Decimal, places: number, mode = 0): Decimal {
  if (places < 0 || places > 28) {
    throw argumentOutOfRange('decimals', 'Decimal can only round to between 0 and 28 digits of precision.');
  }
  return value.round(places, roundingMode(mode));
}

const parse = (text: string | null, style: number) => {
  checkStyles(style, false);
  return orThrow(readDecimal(text, style), 'a Decimal');
};

function tryParse(text: string | null, style: number, result: Out<Decimal>): boolean {
  checkStyles(style, false);
  const value = readDecimal(text, style);
  result.value = failed(value) ? Decimal.zero : value;
  return !failed(value);
}

const conversions: Record<string, Implementation> = {};
for (const type of integerTypes) {
  conversions[`static implicit operator decimal(${type.keyword} value)`] = (value: number | bigint) =>
    Decimal.fromInteger(value);
  const toInteger = (value: Decimal) => {
    const whole = value.toBigInt();
    if (whole < type.min || whole > type.max) throw tooLarge(type.article);
    return type.big ? whole : Number(whole);
  };
  conversions[`static explicit operator ${type.keyword}(decimal value)`] = toInteger;
  const short = type.name.replace('System.', '');
  conversions[`static ${type.keyword} To${short}(decimal value)`] = toInteger;
}

const tooLarge = (article: string) => overflow(`Value was either too large or too small for ${article}.`);

const operators: Record<string, Implementation> = {
  'static decimal operator +(decimal a, decimal b)': (a: Decimal, b: Decimal) => a.add(b),
  'static decimal operator -(decimal a, decimal b)': (a: Decimal, b: Decimal) => a.subtract(b),
  'static decimal operator *(decimal a, decimal b)': (a: Decimal, b: Decimal) => a.multiply(b),
  'static decimal operator /(decimal a, decimal b)': (a: Decimal, b: Decimal) => a.divide(b),
  'static decimal operator %(decimal a, decimal b)': (a: Decimal, b: Decimal) => a.remainder(b),
  'static decimal operator +(decimal a)': (a: Decimal) => a,
  'static decimal operator -(decimal a)': (a: Decimal) => a.negate(),
  'static decimal operator ++(decimal a)': (a: Decimal) => a.add(Decimal.one),
  'static decimal operator --(decimal a)': (a: Decimal) => a.subtract(Decimal.one),
  'static bool operator ==(decimal a, decimal b)': (a: Decimal, b: Decimal) => a.compare(b) === 0,
  'static bool operator !=(decimal a, decimal b)': (a: Decimal, b: Decimal) => a.compare(b) !== 0,
  'static bool operator <(decimal a, decimal b)': (a: Decimal, b: Decimal) => a.compare(b) < 0,
  'static bool operator >(decimal a, decimal b)': (a: Decimal, b: Decimal) => a.compare(b) > 0,
  'static bool operator <=(decimal a, decimal b)': (a: Decimal, b: Decimal) => a.compare(b) <= 0,
  'static bool operator >=(decimal a, decimal b)': (a: Decimal, b: Decimal) => a.compare(b) >= 0,
  ...conversions,
  'static implicit operator decimal(char value)': (value: number) => Decimal.fromInteger(value),
  'static explicit operator decimal(double value)': (value: number) => Decimal.fromDouble(value),
  'static explicit operator decimal(float value)': (value: number) => Decimal.fromDouble(value, 7),
  'static explicit operator double(decimal value)': (value: Decimal) => value.toDouble(),
  'static explicit operator float(decimal value)': (value: Decimal) => Math.fround(value.toDouble()),
  'static explicit operator char(decimal value)': (value: Decimal) => {
    const whole = value.toBigInt();
    if (whole < 0n || whole > 65535n) throw tooLarge('a character');
    return Number(whole);
  },
};

export const decimalType = declareType({
  name: 'System.Decimal',
  kind: 'struct',
  interfaces: ['IComparable', 'IComparable<decimal>', 'IEquatable<decimal>', 'IFormattable'],
  members: {
    'new(int value)': (value: number) => Decimal.fromInteger(value),
    'new(uint value)': (value: number) => Decimal.fromInteger(value),
    'new(long value)': (value: bigint) => Decimal.fromInteger(value),
    'new(ulong value)': (value: bigint) => Decimal.fromInteger(value),
    'new(double value)': (value: number) => Decimal.fromDouble(value),
    'new(float value)': (value: number) => Decimal.fromDouble(value, 7),
    'static decimal Zero { get; }': () => Decimal.zero,
    'static decimal One { get; }': () => Decimal.one,
    'static decimal MinusOne { get; }': () => Decimal.one.negate(),
    'static decimal MaxValue { get; }': () => Decimal.maxValue,
    'static decimal MinValue { get; }': () => Decimal.minValue,
    'static decimal Parse(string s)': (text: string | null) => parse(text, styles.number),
    'static decimal Parse(string s, NumberStyles style)': parse,
    'static decimal Parse(string s, IFormatProvider provider)': (text: string | null) => parse(text, styles.number),
    'static decimal Parse(string s, NumberStyles style, IFormatProvider provider)': parse,
    'static bool TryParse(string s, out decimal result)': (text: string | null, result: Out<Decimal>) =>
      tryParse(text, styles.number, result),
    'static bool TryParse(string s, NumberStyles style, IFormatProvider provider, out decimal result)': (
      text: string | null,
      style: number,
      _provider: unknown,
      result: Out<Decimal>,
    ) => tryParse(text, style, result),
    'string ToString()': (self: Decimal) => toStringOf(self),
    'string ToString(string format)': (self: Decimal, format: string | null) =>
      formatNumber('System.Decimal', self, format),
    'string ToString(IFormatProvider provider)': (self: Decimal) => toStringOf(self),
    'string ToString(string format, IFormatProvider provider)': (self: Decimal, format: string | null) =>
      formatNumber('System.Decimal', self, format),
    'int CompareTo(decimal value)': (self: Decimal, other: Decimal) => self.compare(other),
    'int CompareTo(object value)': (self: Decimal, other: Uniform) => compareOf(self, other),
    'bool Equals(decimal value)': (self: Decimal, other: Decimal) => self.compare(other) === 0,
    'bool Equals(object value)': (self: Decimal, other: Uniform) => equalsOf(self, other),
    'int GetHashCode()': (self: Decimal) => hashOf(self),
    'static decimal Add(decimal d1, decimal d2)': (a: Decimal, b: Decimal) => a.add(b),
    'static decimal Subtract(decimal d1, decimal d2)': (a: Decimal, b: Decimal) => a.subtract(b),
    'static decimal Multiply(decimal d1, decimal d2)': (a: Decimal, b: Decimal) => a.multiply(b),
    'static decimal Divide(decimal d1, decimal d2)': (a: Decimal, b: Decimal) => a.divide(b),
    'static decimal Remainder(decimal d1, decimal d2)': (a: Decimal, b: Decimal) => a.remainder(b),
    'static decimal Negate(decimal d)': (a: Decimal) => a.negate(),
    'static int Compare(decimal d1, decimal d2)': (a: Decimal, b: Decimal) => a.compare(b),
    'static bool Equals(decimal d1, decimal d2)': (a: Decimal, b: Decimal) => a.compare(b) === 0,
    'static decimal Floor(decimal d)': (a: Decimal) => a.round(0, 'down'),
    'static decimal Ceiling(decimal d)': (a: Decimal) => a.round(0, 'up'),
    'static decimal Truncate(decimal d)': (a: Decimal) => a.round(0, 'toZero'),
    'static decimal Round(decimal d)': (a: Decimal) => roundDecimal(a, 0),
    'static decimal Round(decimal d, int decimals)': (a: Decimal, places: number) => roundDecimal(a, places),
    'static decimal Round(decimal d, MidpointRounding mode)': (a: Decimal, mode: number) => roundDecimal(a, 0, mode),
    'static decimal Round(decimal d, int decimals, MidpointRounding mode)': roundDecimal,
    'static double ToDouble(decimal d)': (a: Decimal) => a.toDouble(),
    'static float ToSingle(decimal d)': (a: Decimal) => Math.fround(a.toDouble()),
    'static int[] GetBits(decimal d)': (a: Decimal) => {
      const size = a.coefficient < 0n ? -a.coefficient : a.coefficient;
      const part = (shift: bigint) => Number(BigInt.asIntN(32, size >> shift));
      const flags = (a.scale << 16) | (a.coefficient < 0n ? 1 << 31 : 0);
      return netArray('System.Int32', [part(0n), part(32n), part(64n), flags]);
    },
    ...operators,
  },
});
