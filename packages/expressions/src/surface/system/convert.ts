import { fromBase64, toBase64 } from '../../runtime/base64.ts';
import { chargeMemory } from '../../runtime/budget.ts';
import {
  changeType,
  parseDateTime,
  toBoolean,
  toChar,
  toDate,
  toDecimal,
  toDouble,
  toInteger,
} from '../../runtime/convert.ts';
import {
  argumentException,
  argumentNull,
  argumentOutOfRange,
  formatException,
  overflow,
} from '../../runtime/exceptions.ts';
import { keywordTypes } from '../../runtime/keyword-types.ts';
import type { NetType } from '../../runtime/net-type.ts';
import { toStringOf } from '../../runtime/object.ts';
import { box, type Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation } from '../declare.ts';
import { integerByName, integerTypes } from './numbers.ts';

/** What can be given to a conversion, by keyword, with the full name to make it UNIFORM. */
const sources: Readonly<Record<string, string>> = { ...keywordTypes, DateTime: 'System.DateTime' };

type Target = readonly [keyword: string, name: string, convert: (value: Uniform) => unknown];
const targets: readonly Target[] = [
  ...integerTypes.map(
    (type): Target => [type.keyword, type.name.replace('System.', ''), (value) => toInteger(value, type)],
  ),
  ['double', 'Double', toDouble],
  ['float', 'Single', (value) => Math.fround(toDouble(value))],
  ['decimal', 'Decimal', toDecimal],
  ['bool', 'Boolean', toBoolean],
  ['char', 'Char', toChar],
  ['DateTime', 'DateTime', toDate],
  ['string', 'String', (value) => toStringOf(value)],
];

const conversions: Record<string, Implementation> = {};
for (const [keyword, name, convert] of targets) {
  for (const [source, type] of Object.entries(sources)) {
    const call = (value: unknown) => convert(box(type, value));
    conversions[`static ${keyword} To${name}(${source} value)`] = call;
    if (source === 'string' || source === 'object' || name === 'String') {
      conversions[`static ${keyword} To${name}(${source} value, IFormatProvider provider)`] = call;
    }
  }
}
// A null string stays null.
conversions['static string ToString(string value)'] = (value: string | null) => value;
conversions['static string ToString(string value, IFormatProvider provider)'] = (value: string | null) => value;

const bases = [2, 8, 10, 16];

/** `Convert.ToInt32(text, base)`: two's complement for bases other than ten. */
function fromBase(text: string | null, base: number, type: (typeof integerTypes)[number]): number | bigint {
  if (!bases.includes(base)) throw argumentException('Invalid Base.');
  if (text === null) return type.big ? 0n : 0;
  if (text === '') {
    throw argumentOutOfRange(
      '',
      'Index was out of range. Must be non-negative and less than the size of the collection.',
    );
  }
  const raw = (value: bigint) => (type.big ? value : Number(value));
  if (base === 10) return toInteger(text, type);
  const digits = base === 16 ? text.replace(/^0x/i, '') : text;
  if (text.startsWith('-')) throw argumentException('String cannot contain a minus sign if the base is not 10.');
  const allowed = base === 2 ? /^[01]+$/ : base === 8 ? /^[0-7]+$/ : /^[0-9a-f]+$/i;
  if (!allowed.test(digits))
    throw formatException(
      digits === ''
        ? 'Could not find any recognizable digits.'
        : 'Additional non-parsable characters are at the end of the string.',
    );
  const bits = (type.max - type.min).toString(2).length;
  const figures = digits.replace(/^0+/, '');
  if (figures.length > 64) throw tooLarge(type);
  const value = figures === '' ? 0n : BigInt((base === 2 ? '0b' : base === 8 ? '0o' : '0x') + figures);
  if (value >> BigInt(bits) !== 0n) throw tooLarge(type);
  return raw(type.min < 0n ? BigInt.asIntN(bits, value) : value);
}

const tooLarge = (type: { readonly article: string }) =>
  overflow(`Value was either too large or too small for ${type.article}.`);

function toBase(value: number | bigint, base: number, bits: number): string {
  if (!bases.includes(base)) throw argumentException('Invalid Base.');
  if (base === 10) return String(value);
  return BigInt.asUintN(bits, BigInt(value)).toString(base);
}

const baseMembers: Record<string, Implementation> = {};
for (const type of integerTypes) {
  baseMembers[`static ${type.keyword} To${type.name.replace('System.', '')}(string value, int fromBase)`] = (
    text: string | null,
    base: number,
  ) => fromBase(text, base, type);
}
for (const [keyword, bits] of [
  ['byte', 8],
  ['short', 16],
  ['int', 32],
  ['long', 64],
] as const) {
  baseMembers[`static string ToString(${keyword} value, int toBase)`] = (value: number | bigint, base: number) =>
    toBase(value, base, bits);
}

function fromHex(text: string | null): Uint8Array {
  if (text === null) throw argumentNull('s');
  if (text.length % 2 !== 0) {
    throw formatException('The input is not a valid hex string as its length is not a multiple of 2.');
  }
  if (!/^[0-9a-f]*$/i.test(text)) {
    throw formatException('The input is not a valid hex string as it contains a non-hex character.');
  }
  chargeMemory(text.length);
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function hex(bytes: Uint8Array | null): string {
  if (bytes === null) throw argumentNull('inArray');
  chargeMemory(bytes.length * 2);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

export const convertType = declareType({
  name: 'System.Convert',
  kind: 'static',
  members: {
    ...conversions,
    ...baseMembers,
    'static DateTime ToDateTime(string value, IFormatProvider provider)': (value: string | null) =>
      value === null ? toDate(null) : parseDateTime(value, 0),
    'static byte[] FromBase64String(string s)': fromBase64,
    'static string ToBase64String(byte[] inArray)': (bytes: Uint8Array | null) =>
      toBase64(bytes, 0, bytes?.length ?? 0, false),
    'static string ToBase64String(byte[] inArray, Base64FormattingOptions options)': (
      bytes: Uint8Array | null,
      options: number,
    ) => toBase64(bytes, 0, bytes?.length ?? 0, options === 1),
    'static string ToBase64String(byte[] inArray, int offset, int length)': (
      bytes: Uint8Array | null,
      offset: number,
      length: number,
    ) => toBase64(bytes, offset, length, false),
    'static byte[] FromHexString(string s)': fromHex,
    'static string ToHexString(byte[] inArray)': (bytes: Uint8Array | null) => hex(bytes).toUpperCase(),
    'static string ToHexStringLower(byte[] inArray)': hex,
    'static object ChangeType(object value, Type conversionType)': (value: Uniform, type: NetType | null) => {
      if (type === null) throw argumentNull('conversionType');
      return changeType(value, type.fullName, integerByName(type.fullName));
    },
    'static object ChangeType(object value, Type conversionType, IFormatProvider provider)': (
      value: Uniform,
      type: NetType | null,
    ) => {
      if (type === null) throw argumentNull('conversionType');
      return changeType(value, type.fullName, integerByName(type.fullName));
    },
  },
});
