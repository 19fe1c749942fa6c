import { chargeMemory } from './budget.ts';
import { Decimal } from './decimal.ts';
import { enumDescription, enumToFlagsString, enumToString } from './enums.ts';
import { formatException } from './exceptions.ts';
import { formatDouble, formatSingle, layOut } from './format-double.ts';
import { formatCustomNumber } from './format-number-custom.ts';
import {
  digitsOfDecimal,
  digitsOfInteger,
  exactDigitsOfDouble,
  type NumberDigits,
  roundDigits,
  significantDigitsOfDouble,
} from './number-digits.ts';
import { toStringOf } from './object.ts';

const integerBits: Readonly<Record<string, number>> = {
  'System.SByte': 8,
  'System.Byte': 8,
  'System.Int16': 16,
  'System.UInt16': 16,
  'System.Int32': 32,
  'System.UInt32': 32,
  'System.Int64': 64,
  'System.UInt64': 64,
};

export const isIntegerType = (type: string) => type in integerBits;

/**
 * `x.ToString(format)` of a number in the invariant culture. `type` is its full .NET name; `value` is RAW.
 * Standard formats C D E F G N P R X, else a custom format. Throws FormatException.
 * Source: .NET documentation, "Standard numeric format strings"; digits as in .NET Core 3.0 and later.
 */
export function formatNumber(type: string, value: number | bigint | Decimal, format: string | null): string {
  const parsed = /^([A-Za-z])(\d{0,9})$/.exec(format || 'G');
  if (!parsed) return custom(type, value, format ?? '');
  const letter = parsed[1] ?? 'G';
  const precision = parsed[2] ? Number(parsed[2]) : undefined;
  chargeMemory((precision ?? 0) * 2);
  if (typeof value === 'number' && !Number.isFinite(value)) return formatDouble(value);
  const upper = letter.toUpperCase();
  if (isIntegerType(type) && (upper === 'D' || upper === 'X')) {
    return upper === 'D' ? formatD(value, precision ?? 0) : formatX(type, value, precision ?? 0, letter === 'x');
  }
  switch (upper) {
    case 'C':
      return formatC(toDigits(type, value), precision ?? 2);
    case 'E':
      return formatE(toDigits(type, value), precision ?? 6, letter);
    case 'F':
      return sign(fixed(toDigits(type, value), precision ?? 2));
    case 'G':
      return formatG(type, value, precision ?? 0, letter === 'g' ? 'e' : 'E');
    case 'N':
      return sign(fixed(toDigits(type, value), precision ?? 2, true));
    case 'P':
      return formatP(toDigits(type, value), precision ?? 2);
    case 'R':
      if (isFloating(type)) return shortest(type, Number(value));
  }
  throw formatException('Format specifier was invalid.');
}

/** `Enum.ToString(format)`: G, F, D or X. */
export function formatEnum(type: string, value: number, format: string | null): string {
  switch ((format || 'G').toUpperCase()) {
    case 'G':
      return enumToString(type, value);
    case 'F':
      return enumToFlagsString(type, value);
    case 'D':
      return String(value);
    case 'X':
      return formatX('System.Int32', value, 8, false);
    default:
      throw formatException('Format String can be only "G", "g", "X", "x", "F", "f", "D" or "d".');
  }
}

export const isEnumType = (type: string) => enumDescription(type) !== undefined;

const isFloating = (type: string) => type === 'System.Double' || type === 'System.Single';

const shortest = (type: string, value: number) =>
  type === 'System.Single' ? formatSingle(value) : formatDouble(value);

function toDigits(type: string, value: number | bigint | Decimal): NumberDigits {
  if (value instanceof Decimal) return digitsOfDecimal(value);
  return isFloating(type) ? exactDigitsOfDouble(Number(value)) : digitsOfInteger(value);
}

/** Custom formats see 15 digits of a double and 7 of a float. */
function custom(type: string, value: number | bigint | Decimal, format: string): string {
  if (!isFloating(type)) return formatCustomNumber(toDigits(type, value), format);
  const number = Number(value);
  if (!Number.isFinite(number)) return formatDouble(number);
  return formatCustomNumber(significantDigitsOfDouble(number, type === 'System.Single' ? 7 : 15), format);
}

function formatD(value: number | bigint | Decimal, precision: number): string {
  const { negative, digits } = digitsOfInteger(BigInt(toStringOf(value)));
  return (negative ? '-' : '') + (digits || '0').padStart(precision, '0');
}

/** Negative numbers in two's complement of their type. */
function formatX(type: string, value: number | bigint | Decimal, precision: number, lower: boolean): string {
  const text = BigInt.asUintN(integerBits[type] ?? 64, BigInt(toStringOf(value))).toString(16);
  return (lower ? text : text.toUpperCase()).padStart(precision, '0');
}

interface Signed {
  readonly negative: boolean;
  readonly text: string;
}

const sign = ({ negative, text }: Signed) => (negative ? `-${text}` : text);

/** Digits with a decimal point and `places` decimals. */
function fixed(number: NumberDigits, places: number, grouped = false): Signed {
  roundDigits(number, number.exponent + places);
  const { digits, exponent } = number;
  const whole = exponent > 0 ? digits.slice(0, exponent).padEnd(exponent, '0') : '0';
  const after = exponent >= 0 ? digits.slice(exponent) : '0'.repeat(-exponent) + digits;
  const left = grouped ? group(whole) : whole;
  return { negative: number.negative, text: places > 0 ? `${left}.${after.padEnd(places, '0')}` : left };
}

const group = (whole: string) => whole.replace(/\B(?=(?:\d{3})+$)/g, ',');

/** The invariant currency: `¤1,234.50` and `(¤1,234.50)`. */
function formatC(number: NumberDigits, places: number): string {
  const { negative, text } = fixed(number, places, true);
  return negative ? `(¤${text})` : `¤${text}`;
}

function formatP(number: NumberDigits, places: number): string {
  if (number.digits !== '') number.exponent += 2;
  return `${sign(fixed(number, places, true))} %`;
}

function formatE(number: NumberDigits, places: number, letter: string): string {
  roundDigits(number, places + 1);
  const digits = (number.digits || '0').padEnd(places + 1, '0');
  const power = number.digits === '' ? 0 : number.exponent - 1;
  const mantissa = places > 0 ? `${digits[0]}.${digits.slice(1)}` : digits;
  const exponent = `${letter}${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(3, '0')}`;
  return sign({ negative: number.negative, text: mantissa + exponent });
}

function formatG(type: string, value: number | bigint | Decimal, precision: number, e: string): string {
  if (precision === 0) {
    const text = isFloating(type) ? shortest(type, Number(value)) : toStringOf(value);
    return e === 'e' ? text.replace('E', 'e') : text;
  }
  const number = toDigits(type, value);
  roundDigits(number, precision);
  const text = number.digits === '' ? '0' : layOut(number.digits, number.exponent, precision, e);
  return sign({ negative: number.negative, text });
}
