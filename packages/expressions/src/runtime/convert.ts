import { DateTime } from './datetime.ts';
import { Decimal } from './decimal.ts';
import { formatException, invalidCast, NetException, overflow } from './exceptions.ts';
import { toStringOf } from './object.ts';
import { dateStyles, readDate, toDateTime } from './parse-date.ts';
import { floatStyles, orThrow, readDecimal, readDouble, readInteger, styles } from './parse-number.ts';
import { Boxed, box, typeNameOf, type Uniform } from './values.ts';

/** The types that `System.Convert` converts between, beside the integers. */
interface Bounds {
  readonly name: string;
  readonly article: string;
  readonly min: bigint;
  readonly max: bigint;
  readonly big: boolean;
}

const overflowed = (article: string) => overflow(`Value was either too large or too small for ${article}.`);
const cannot = (from: string, to: string) =>
  new NetException('System.InvalidCastException', `Invalid cast from '${shortName(from)}' to '${shortName(to)}'.`);
const shortName = (name: string) => name.replace('System.', '');

/** `Convert.ToInt32(value)` and the like: rounds half to even; null is 0. RAW of the type. */
export function toInteger(value: Uniform, to: Bounds): number | bigint {
  const whole = wholeOf(value, to);
  if (whole < to.min || whole > to.max) throw overflowed(to.article);
  return to.big ? whole : Number(whole);
}

function wholeOf(value: Uniform, to: Bounds): bigint {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return BigInt(value);
    case 'boolean':
      return value ? 1n : 0n;
    case 'string':
      return orThrow(readInteger(value, styles.integer, to), to.article);
  }
  if (value === null) return 0n;
  if (value instanceof Decimal) return value.round(0, 'even').toBigInt();
  if (!(value instanceof Boxed)) throw notConvertible(value, to.name);
  if (typeof value.value === 'bigint') return value.value;
  if (!Number.isFinite(value.value)) throw overflowed(to.article);
  return BigInt(roundHalfEven(value.value));
}

export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

function notConvertible(value: Uniform, to: string): NetException {
  const from = typeNameOf(value) ?? 'System.Object';
  if (value instanceof DateTime) return cannot(from, to);
  return invalidCast(from, 'System.IConvertible');
}

export function toDouble(value: Uniform): number {
  switch (typeof value) {
    case 'number':
      return value;
    case 'bigint':
      return Number(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'string':
      return orThrow(readDouble(value, floatStyles), 'a Double');
  }
  if (value === null) return 0;
  if (value instanceof Decimal) return value.toDouble();
  if (value instanceof Boxed && value.type !== 'System.Char') return Number(value.value);
  if (value instanceof Boxed) throw cannot('System.Char', 'System.Double');
  throw notConvertible(value, 'System.Double');
}

export function toDecimal(value: Uniform): Decimal {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return Decimal.fromInteger(value);
    case 'boolean':
      return value ? Decimal.one : Decimal.zero;
    case 'string':
      return orThrow(readDecimal(value, styles.number), 'a Decimal');
  }
  if (value === null) return Decimal.zero;
  if (value instanceof Decimal) return value;
  if (!(value instanceof Boxed)) throw notConvertible(value, 'System.Decimal');
  if (value.type === 'System.Char') throw cannot('System.Char', 'System.Decimal');
  if (value.type === 'System.Double') return Decimal.fromDouble(Number(value.value));
  if (value.type === 'System.Single') return Decimal.fromDouble(Number(value.value), 7);
  return Decimal.fromInteger(value.value);
}

export function toBoolean(value: Uniform): boolean {
  switch (typeof value) {
    case 'number':
      return value !== 0;
    case 'bigint':
      return value !== 0n;
    case 'boolean':
      return value;
    case 'string': {
      const word = value.trim().toLowerCase();
      if (word !== 'true' && word !== 'false') throw formatException('String was not recognized as a valid Boolean.');
      return word === 'true';
    }
  }
  if (value === null) return false;
  if (value instanceof Decimal) return value.coefficient !== 0n;
  if (value instanceof Boxed && value.type !== 'System.Char') return Number(value.value) !== 0;
  if (value instanceof Boxed) throw cannot('System.Char', 'System.Boolean');
  throw notConvertible(value, 'System.Boolean');
}

/** RAW of char. */
export function toChar(value: Uniform): number {
  if (value === null) return 0;
  if (typeof value === 'string') {
    if (value.length !== 1) throw formatException('String must be exactly one character long.');
    return value.charCodeAt(0);
  }
  if (value instanceof Boxed && value.type === 'System.Char') return Number(value.value);
  const integral =
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    (value instanceof Boxed && !/Double|Single/.test(value.type));
  if (!integral) throw cannot(typeNameOf(value) ?? 'System.Object', 'System.Char');
  const code = Number(value instanceof Boxed ? value.value : value);
  if (code < 0 || code > 0xffff) throw overflow('Value was either too large or too small for a character.');
  return code;
}

/** A null string is DateTime.MinValue. */
export function toDate(value: Uniform): DateTime {
  if (value === null) return DateTime.minValue;
  if (value instanceof DateTime) return value;
  if (typeof value === 'string') return parseDateTime(value, 0);
  throw typeof value === 'object' && !(value instanceof Boxed) && !(value instanceof Decimal)
    ? notConvertible(value, 'System.DateTime')
    : cannot(typeNameOf(value) ?? 'System.Object', 'System.DateTime');
}

/** `DateTime.Parse`. Throws FormatException. */
export function parseDateTime(text: string, allowed: number): DateTime {
  const parsed = readDate(text, (allowed & dateStyles.noCurrentDateDefault) !== 0);
  const date = parsed && toDateTime(parsed, allowed);
  if (!date) throw formatException('String was not recognized as a valid DateTime.');
  return date;
}

/** `Convert.ChangeType(value, type)`, to the simple types of System. UNIFORM. */
export function changeType(value: Uniform, to: string, bounds: Bounds | undefined): Uniform {
  if (typeNameOf(value) === to || to === 'System.Object') return value;
  if (value === null) {
    if (to === 'System.String') return null;
    throw new NetException('System.InvalidCastException', 'Null object cannot be converted to a value type.');
  }
  if (bounds) return box(to, toInteger(value, bounds));
  switch (to) {
    case 'System.String':
      return toStringOf(value);
    case 'System.Boolean':
      return toBoolean(value);
    case 'System.Char':
      return box(to, toChar(value));
    case 'System.Double':
      return box(to, toDouble(value));
    case 'System.Single':
      return box(to, Math.fround(toDouble(value)));
    case 'System.Decimal':
      return toDecimal(value);
    case 'System.DateTime':
      return toDate(value);
    default:
      throw cannot(typeNameOf(value) ?? 'System.Object', to);
  }
}
