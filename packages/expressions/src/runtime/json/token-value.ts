import { enumDescription } from '../enums.ts';
import { argumentException } from '../exceptions.ts';
import { clrName, compareOf, comparePrimitive, toStringOf } from '../object.ts';
import { Boxed, typeNameOf, type Uniform } from '../values.ts';
import { BigInteger } from './big-integer.ts';
import { JTokenType } from './token-type.ts';

const types: Readonly<Record<string, JTokenType>> = {
  'System.Boolean': JTokenType.Boolean,
  'System.Int32': JTokenType.Integer,
  'System.Int64': JTokenType.Integer,
  'System.Byte': JTokenType.Integer,
  'System.SByte': JTokenType.Integer,
  'System.Int16': JTokenType.Integer,
  'System.UInt16': JTokenType.Integer,
  'System.UInt32': JTokenType.Integer,
  'System.UInt64': JTokenType.Integer,
  'System.Numerics.BigInteger': JTokenType.Integer,
  'System.Double': JTokenType.Float,
  'System.Single': JTokenType.Float,
  'System.Decimal': JTokenType.Float,
  'System.Char': JTokenType.String,
  'System.DateTime': JTokenType.Date,
  'System.DateTimeOffset': JTokenType.Date,
  'System.Byte[]': JTokenType.Bytes,
  'System.Guid': JTokenType.Guid,
  'System.Uri': JTokenType.Uri,
  'System.TimeSpan': JTokenType.TimeSpan,
};

/** JValue.GetValueType: which kind of token holds the value. Throws ArgumentException for a value JSON has no word for. */
export function tokenTypeOfValue(value: Uniform, current: JTokenType = JTokenType.String): JTokenType {
  if (value === null || value === undefined) return JTokenType.Null;
  if (typeof value === 'string') {
    return current === JTokenType.Comment || current === JTokenType.Raw ? current : JTokenType.String;
  }
  const name = typeNameOf(value) ?? 'System.Object';
  const type = types[name] ?? (value instanceof Boxed && enumDescription(name) ? JTokenType.Integer : undefined);
  if (type === undefined) {
    throw argumentException(`Could not determine JSON object type for type ${clrName(name)}.`);
  }
  return type;
}

interface Valued {
  readonly type: JTokenType;
  readonly value: Uniform;
}

/** JValue.ValuesEquals. */
export function valuesEqual(a: Valued, b: Valued): boolean {
  return a.type === b.type && compareValues(a.type, a.value, b.value) === 0;
}

/** JValue.Compare: the order of two values, read as a value of `type`. */
export function compareValues(type: JTokenType, a: Uniform, b: Uniform): number {
  if (a === b || (a === null && b === null)) return 0;
  if (b === null) return 1;
  if (a === null) return -1;
  switch (type) {
    case JTokenType.Integer:
    case JTokenType.Float: {
      const x = numberOf(a);
      const y = numberOf(b);
      if (x !== undefined && y !== undefined) return comparePrimitive(x, y);
      return ordinal(toStringOf(a), toStringOf(b));
    }
    case JTokenType.String:
    case JTokenType.Comment:
    case JTokenType.Raw:
      return ordinal(toStringOf(a), toStringOf(b));
    case JTokenType.Bytes:
      return ordinal(hex(a), hex(b));
    default:
      return typeNameOf(a) === typeNameOf(b) ? compareOf(a, b) : ordinal(toStringOf(a), toStringOf(b));
  }
}

/** The number behind a numeric UNIFORM value (enums and text of digits included); undefined for anything else. */
export function numberOf(value: Uniform): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof BigInteger) return value.value;
  if (value instanceof Boxed) return value.type === 'System.Char' ? undefined : value.value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeNameOf(value) === 'System.Decimal') return Number(toStringOf(value));
  if (typeof value === 'string' && /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(value)) {
    return /^-?\d+$/.test(value) ? BigInt(value) : Number(value);
  }
  return undefined;
}

function ordinal(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function hex(value: Uniform): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : '';
}
