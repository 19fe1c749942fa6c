import { DateTime } from '../datetime.ts';
import { DateTimeOffset } from '../datetimeoffset.ts';
import { Decimal } from '../decimal.ts';
import { formatException, invalidCast, NetException, overflow } from '../exceptions.ts';
import { toStringOf } from '../object.ts';
import { readDate, toDateTime } from '../parse-date.ts';
import { floatStyles, orThrow, readDecimal, readDouble, readInteger, styles } from '../parse-number.ts';
import { Boxed, box, typeNameOf, type Uniform } from '../values.ts';
import { BigInteger } from './big-integer.ts';

const integers: Readonly<Record<string, readonly [bigint, bigint, string]>> = {
  'System.SByte': [-128n, 127n, 'a signed byte'],
  'System.Byte': [0n, 255n, 'an unsigned byte'],
  'System.Int16': [-32768n, 32767n, 'an Int16'],
  'System.UInt16': [0n, 65535n, 'a UInt16'],
  'System.Int32': [-2147483648n, 2147483647n, 'an Int32'],
  'System.UInt32': [0n, 4294967295n, 'a UInt32'],
  'System.Int64': [-(1n << 63n), (1n << 63n) - 1n, 'an Int64'],
  'System.UInt64': [0n, (1n << 64n) - 1n, 'a UInt64'],
};

/**
 * `Convert.ChangeType(value, type, CultureInfo.InvariantCulture)` over UNIFORM values, as the JSON library uses it.
 * Throws FormatException, OverflowException and InvalidCastException as .NET does.
 */
export function changeType(value: Uniform, type: string): Uniform {
  const from = typeNameOf(value);
  if (value === null) {
    if (type === 'System.String' || type === 'System.Object') return null;
    throw new NetException('System.InvalidCastException', 'Null object cannot be converted to a value type.');
  }
  if (from === type || type === 'System.Object') return value;
  if (integers[type]) return toInteger(value, type);
  switch (type) {
    case 'System.String':
      return toStringOf(value);
    case 'System.Boolean':
      return toBoolean(value);
    case 'System.Double':
    case 'System.Single':
      return toFloat(value, type);
    case 'System.Decimal':
      return toDecimal(value);
    case 'System.Char':
      return toChar(value);
    case 'System.DateTime':
      return toDate(value);
    default:
      throw noCast(value, type);
  }
}

function noCast(value: Uniform, type: string): NetException {
  const from = typeNameOf(value) ?? 'System.Object';
  const convertible = typeof value !== 'object' || value instanceof Boxed;
  if (!convertible && !['System.Decimal', 'System.DateTime'].includes(from)) {
    return new NetException('System.InvalidCastException', 'Object must implement IConvertible.');
  }
  return new NetException('System.InvalidCastException', `Invalid cast from '${from}' to '${type}'.`);
}

function toInteger(value: Uniform, type: string): Uniform {
  const [min, max, name] = integers[type] ?? [0n, 0n, type];
  let whole: bigint;
  if (typeof value === 'string') {
    whole = orThrow(readInteger(value, styles.integer, { min, max }), name);
  } else if (typeof value === 'boolean') whole = value ? 1n : 0n;
  else if (value instanceof BigInteger) whole = value.value;
  else if (value instanceof Decimal) whole = value.round(0, 'even').toBigInt();
  else if (typeof value === 'number' || typeof value === 'bigint') whole = BigInt(value);
  else if (value instanceof Boxed) whole = wholeOf(value, name);
  else throw noCast(value, type);
  if (whole < min || whole > max) throw overflow(`Value was either too large or too small for ${name}.`);
  return box(type, type === 'System.Int64' || type === 'System.UInt64' ? whole : Number(whole));
}

/** Half goes to the even neighbour. */
function wholeOf(boxed: Boxed, name: string): bigint {
  if (typeof boxed.value === 'bigint') return boxed.value;
  if (!Number.isFinite(boxed.value)) throw overflow(`Value was either too large or too small for ${name}.`);
  const floor = Math.floor(boxed.value);
  const rest = boxed.value - floor;
  return BigInt(rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor);
}

export function toBoolean(value: Uniform): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    const word = value.trim().toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    throw formatException('String was not recognized as a valid Boolean.');
  }
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) !== 0;
  if (value instanceof Boxed && value.type !== 'System.Char') return Number(value.value) !== 0;
  if (value instanceof Decimal) return value.toDouble() !== 0;
  if (value instanceof BigInteger) return value.value !== 0n;
  throw noCast(value, 'System.Boolean');
}

function toFloat(value: Uniform, type: string): Uniform {
  const number = doubleOf(value, type);
  return new Boxed(type, type === 'System.Single' ? Math.fround(number) : number);
}
function doubleOf(value: Uniform, type: string): number {
  if (typeof value === 'string') return orThrow(readDouble(value, floatStyles), 'a Double');
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Boxed && value.type !== 'System.Char') return Number(value.value);
  if (value instanceof Decimal) return value.toDouble();
  if (value instanceof BigInteger) return Number(value.value);
  throw noCast(value, type);
}

function toDecimal(value: Uniform): Decimal {
  if (value instanceof Decimal) return value;
  if (typeof value === 'string') return orThrow(readDecimal(value, styles.number), 'a Decimal');
  if (typeof value === 'number' || typeof value === 'bigint') return Decimal.fromInteger(value);
  if (typeof value === 'boolean') return Decimal.fromInteger(value ? 1 : 0);
  if (value instanceof BigInteger) return Decimal.fromInteger(value.value);
  if (value instanceof Boxed && value.type !== 'System.Char') {
    if (value.type === 'System.Double' || value.type === 'System.Single') {
      return Decimal.fromDouble(Number(value.value), value.type === 'System.Single' ? 7 : 15);
    }
    return Decimal.fromInteger(value.value);
  }
  throw noCast(value, 'System.Decimal');
}

function toChar(value: Uniform): Uniform {
  if (typeof value === 'string') {
    if (value.length !== 1) throw formatException('String must be exactly one character long.');
    return new Boxed('System.Char', value.charCodeAt(0));
  }
  const whole = Number(toInteger(value, 'System.Int64'));
  if (whole < 0 || whole > 65535) throw overflow('Value was either too large or too small for a character.');
  return new Boxed('System.Char', whole);
}

/** `Convert.ToDateTime`. */
export function toDate(value: Uniform): DateTime {
  if (value instanceof DateTime) return value;
  if (value instanceof DateTimeOffset) return value.clock;
  if (typeof value !== 'string') throw invalidCast(typeNameOf(value) ?? 'null', 'System.DateTime');
  const parsed = readDate(value);
  const date = parsed && toDateTime(parsed, 0);
  if (!date) throw formatException('String was not recognized as a valid DateTime.');
  return date;
}
