import { DateTime, daysInMonth, kinds } from '../datetime.ts';
import { DateTimeOffset } from '../datetimeoffset.ts';
import { ticksPerMinute } from '../timespan.ts';
import type { Uniform } from '../values.ts';

const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,16}))?(?:(Z)|([+-])(\d\d):?(\d\d)?)?$/;

/**
 * The DateTime that a JSON text stands for, as Newtonsoft reads it (DateParseHandling.DateTime, RoundtripKind):
 * ISO 8601 with seconds, from 19 to 40 characters. `Z` gives kind Utc, an offset kind Local, neither Unspecified.
 * Undefined when the text stays a text. Also `/Date(1198908717056)/`.
 */
export function readDate(text: string): DateTime | undefined {
  if (text.startsWith('/Date(') && text.endsWith(')/')) return microsoftDate(text);
  if (text.length < 19 || text.length > 40 || text[10] !== 'T') return undefined;
  const found = iso.exec(text);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const midnight = hour === 24 && minute === 0 && second === 0;
  if ((hour > 23 && !midnight) || minute > 59 || second > 59) return undefined;
  const clock = DateTime.of(year, month, day, midnight ? 0 : hour, minute, second);
  const ticks = clock.ticks + fraction(found[7]) + (midnight ? 864_000_000_000n : 0n);
  const zone = found[8] ? 'Z' : found[9];
  if (zone === undefined) return dateOrNothing(ticks, kinds.unspecified);
  if (zone === 'Z') return dateOrNothing(ticks, kinds.utc);
  const minutes = Number(found[10]) * 60 + Number(found[11] ?? 0);
  const offset = BigInt(zone === '-' ? -minutes : minutes) * ticksPerMinute;
  return dateOrNothing(ticks - offset, kinds.local);
}

function fraction(digits: string | undefined): bigint {
  if (digits === undefined) return 0n;
  const seven = BigInt(digits.slice(0, 7).padEnd(7, '0'));
  return (digits[7] ?? '0') >= '5' ? seven + 1n : seven;
}

function dateOrNothing(ticks: bigint, kind: number): DateTime | undefined {
  return ticks < 0n || ticks > DateTime.maxValue.ticks ? undefined : new DateTime(ticks, kind);
}

function microsoftDate(text: string): DateTime | undefined {
  const found = /^\/Date\((-?\d{1,15})([+-]\d{4})?\)\/$/.exec(text);
  if (!found) return undefined;
  const ticks = DateTime.unixEpoch.ticks + BigInt(found[1] ?? 0) * 10_000n;
  return dateOrNothing(ticks, found[2] ? kinds.local : kinds.utc);
}

/** A date as Newtonsoft writes it: seven digits of fraction without the zeros at the end, `Z` for UTC. */
export function isoDate(value: Uniform): string {
  if (value instanceof DateTimeOffset) {
    const minutes = Number(value.offset.ticks / ticksPerMinute);
    return clockText(value.clock) + offsetText(minutes);
  }
  if (!(value instanceof DateTime)) return '';
  const zone = value.kind === kinds.utc ? 'Z' : value.kind === kinds.local ? '+00:00' : '';
  return clockText(value) + zone;
}

function clockText(date: DateTime): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const ticks = Number(date.ticks % 10_000_000n);
  const rest = ticks === 0 ? '' : `.${String(ticks).padStart(7, '0').replace(/0+$/, '')}`;
  const day = `${String(date.year).padStart(4, '0')}-${two(date.month)}-${two(date.day)}`;
  return `${day}T${two(date.hour)}:${two(date.minute)}:${two(date.second)}${rest}`;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
