import { fromBase64 } from '../base64.ts';
import { DateTime } from '../datetime.ts';
import { DateTimeOffset } from '../datetimeoffset.ts';
import { argumentException, argumentNull, formatException, NetException } from '../exceptions.ts';
import { Guid } from '../guid.ts';
import { toStringOf } from '../object.ts';
import { readDate } from '../parse-date.ts';
import { parseTimeSpan } from '../parse-timespan.ts';
import { TimeSpan, ticksPerMinute } from '../timespan.ts';
import { Uri } from '../uri.ts';
import type { Uniform } from '../values.ts';
import { changeType, toDate } from './change-type.ts';
import { JProperty, type JToken, JValue } from './token.ts';
import { JTokenType, tokenTypeName } from './token-type.ts';

/**
 * The explicit conversion operators of JToken: UNIFORM results. For a `nullable` target a null token and a JSON null
 * are null.
 */
export function convertToken(token: JToken | null, target: string, nullable: boolean): Uniform {
  if (token === null) {
    if (nullable) return null;
    throw argumentNull('value');
  }
  const rule = rules[target];
  const value = token instanceof JProperty ? token.value : token;
  const accepted = value instanceof JValue && (rule?.types.has(value.type) || (nullable && isNull(value)));
  if (!accepted || !rule) {
    throw argumentException(`Can not convert ${tokenTypeName(value.type)} to ${rule?.name ?? target}.`);
  }
  if (value.value === null && nullable) return null;
  return rule.convert(value.value);
}

function isNull(value: JValue): boolean {
  return value.type === JTokenType.Null || value.type === JTokenType.Undefined;
}

interface Rule {
  readonly name: string;
  readonly types: ReadonlySet<number>;
  readonly convert: (value: Uniform) => Uniform;
}

const { Integer, Float, String: Text, Comment, Raw, Boolean: Bool, Date: DateType, Bytes } = JTokenType;
const { Guid: GuidType, Uri: UriType, TimeSpan: SpanType } = JTokenType;
const numbers = new Set<number>([Integer, Float, Text, Comment, Raw, Bool]);
const dates = new Set<number>([DateType, Text, Comment, Raw]);

const number = (name: string): Rule => ({
  name,
  types: numbers,
  convert: (value) => changeType(value, `System.${name}`),
});

const rules: Readonly<Record<string, Rule>> = {
  'System.Boolean': number('Boolean'),
  'System.Byte': number('Byte'),
  'System.SByte': number('SByte'),
  'System.Int16': number('Int16'),
  'System.UInt16': number('UInt16'),
  'System.Int32': number('Int32'),
  'System.UInt32': number('UInt32'),
  'System.Int64': number('Int64'),
  'System.UInt64': number('UInt64'),
  'System.Single': number('Single'),
  'System.Double': number('Double'),
  'System.Decimal': number('Decimal'),
  'System.Char': {
    name: 'Char',
    types: new Set<number>([Integer, Float, Text, Comment, Raw]),
    convert: (value) => changeType(value, 'System.Char'),
  },
  'System.String': {
    name: 'String',
    types: new Set<number>([DateType, Integer, Float, Text, Comment, Raw, Bool, Bytes, GuidType, SpanType, UriType]),
    convert: (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : toStringOf(value)),
  },
  'System.DateTime': { name: 'DateTime', types: dates, convert: toDate },
  'System.DateTimeOffset': { name: 'DateTimeOffset', types: dates, convert: toDateTimeOffset },
  'System.Guid': {
    name: 'Guid',
    types: new Set<number>([Text, Comment, Raw, GuidType, Bytes]),
    convert: (value) => {
      if (value instanceof Guid) return value;
      return value instanceof Uint8Array ? Guid.fromBytes(value) : Guid.parse(toStringOf(value));
    },
  },
  'System.TimeSpan': {
    name: 'TimeSpan',
    types: new Set<number>([Text, Comment, Raw, SpanType]),
    convert: (value) => (value instanceof TimeSpan ? value : parseTimeSpan(toStringOf(value))),
  },
  'System.Uri': {
    name: 'Uri',
    types: new Set<number>([Text, Comment, Raw, UriType]),
    convert: (value) => (value instanceof Uri ? value : Uri.create(toStringOf(value))),
  },
  'System.Byte[]': {
    name: 'byte array',
    types: new Set<number>([Bytes, Text, Comment, Raw, Integer]),
    convert: (value) => (value instanceof Uint8Array ? value : fromBase64(toStringOf(value))),
  },
};

function toDateTimeOffset(value: Uniform): DateTimeOffset {
  if (value instanceof DateTimeOffset) return value;
  if (value instanceof DateTime) return new DateTimeOffset(value, TimeSpan.zero);
  const parsed = readDate(toStringOf(value));
  if (!parsed) throw formatException('String was not recognized as a valid DateTime.');
  return new DateTimeOffset(parsed.clock, new TimeSpan(BigInt(parsed.offset ?? 0) * ticksPerMinute));
}

/** `Extensions.Convert`: what `Value<T>` does with a token. */
export function valueAs(
  token: JToken | null,
  type: { readonly name: string; readonly defaultValue: Uniform; test(value: unknown): boolean },
): Uniform {
  if (token === null) return type.defaultValue;
  if (type.test(token)) return token;
  const target = /^System\.Nullable<(.+)>$/.exec(type.name)?.[1];
  if (!(token instanceof JValue)) {
    const shown = 'Newtonsoft.Json.Linq.JToken';
    throw new NetException('System.InvalidCastException', `Cannot cast ${nameOf(token)} to ${shown}.`);
  }
  if (token.value !== null && type.test(token.value)) return token.value;
  if (target !== undefined && token.value === null) return null;
  return changeType(token.value, target ?? type.name);
}

function nameOf(token: JToken): string {
  return `Newtonsoft.Json.Linq.${token.constructor.name}`;
}
