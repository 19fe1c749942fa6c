import { charge } from './budget.ts';
import { DateTime, daysInMonth, kinds } from './datetime.ts';
import { dayNames, monthNames } from './format-date.ts';
import { TimeSpan, ticksPerDay, ticksPerMinute } from './timespan.ts';

/** The values of `System.Globalization.DateTimeStyles`. */
export const dateStyles = {
  allowLeadingWhite: 1,
  allowTrailingWhite: 2,
  allowInnerWhite: 4,
  noCurrentDateDefault: 8,
  adjustToUniversal: 16,
  assumeLocal: 32,
  assumeUniversal: 64,
  roundtripKind: 128,
} as const;

/** A date as text gives it, before the styles decide about its kind. */
export interface ParsedDate {
  /** The clock time. */
  readonly clock: DateTime;
  /** Minutes from UTC, when the text says. */
  readonly offset?: number;
  /** Said by `Z` or `GMT`. */
  readonly utc?: boolean;
}

/** What the text names; the rest is filled by today or the first. */
export interface DateParts {
  year?: number;
  month?: number;
  day?: number;
  dayOfWeek?: number;
  hour?: number;
  minute?: number;
  second?: number;
  /** Ticks within the second. */
  ticks?: bigint;
  afternoon?: boolean;
  offset?: number;
  utc?: boolean;
}

/**
 * Reads a date in any of the invariant culture's forms and ISO 8601, as `DateTime.Parse` does: month before day before
 * year, names of months, times with AM and PM, offsets. Undefined when it is none.
 */
export function readDate(text: string, noCurrentDate = false): ParsedDate | undefined {
  charge(text.length >> 2);
  if (text.length > 200) return undefined;
  const parts: DateParts = {};
  const dateText = takeTime(text.trim().replace(/\0+$/, ''), parts);
  if (dateText === undefined || !takeDate(dateText, parts)) return undefined;
  return assemble(parts, noCurrentDate);
}

const timePattern =
  /(?:^|[\s,]|(?<=\d)T|(?<=^)T)(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,16}))?)?)?\s*([AaPp][Mm]?(?![A-Za-z]))?\s*(Z|z|GMT|UTC|[+-]\d{1,2}(?::?\d{2})?)?$/;

/** Takes the time and the zone off the end of the text; gives what is before, or undefined if they are wrong. */
function takeTime(text: string, parts: DateParts): string | undefined {
  const match = timePattern.exec(text);
  const isTime = match && (match[2] !== undefined || match[5] !== undefined);
  if (!isTime) {
    const zone = /^(\d{4}-\d{1,2}-\d{1,2})\s*(Z|z|[+-]\d{2}:\d{2})$/.exec(text);
    if (!zone) return text;
    return takeZone(zone[2], parts) ? zone[1] : undefined;
  }
  const [, hour, minute, second, fraction, half, zone] = match;
  parts.hour = Number(hour);
  parts.minute = Number(minute ?? 0);
  parts.second = Number(second ?? 0);
  parts.ticks = fraction ? roundFraction(fraction) : 0n;
  if (half) {
    if (parts.hour < 1 || parts.hour > 12) return undefined;
    parts.afternoon = /^p/i.test(half);
  }
  if (!takeZone(zone, parts)) return undefined;
  return text.slice(0, match.index).replace(/[\s,]+$/, '');
}

/** Seven digits, rounded half up. */
export function roundFraction(digits: string): bigint {
  const head = BigInt(digits.slice(0, 7).padEnd(7, '0'));
  return digits.charCodeAt(7) >= 53 ? head + 1n : head;
}

function takeZone(zone: string | undefined, parts: DateParts): boolean {
  if (zone === undefined) return true;
  if (/^(z|gmt|utc)$/i.test(zone)) {
    parts.utc = true;
    parts.offset = 0;
    return true;
  }
  const minutes = readOffset(zone);
  parts.offset = minutes;
  return minutes !== undefined;
}

/** `+h`, `+hh`, `+hhmm`, `+hh:mm` in minutes; undefined beyond 14 hours. */
export function readOffset(text: string): number | undefined {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(text);
  if (!match) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  if (Number(match[3] ?? 0) > 59 || minutes > 14 * 60) return undefined;
  return match[1] === '-' ? -minutes : minutes;
}

/** Reads the date; an empty text is a time alone. */
function takeDate(text: string, parts: DateParts): boolean {
  if (text === '') return parts.hour !== undefined;
  const tokens = text.match(/\d+|[A-Za-z]+|[^\dA-Za-z]+/g) ?? [];
  const numbers: string[] = [];
  let monthFirst = false;
  for (const token of tokens) {
    if (/^\d/.test(token)) {
      numbers.push(token);
    } else if (/^[A-Za-z]/.test(token)) {
      const month = nameIndex(monthNames, token);
      const day = nameIndex(dayNames, token);
      if (month !== undefined && parts.month === undefined) {
        parts.month = month + 1;
        monthFirst = numbers.length === 0;
      } else if (day !== undefined && parts.dayOfWeek === undefined) {
        parts.dayOfWeek = day;
      } else if (!/^(st|nd|rd|th)$/i.test(token) || numbers.length === 0) {
        return false;
      }
    } else if (!/^(\s*[-/.,]\s*|\s+)$/.test(token)) {
      return false;
    }
  }
  return parts.month === undefined ? takeNumbers(numbers, parts) : takeAroundMonth(numbers, monthFirst, parts);
}

function nameIndex(names: readonly string[], token: string): number | undefined {
  const lower = token.toLowerCase();
  const index = names.findIndex((name) => name.toLowerCase() === lower || name.slice(0, 3).toLowerCase() === lower);
  return index < 0 ? undefined : index;
}

function takeNumbers(numbers: readonly string[], parts: DateParts): boolean {
  const [a = '', b = '', c = ''] = numbers;
  if (numbers.length === 3) {
    if (a.length > 2) return fill(parts, a, b, c);
    return fill(parts, c, a, b);
  }
  if (numbers.length !== 2) return numbers.length === 0 && parts.dayOfWeek !== undefined && parts.hour !== undefined;
  if (a.length > 2) return fill(parts, a, b, '1');
  if (b.length > 2) return fill(parts, b, a, '1');
  return fill(parts, undefined, a, b);
}

/** `29 February 2024`, `February 29, 2024`, `February 2024`, `29 February`. */
function takeAroundMonth(numbers: readonly string[], monthFirst: boolean, parts: DateParts): boolean {
  const [a = '', b] = numbers;
  const month = String(parts.month);
  if (numbers.length === 2) {
    if (a.length > 2 && !monthFirst) return fill(parts, a, month, b ?? '');
    return fill(parts, b, month, a);
  }
  if (numbers.length !== 1) return false;
  return a.length > 2 ? fill(parts, a, month, '1') : fill(parts, undefined, month, a);
}

function fill(parts: DateParts, year: string | undefined, month: string, day: string): boolean {
  if (month.length > 2 || day.length > 2 || (year !== undefined && year.length > 4)) return false;
  if (year !== undefined) parts.year = year.length <= 2 ? fullYear(Number(year)) : Number(year);
  parts.month = Number(month);
  parts.day = Number(day);
  return true;
}

/** Two digits mean 1950 to 2049 (the invariant calendar's TwoDigitYearMax). */
export const fullYear = (year: number) => (year < 50 ? 2000 + year : 1900 + year);

/** Puts the parts together; undefined when they are no date, or the day of the week contradicts it. */
export function assemble(parts: DateParts, noCurrentDate: boolean): ParsedDate | undefined {
  const now = new Date();
  const dateGiven = parts.year !== undefined || parts.month !== undefined || parts.day !== undefined;
  const today = dateGiven || noCurrentDate ? undefined : now;
  const year = parts.year ?? (noCurrentDate ? 1 : now.getUTCFullYear());
  const month = parts.month ?? (today ? today.getUTCMonth() + 1 : 1);
  const day = parts.day ?? (today ? today.getUTCDate() : 1);
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const hour = hourOf(parts);
  const minute = parts.minute ?? 0;
  const second = parts.second ?? 0;
  const midnight = hour === 24 && minute === 0 && second === 0 && (parts.ticks ?? 0n) === 0n;
  if ((hour > 23 && !midnight) || minute > 59 || second > 59) return undefined;
  const date = DateTime.of(year, month, day);
  const time = TimeSpan.of(0, hour, minute, second).ticks + (parts.ticks ?? 0n);
  if (date.ticks + time >= DateTime.maxValue.ticks + 1n) return undefined;
  const clock = date.addTicks(time);
  if (parts.dayOfWeek !== undefined && dateGiven && date.dayOfWeek !== parts.dayOfWeek) return undefined;
  return { clock, offset: parts.offset, utc: parts.utc };
}

function hourOf({ hour = 0, afternoon }: DateParts): number {
  if (afternoon === undefined) return hour;
  return (hour % 12) + (afternoon ? 12 : 0);
}

/**
 * The DateTime that `DateTime.Parse` makes of it under the styles. The local zone is UTC: a text with an offset becomes
 * UTC's clock time with kind Local, or Utc with AdjustToUniversal (and RoundtripKind, for `Z`).
 */
export function toDateTime(parsed: ParsedDate, allowed: number): DateTime | undefined {
  const has = (style: number) => (allowed & style) !== 0;
  const { clock, offset, utc } = parsed;
  if (offset === undefined) {
    if (has(dateStyles.assumeUniversal) || (has(dateStyles.assumeLocal) && has(dateStyles.adjustToUniversal))) {
      return clock.withKind(has(dateStyles.adjustToUniversal) ? kinds.utc : kinds.local);
    }
    return clock.withKind(has(dateStyles.assumeLocal) ? kinds.local : kinds.unspecified);
  }
  const ticks = clock.ticks - BigInt(offset) * ticksPerMinute;
  if (ticks < 0n || ticks >= 3_652_059n * ticksPerDay) return undefined;
  const isUtc = has(dateStyles.adjustToUniversal) || (has(dateStyles.roundtripKind) && utc === true);
  return new DateTime(ticks, isUtc ? kinds.utc : kinds.local);
}
