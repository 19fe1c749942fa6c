import { roundHalfEven } from '../../runtime/convert.ts';
import { Decimal, divideByZero } from '../../runtime/decimal.ts';
import { argumentException, argumentOutOfRange, overflow } from '../../runtime/exceptions.ts';
import { declareType, type Implementation, type Out } from '../declare.ts';
import { roundDecimal, roundingMode } from './decimal.ts';
import { integerTypes } from './numbers.ts';

const members: Record<string, Implementation> = {
  'const double PI': () => Math.PI,
  'const double E': () => Math.E,
  'const double Tau': () => Math.PI * 2,
};

for (const { keyword, min } of integerTypes) {
  members[`static ${keyword} Max(${keyword} val1, ${keyword} val2)`] = greater;
  members[`static ${keyword} Min(${keyword} val1, ${keyword} val2)`] = lesser;
  members[`static ${keyword} Clamp(${keyword} value, ${keyword} min, ${keyword} max)`] = clamp;
  if (min >= 0n) continue;
  members[`static ${keyword} Abs(${keyword} value)`] = (value: number | bigint) => {
    if (BigInt(value) === min) throw overflow('Negating the minimum value of a twos complement number is invalid.');
    return value < 0 ? -value : value;
  };
  members[`static int Sign(${keyword} value)`] = (value: number | bigint) => (value > 0 ? 1 : value < 0 ? -1 : 0);
}

// Math.max and Math.min do not take bigints.
function greater(a: number | bigint, b: number | bigint): number | bigint {
  if (a > b) return a;
  return b;
}

function lesser(a: number | bigint, b: number | bigint): number | bigint {
  if (a < b) return a;
  return b;
}

function clamp(value: number | bigint, min: number | bigint, max: number | bigint): number | bigint {
  if (min > max) throw argumentException(`'${min}' cannot be greater than ${max}.`);
  return value < min ? min : value > max ? max : value;
}

for (const keyword of ['float', 'double']) {
  members[`static ${keyword} Max(${keyword} val1, ${keyword} val2)`] = (a: number, b: number) => Math.max(a, b);
  members[`static ${keyword} Min(${keyword} val1, ${keyword} val2)`] = (a: number, b: number) => Math.min(a, b);
  members[`static ${keyword} Clamp(${keyword} value, ${keyword} min, ${keyword} max)`] = clamp;
  members[`static ${keyword} Abs(${keyword} value)`] = (value: number) => Math.abs(value);
  members[`static int Sign(${keyword} value)`] = (value: number) => {
    if (Number.isNaN(value)) throw arithmeticNaN();
    return Math.sign(value) + 0;
  };
}

const arithmeticNaN = () => overflow('Function does not accept floating point Not-a-Number values.');

const unary = {
  Floor: Math.floor,
  Ceiling: Math.ceil,
  Truncate: Math.trunc,
  Sqrt: Math.sqrt,
  Cbrt: Math.cbrt,
  Exp: Math.exp,
  Log: Math.log,
  Log10: Math.log10,
  Log2: Math.log2,
  Sin: Math.sin,
  Cos: Math.cos,
  Tan: Math.tan,
  Asin: Math.asin,
  Acos: Math.acos,
  Atan: Math.atan,
  Sinh: Math.sinh,
  Cosh: Math.cosh,
  Tanh: Math.tanh,
} as const;
for (const [name, f] of Object.entries(unary)) members[`static double ${name}(double d)`] = (d: number) => f(d);

const powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/** `Math.Round(double)`: scales by a power of ten, rounds and scales back, so that 2.675 to 2 places is 2.68 as in .NET. */
function round(value: number, places: number, mode = 0): number {
  if (places < 0 || places > 15) {
    throw argumentOutOfRange('digits', 'Rounding digits must be between 0 and 15, inclusive.');
  }
  const name = roundingMode(mode);
  if (Math.abs(value) >= 1e16 || Number.isNaN(value)) return value;
  const power = powers[places] ?? 1;
  return roundWhole(value * power, name) / power;
}

function roundWhole(value: number, mode: ReturnType<typeof roundingMode>): number {
  switch (mode) {
    case 'even':
      return roundHalfEven(value);
    case 'awayFromZero': {
      const whole = Math.trunc(value);
      return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
    }
    case 'toZero':
      return Math.trunc(value);
    case 'down':
      return Math.floor(value);
    case 'up':
      return Math.ceil(value);
  }
}

function pow(x: number, y: number): number {
  // .NET gives 1 for a base of 1 and NaN as power; JavaScript gives NaN. And (-1)^±∞ is 1.
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return x ** y;
}

function ieeeRemainder(x: number, y: number): number {
  if (y === 0 || Number.isNaN(y) || !Number.isFinite(x)) return Number.NaN;
  if (!Number.isFinite(y)) return x;
  return x - y * roundHalfEven(x / y);
}

function logOf(a: number, base: number): number {
  if (base === 1 || (a !== 1 && (base === 0 || base === Infinity))) return Number.NaN;
  return Math.log(a) / Math.log(base);
}

export const mathType = declareType({
  name: 'System.Math',
  kind: 'static',
  members: {
    ...members,
    'static decimal Max(decimal val1, decimal val2)': (a: Decimal, b: Decimal) => (a.compare(b) >= 0 ? a : b),
    'static decimal Min(decimal val1, decimal val2)': (a: Decimal, b: Decimal) => (a.compare(b) <= 0 ? a : b),
    'static decimal Clamp(decimal value, decimal min, decimal max)': (value: Decimal, min: Decimal, max: Decimal) =>
      value.compare(min) < 0 ? min : value.compare(max) > 0 ? max : value,
    'static decimal Abs(decimal value)': (value: Decimal) => (value.coefficient < 0n ? value.negate() : value),
    'static int Sign(decimal value)': (value: Decimal) => value.compare(Decimal.zero),
    'static decimal Floor(decimal d)': (value: Decimal) => value.round(0, 'down'),
    'static decimal Ceiling(decimal d)': (value: Decimal) => value.round(0, 'up'),
    'static decimal Truncate(decimal d)': (value: Decimal) => value.round(0, 'toZero'),
    'static decimal Round(decimal d)': (value: Decimal) => roundDecimal(value, 0),
    'static decimal Round(decimal d, int decimals)': (value: Decimal, places: number) => roundDecimal(value, places),
    'static decimal Round(decimal d, MidpointRounding mode)': (value: Decimal, mode: number) =>
      roundDecimal(value, 0, mode),
    'static decimal Round(decimal d, int decimals, MidpointRounding mode)': roundDecimal,
    'static double Round(double a)': (value: number) => round(value, 0),
    'static double Round(double value, int digits)': (value: number, places: number) => round(value, places),
    'static double Round(double value, MidpointRounding mode)': (value: number, mode: number) => round(value, 0, mode),
    'static double Round(double value, int digits, MidpointRounding mode)': round,
    'static double Pow(double x, double y)': pow,
    'static double Atan2(double y, double x)': (y: number, x: number) => Math.atan2(y, x),
    'static double Log(double a, double newBase)': logOf,
    'static double IEEERemainder(double x, double y)': ieeeRemainder,
    'static long BigMul(int a, int b)': (a: number, b: number) => BigInt(a) * BigInt(b),
    'static int DivRem(int a, int b, out int result)': (a: number, b: number, result: Out<number>) => {
      if (b === 0) throw divideByZero();
      result.value = (a % b) + 0;
      return Math.trunc(a / b) | 0;
    },
    'static long DivRem(long a, long b, out long result)': (a: bigint, b: bigint, result: Out<bigint>) => {
      if (b === 0n) throw divideByZero();
      result.value = a % b;
      return a / b;
    },
  },
});
