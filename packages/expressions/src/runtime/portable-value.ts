import { startBudget } from './budget.ts';
import { DateTime } from './datetime.ts';
import { DateTimeOffset } from './datetimeoffset.ts';
import { Decimal } from './decimal.ts';
import { Guid } from './guid.ts';
import { parseJson } from './json/reader.ts';
import { JConstructor, JProperty, JToken } from './json/token.ts';
import { writeJson } from './json/writer.ts';
import { toStringOf } from './object.ts';
import { TimeSpan } from './timespan.ts';
import { Boxed, elementTypeOf, netArray, type Uniform } from './values.ts';

/**
 * A UNIFORM value outside this process: plain JSON that remembers the .NET type (`cache-store-value` over Redis). null,
 * string, bool and int stand for themselves, everything else is `{ type, value }`.
 */
export type PortableValue =
  | null
  | string
  | boolean
  | number
  | { readonly type: string; readonly value: string | readonly PortableValue[] };

/**
 * Gives undefined for a value that is bound to this process: a response, a dictionary, a delegate ... A JToken travels as
 * JSON text: a text in it that looks like a date is a date afterwards, as always when Newtonsoft reads JSON.
 */
export function toPortable(value: Uniform): PortableValue | undefined {
  // Outside of an evaluation: what the last one left of its budget is not ours.
  startBudget();
  return portableOf(value, 0);
}

function portableOf(value: Uniform, depth: number): PortableValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return { type: 'System.Int64', value: String(value) };
  if (value instanceof Boxed)
    return { type: value.type, value: Object.is(value.value, -0) ? '-0' : String(value.value) };
  if (value instanceof Uint8Array) return { type: 'System.Byte[]', value: Buffer.from(value).toString('base64') };
  if (value instanceof JToken)
    return value instanceof JProperty || value instanceof JConstructor
      ? undefined
      : { type: 'Newtonsoft.Json.Linq.JToken', value: writeJson(value, false) };
  if (value instanceof DateTime) return { type: 'System.DateTime', value: `${value.ticks} ${value.kind}` };
  if (value instanceof DateTimeOffset)
    return { type: 'System.DateTimeOffset', value: `${value.clock.ticks} ${value.offset.ticks}` };
  if (value instanceof TimeSpan) return { type: 'System.TimeSpan', value: String(value.ticks) };
  if (value instanceof Guid) return { type: 'System.Guid', value: toStringOf(value) };
  if (value instanceof Decimal) return { type: 'System.Decimal', value: `${value.coefficient} ${value.scale}` };
  if (Array.isArray(value)) return depth < maxDepth ? portableArray(value, depth) : undefined;
  return undefined;
}

const maxDepth = 16;

function portableArray(array: readonly Uniform[], depth: number): PortableValue | undefined {
  const items: PortableValue[] = [];
  for (const item of array) {
    const portable = portableOf(item, depth + 1);
    if (portable === undefined) return undefined;
    items.push(portable);
  }
  return { type: `${elementTypeOf(array)}[]`, value: items };
}

/** The value again. Gives undefined for anything that {@link toPortable} did not make. */
export function fromPortable(portable: unknown): Uniform | undefined {
  startBudget();
  return uniformOf(portable, 0);
}

function uniformOf(portable: unknown, depth: number): Uniform | undefined {
  if (portable === null || typeof portable === 'string' || typeof portable === 'boolean') return portable;
  if (typeof portable === 'number') return Number.isInteger(portable) ? portable : undefined;
  if (typeof portable !== 'object' || !('type' in portable) || !('value' in portable)) return undefined;
  const { type, value } = portable;
  if (typeof type !== 'string') return undefined;
  if (Array.isArray(value)) return depth < maxDepth ? arrayOf(type, value, depth) : undefined;
  if (typeof value !== 'string') return undefined;
  try {
    return read(type, value);
  } catch {
    return undefined;
  }
}

function read(type: string, text: string): Uniform | undefined {
  const [first = '', second = ''] = text.split(' ');
  switch (type) {
    case 'System.Int64':
      return BigInt(text);
    case 'System.UInt64':
      return new Boxed(type, BigInt(text));
    case 'System.Byte[]':
      return new Uint8Array(Buffer.from(text, 'base64'));
    case 'Newtonsoft.Json.Linq.JToken':
      return parseJson(text);
    case 'System.DateTime':
      return new DateTime(BigInt(first), Number(second));
    case 'System.DateTimeOffset':
      return new DateTimeOffset(new DateTime(BigInt(first)), new TimeSpan(BigInt(second)));
    case 'System.TimeSpan':
      return new TimeSpan(BigInt(text));
    case 'System.Guid':
      return Guid.parse(text);
    case 'System.Decimal':
      return Decimal.of(BigInt(first), Number(second));
    default:
      return new Boxed(type, Number(text));
  }
}

function arrayOf(type: string, items: readonly unknown[], depth: number): Uniform | undefined {
  const values = items.map((item) => uniformOf(item, depth + 1));
  return values.includes(undefined) ? undefined : netArray(type.replace(/\[\]$/, ''), values);
}

/**
 * A copy that shares nothing changeable with the value, for keeping it beyond the request. Undefined as for
 * {@link toPortable}.
 */
export function copyOf(value: Uniform): Uniform | undefined {
  startBudget();
  return copied(value, 0);
}

function copied(value: Uniform, depth: number): Uniform | undefined {
  if (value instanceof JProperty || value instanceof JConstructor) return undefined;
  if (value instanceof JToken) return value.deepClone();
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (!Array.isArray(value)) return portableOf(value, depth) === undefined ? undefined : value;
  if (depth >= maxDepth) return undefined;
  const items = value.map((item) => copied(item, depth + 1));
  return items.includes(undefined) ? undefined : netArray(elementTypeOf(value), items);
}
