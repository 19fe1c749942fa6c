/** Values of messages as filters and actions compute with them, and back. */
import { type AmqpValue, Described, double, long, symbol, Typed, timestamp, uuid } from '@lazuli/amqp';
import type { SqlOther, SqlValue } from '../contract.ts';
import { FilterError } from '../errors.ts';
import { uuidText } from './message-id.ts';

/** Undefined: a list, a map and the like, which no filter can look at. */
export function sqlValueOf(value: AmqpValue): SqlValue | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Described) return describedValue(value);
  if (!(value instanceof Typed)) return undefined;
  const { type, value: inner } = value;
  switch (type) {
    case 'float':
    case 'double':
      return Number(inner);
    case 'timestamp':
      return new Date(Number(inner));
    case 'symbol':
      return String(inner);
    case 'char':
      return String.fromCodePoint(Number(inner));
    case 'uuid':
      return Buffer.isBuffer(inner) ? { type: 'guid', text: uuidText(inner) } : undefined;
    case 'decimal32':
    case 'decimal64':
    case 'decimal128':
      return undefined;
    default:
      return BigInt(inner as number | bigint);
  }
}

const ticksPerMillisecond = 10_000n;
/** Ticks of .NET at 1970-01-01. */
const ticksAt1970 = 621_355_968_000_000_000n;

/** Types that .NET clients describe: TimeSpan, Uri, DateTimeOffset. */
function describedValue(value: Described): SqlValue | undefined {
  const descriptor = value.descriptor instanceof Typed ? String(value.descriptor.value) : '';
  const inner = value.value instanceof Typed ? value.value.value : value.value;
  switch (descriptor) {
    case 'com.microsoft:timespan':
      return typeof inner === 'number' || typeof inner === 'bigint'
        ? { type: 'timespan', text: timeSpanText(BigInt(inner)) }
        : undefined;
    case 'com.microsoft:uri':
      return typeof inner === 'string' ? { type: 'uri', text: inner } : undefined;
    case 'com.microsoft:datetime-offset':
      return typeof inner === 'number' || typeof inner === 'bigint'
        ? new Date(Number((BigInt(inner) - ticksAt1970) / ticksPerMillisecond))
        : undefined;
    default:
      return undefined;
  }
}

/** As `TimeSpan.ToString()`: `[-][d.]hh:mm:ss[.fffffff]`. */
export function timeSpanText(ticks: bigint): string {
  const sign = ticks < 0n ? '-' : '';
  const all = ticks < 0n ? -ticks : ticks;
  const fraction = all % 10_000_000n;
  const seconds = all / 10_000_000n;
  const days = seconds / 86_400n;
  const two = (value: bigint) => String(value).padStart(2, '0');
  const clock = `${two((seconds / 3600n) % 24n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  return `${sign}${days > 0n ? `${days}.` : ''}${clock}${fraction > 0n ? `.${String(fraction).padStart(7, '0')}` : ''}`;
}

/** @throws {FilterError} for text that is no time span */
function ticksOf(text: string): bigint {
  const match = /^(-?)(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/.exec(text);
  if (match === null) throw new FilterError(`'${text}' is no time span.`);
  const [, sign, days, hours, minutes, seconds, fraction] = match;
  const whole =
    ((BigInt(days ?? 0) * 24n + BigInt(hours ?? 0)) * 60n + BigInt(minutes ?? 0)) * 60n + BigInt(seconds ?? 0);
  const ticks = whole * 10_000_000n + BigInt((fraction ?? '').padEnd(7, '0') || 0);
  return sign === '-' ? -ticks : ticks;
}

/**
 * The AMQP value, of the type that was there before where the new one can be converted to it.
 * @throws {FilterError} where it does not fit into that type
 */
export function amqpValueOf(value: SqlValue, before?: AmqpValue): AmqpValue {
  if (before instanceof Typed) {
    const converted = asTypeOf(before.type, value);
    if (converted !== undefined) return converted;
  }
  if (typeof before === 'string' && value !== null && typeof value !== 'object') return String(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return long(value);
  if (typeof value === 'number') return double(value);
  if (value instanceof Date) return timestamp(value.getTime());
  if (value instanceof Uint8Array) return Buffer.from(value);
  return otherValue(value);
}

function otherValue(value: SqlOther): AmqpValue {
  if (value.type === 'guid') return uuid(Buffer.from(value.text.replaceAll('-', ''), 'hex'));
  if (value.type === 'timespan') return new Described(symbol('com.microsoft:timespan'), long(ticksOf(value.text)));
  return new Described(symbol('com.microsoft:uri'), value.text);
}

const ranges: { readonly [type: string]: readonly [least: bigint, most: bigint] } = {
  ubyte: [0n, 0xffn],
  ushort: [0n, 0xffffn],
  uint: [0n, 0xffff_ffffn],
  ulong: [0n, 0xffff_ffff_ffff_ffffn],
  byte: [-0x80n, 0x7fn],
  short: [-0x8000n, 0x7fffn],
  int: [-0x8000_0000n, 0x7fff_ffffn],
  long: [-0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn],
};

function asTypeOf(type: Typed['type'], value: SqlValue): Typed | undefined {
  if (type === 'double' || type === 'float') {
    return typeof value === 'bigint' || typeof value === 'number' ? new Typed(type, Number(value)) : undefined;
  }
  const range = ranges[type];
  if (range === undefined) return undefined;
  let whole: bigint;
  if (typeof value === 'bigint') whole = value;
  else if (typeof value === 'number' && Number.isFinite(value)) whole = BigInt(Math.trunc(value));
  else return undefined;
  if (whole < range[0] || whole > range[1])
    throw new FilterError(`${whole} does not fit into a property of type ${type}.`);
  return new Typed(type, type === 'long' || type === 'ulong' ? whole : Number(whole));
}
