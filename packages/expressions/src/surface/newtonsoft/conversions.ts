import { type JToken, JValue } from '../../runtime/json/token.ts';
import { convertToken } from '../../runtime/json/token-convert.ts';
import type { Uri } from '../../runtime/uri.ts';
import { box, unbox } from '../../runtime/values.ts';
import type { Implementation } from '../declare.ts';

/** C# name, full name, and whether it is a value type (then a nullable operator exists as well). */
const primitives = [
  ['bool', 'System.Boolean'],
  ['byte', 'System.Byte'],
  ['sbyte', 'System.SByte'],
  ['short', 'System.Int16'],
  ['ushort', 'System.UInt16'],
  ['int', 'System.Int32'],
  ['uint', 'System.UInt32'],
  ['long', 'System.Int64'],
  ['ulong', 'System.UInt64'],
  ['float', 'System.Single'],
  ['double', 'System.Double'],
  ['decimal', 'System.Decimal'],
  ['char', 'System.Char'],
  ['DateTime', 'System.DateTime'],
  ['DateTimeOffset', 'System.DateTimeOffset'],
  ['Guid', 'System.Guid'],
  ['TimeSpan', 'System.TimeSpan'],
] as const;

/** Integers become the `long` that JValue(long) holds; the rest keep their type. */
function toValue(type: string, raw: unknown): JValue {
  if (raw === null) return new JValue(null);
  if (integers.has(type)) return new JValue(BigInt(raw as number | bigint));
  return new JValue(box(type, raw));
}
const integers = new Set([
  'System.Byte',
  'System.SByte',
  'System.Int16',
  'System.UInt16',
  'System.Int32',
  'System.UInt32',
  'System.Int64',
]);

/** The implicit operators from values to JToken. */
export const toToken: Readonly<Record<string, Implementation>> = {
  ...Object.fromEntries(
    primitives.flatMap(([name, type]) => [
      [`static implicit operator JToken(${name} value)`, (value: unknown) => toValue(type, value)],
      [`static implicit operator JToken(${name}? value)`, (value: unknown) => toValue(type, value)],
    ]),
  ),
  'static implicit operator JToken(string value)': (value: string | null) => new JValue(value, 8),
  'static implicit operator JToken(Uri value)': (value: Uri | null) => new JValue(value, 16),
  'static implicit operator JToken(byte[] value)': (value: Uint8Array | null) => new JValue(value, 14),
};

/** The explicit operators from JToken to values. */
export const fromToken: Readonly<Record<string, Implementation>> = {
  ...Object.fromEntries(
    primitives.flatMap(([name, type]) => [
      [
        `static explicit operator ${name}(JToken value)`,
        (value: JToken | null) => unbox(convertToken(value, type, false)),
      ],
      [
        `static explicit operator ${name}?(JToken value)`,
        (value: JToken | null) => unbox(convertToken(value, type, true)),
      ],
    ]),
  ),
  'static explicit operator string(JToken value)': (value: JToken | null) => convertToken(value, 'System.String', true),
  'static explicit operator Uri(JToken value)': (value: JToken | null) => convertToken(value, 'System.Uri', true),
  'static explicit operator byte[](JToken value)': (value: JToken | null) => convertToken(value, 'System.Byte[]', true),
};
