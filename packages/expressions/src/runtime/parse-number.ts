import { charge } from './budget.ts';
import { Decimal, powerOf10 } from './decimal.ts';
import { argumentException, argumentNull, formatException, overflow } from './exceptions.ts';

/** The values of `System.Globalization.NumberStyles`. */
export const styles = {
  allowLeadingWhite: 1,
  allowTrailingWhite: 2,
  allowLeadingSign: 4,
  allowTrailingSign: 8,
  allowParentheses: 16,
  allowDecimalPoint: 32,
  allowThousands: 64,
  allowExponent: 128,
  allowCurrencySymbol: 256,
  allowHexSpecifier: 512,
  integer: 7,
  hexNumber: 515,
  number: 111,
  float: 167,
  currency: 383,
  any: 511,
} as const;

/** `Parse` of doubles and floats takes this. */
export const floatStyles = styles.float | styles.allowThousands;

/** What went wrong, so that TryParse and Parse share the reading. */
export type ParseFailure = 'null' | 'format' | 'overflow';
export const failed = (value: unknown): value is ParseFailure =>
  value === 'null' || value === 'format' || value === 'overflow';

/** A decimal number as text has it: `digits × 10^exponent`. */
interface NumberText {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const white = '[\\t-\\r ]*';

/** Reads a number of the invariant culture with the NumberStyles given. */
export function readNumber(text: string, allowed: number): NumberText | undefined {
  charge(text.length >> 4);
  const allows = (style: number) => (allowed & style) !== 0;
  let rest = trimEnd(text, '\0');
  if (allows(styles.allowLeadingWhite)) rest = rest.replace(new RegExp(`^${white}`), '');
  if (allows(styles.allowTrailingWhite)) rest = trimEnd(rest, '\t\n\v\f\r ');
  let negative = false;
  if (allows(styles.allowParentheses) && rest.startsWith('(') && rest.endsWith(')')) {
    negative = true;
    rest = rest.slice(1, -1);
  }
  if (allows(styles.allowCurrencySymbol)) rest = rest.replace('¤', '');
  const match = /^([+-]?)([\d,]*)(?:(\.)(\d*))?(?:[eE]([+-]?\d{1,9}))?([+-]?)$/.exec(rest);
  if (!match) return undefined;
  const [, lead = '', whole = '', point, fraction = '', exponent, trail = ''] = match;
  const refused =
    (lead !== '' && !allows(styles.allowLeadingSign)) ||
    (trail !== '' && (!allows(styles.allowTrailingSign) || lead !== '')) ||
    (point !== undefined && !allows(styles.allowDecimalPoint)) ||
    (exponent !== undefined && !allows(styles.allowExponent)) ||
    (whole.includes(',') && (!allows(styles.allowThousands) || whole.startsWith(',')));
  const figures = whole.replaceAll(',', '');
  if (refused || figures + fraction === '') return undefined;
  if (lead === '-' || trail === '-') negative = true;
  return { negative, digits: figures + fraction, exponent: Number(exponent ?? 0) - fraction.length };
}

// A regular expression with `+$` would take time by the square of the length.
function trimEnd(text: string, drop: string): string {
  let end = text.length;
  while (end > 0 && drop.includes(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}

/** The value of an integer type with the bounds given. */
export function readInteger(
  text: string | null,
  allowed: number,
  bounds: { readonly min: bigint; readonly max: bigint },
): bigint | ParseFailure {
  if (text === null) return 'null';
  if ((allowed & styles.allowHexSpecifier) !== 0) return readHex(text, allowed, bounds);
  const number = readNumber(text, allowed);
  if (!number) return 'format';
  const figures = number.digits.replace(/^0+/, '');
  if (figures === '') return 0n;
  if (figures.length + number.exponent > 21) return 'overflow';
  if (figures.length > 400) return 'overflow';
  const unsigned =
    number.exponent >= 0 ? BigInt(figures) * powerOf10(number.exponent) : wholeOrNothing(figures, -number.exponent);
  if (unsigned === undefined) return 'overflow';
  const value = number.negative ? -unsigned : unsigned;
  return value < bounds.min || value > bounds.max ? 'overflow' : value;
}

/** A fraction that is not zero is an overflow, as in .NET. */
function wholeOrNothing(figures: string, places: number): bigint | undefined {
  if (/[^0]/.test(figures.slice(-places))) return undefined;
  return BigInt(figures.slice(0, -places) || '0');
}

function readHex(
  text: string,
  allowed: number,
  bounds: { readonly min: bigint; readonly max: bigint },
): bigint | ParseFailure {
  const trimmed = (allowed & 3) !== 0 ? text.trim() : text;
  const figures = trimmed.replace(/^0+(?=[0-9a-fA-F])/, '');
  if (!/^[0-9a-fA-F]+$/.test(figures)) return 'format';
  const bits = (bounds.max - bounds.min).toString(2).length;
  if (figures.length * 4 > bits) return 'overflow';
  const value = BigInt(`0x${figures}`);
  return bounds.min < 0n ? BigInt.asIntN(bits, value) : value;
}

/** A double or, rounded by Math.fround, a float. Too large a number is Infinity, as in .NET Core 3.0 and later. */
export function readDouble(text: string | null, allowed: number): number | ParseFailure {
  if (text === null) return 'null';
  const number = readNumber(text, allowed);
  if (number) return Number(`${number.negative ? '-' : ''}${number.digits}e${number.exponent}`);
  switch (text.trim().toLowerCase()) {
    case 'nan':
    case '-nan':
    case '+nan':
      return Number.NaN;
    case 'infinity':
    case '+infinity':
    case '∞':
      return Number.POSITIVE_INFINITY;
    case '-infinity':
    case '-∞':
      return Number.NEGATIVE_INFINITY;
    default:
      return 'format';
  }
}

/** A decimal keeps the zeros at the end: `1.10`. */
export function readDecimal(text: string | null, allowed: number): Decimal | ParseFailure {
  if (text === null) return 'null';
  const number = readNumber(text, allowed);
  if (!number) return 'format';
  const figures = number.digits.replace(/^0+/, '');
  const size = figures.length + number.exponent;
  if (figures === '') return Decimal.of(0n, Math.min(Math.max(-number.exponent, 0), 28));
  if (size > 29) return 'overflow';
  if (size < -30) return Decimal.of(0n, 28);
  // Sixty digits decide every rounding to 29, but for the sticky tail, which one more digit stands for.
  const head = figures.slice(0, 60);
  const sticky = /[1-9]/.test(figures.slice(60)) ? '1' : figures.length > 60 ? '0' : '';
  const dropped = figures.length - head.length - sticky.length;
  const coefficient = BigInt(head + sticky) * (number.negative ? -1n : 1n);
  try {
    return Decimal.of(coefficient, 0 - number.exponent - dropped);
  } catch {
    return 'overflow';
  }
}

/** Throws what `Parse` throws. `type` is the short name in the overflow message, e.g. `an Int32`. */
export function orThrow<T>(value: T | ParseFailure, type: string): T {
  if (value === 'null') throw argumentNull('s');
  if (value === 'format') throw formatException();
  if (value === 'overflow') throw overflow(`Value was either too large or too small for ${type}.`);
  return value as T;
}

/** Throws ArgumentException for flags that do not go together. */
export function checkStyles(allowed: number, integer: boolean): void {
  if ((allowed & styles.allowHexSpecifier) === 0) return;
  if (!integer) {
    throw argumentException('The number style AllowHexSpecifier is not supported on floating point data types.');
  }
  if ((allowed & ~styles.hexNumber) !== 0) {
    throw argumentException(
      'With the AllowHexSpecifier bit set in the enum bit field, the only other valid bits that can be combined into the enum value must be a subset of those in HexNumber.',
      'style',
    );
  }
}
