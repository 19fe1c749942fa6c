import { parseDateTime } from '../../runtime/convert.ts';
import { DateTime, daysInMonth, isLeapYear, kinds } from '../../runtime/datetime.ts';
import { argumentException, argumentNull, formatException } from '../../runtime/exceptions.ts';
import { formatDateTime } from '../../runtime/format-date.ts';
import { compareOf, equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import { dateStyles, readDate, toDateTime } from '../../runtime/parse-date.ts';
import { readDateExact } from '../../runtime/parse-date-exact.ts';
import { TimeSpan, ticksPerMillisecond } from '../../runtime/timespan.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type Out } from '../declare.ts';

const now = (kind: number) => DateTime.fromUnixMilliseconds(Date.now(), kind);

/** `Convert.ToDateTime` and `DateTime.Parse` share the reading. */
function parse(text: string | null, allowed: number): DateTime {
  if (text === null) throw argumentNull('s');
  return parseDateTime(text, allowed);
}

function tryParse(text: string | null, allowed: number, result: Out<DateTime>): boolean {
  const parsed = text === null ? undefined : readDate(text, (allowed & dateStyles.noCurrentDateDefault) !== 0);
  const date = parsed && toDateTime(parsed, allowed);
  result.value = date ?? DateTime.minValue;
  return date !== undefined;
}

function readExact(text: string, formats: readonly Uniform[], allowed: number): DateTime | undefined {
  for (const format of formats) {
    const parsed = readDateExact(text, String(format ?? ''), allowed);
    // o keeps the kind that the text has; U is in UTC by definition.
    const kind =
      format === 'o' || format === 'O' ? dateStyles.roundtripKind : format === 'U' ? dateStyles.adjustToUniversal : 0;
    const date = parsed && toDateTime(parsed, allowed | kind);
    if (date) return date;
  }
  return undefined;
}

function parseExact(text: string | null, formats: readonly Uniform[] | null, allowed: number): DateTime {
  if (text === null) throw argumentNull('s');
  if (formats === null) throw argumentNull('format');
  const date = readExact(text, formats, allowed);
  if (!date) throw formatException('String was not recognized as a valid DateTime.');
  return date;
}

function tryParseExact(
  text: string | null,
  formats: readonly Uniform[] | null,
  allowed: number,
  result: Out<DateTime>,
): boolean {
  let date: DateTime | undefined;
  if (text !== null && formats !== null && !formats.includes(null)) {
    try {
      date = readExact(text, formats, allowed);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'System.FormatException') throw error;
    }
  }
  result.value = date ?? DateTime.minValue;
  return date !== undefined;
}

/** The local zone is UTC, so that a conversion only changes the kind; an unspecified kind is taken for the other one. */
const toKind = (kind: number) => (self: DateTime) => self.withKind(kind);

const unit = (milliseconds: number) => (self: DateTime, value: number) => self.addUnits(value, milliseconds);
const negated = (span: TimeSpan) => -span.ticks;

function create(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  millisecond = 0,
  kind = 0,
): DateTime {
  if (kind < 0 || kind > 2) throw argumentException('Invalid DateTimeKind value.', 'kind');
  return DateTime.of(year, month, day, hour, minute, second, millisecond, kind);
}

const comparisons: Record<string, Implementation> = {
  'static bool operator ==(DateTime d1, DateTime d2)': (a: DateTime, b: DateTime) => a.ticks === b.ticks,
  'static bool operator !=(DateTime d1, DateTime d2)': (a: DateTime, b: DateTime) => a.ticks !== b.ticks,
  'static bool operator <(DateTime t1, DateTime t2)': (a: DateTime, b: DateTime) => a.ticks < b.ticks,
  'static bool operator >(DateTime t1, DateTime t2)': (a: DateTime, b: DateTime) => a.ticks > b.ticks,
  'static bool operator <=(DateTime t1, DateTime t2)': (a: DateTime, b: DateTime) => a.ticks <= b.ticks,
  'static bool operator >=(DateTime t1, DateTime t2)': (a: DateTime, b: DateTime) => a.ticks >= b.ticks,
  'static TimeSpan operator -(DateTime d1, DateTime d2)': (a: DateTime, b: DateTime) => new TimeSpan(a.ticks - b.ticks),
  'static DateTime operator -(DateTime d, TimeSpan t)': (a: DateTime, b: TimeSpan) => a.addTicks(negated(b), 't'),
  'static DateTime operator +(DateTime d, TimeSpan t)': (a: DateTime, b: TimeSpan) => a.addTicks(b.ticks, 't'),
  'static int Compare(DateTime t1, DateTime t2)': (a: DateTime, b: DateTime) => compareOf(a, b),
  'static bool Equals(DateTime t1, DateTime t2)': (a: DateTime, b: DateTime) => a.ticks === b.ticks,
  'int CompareTo(DateTime value)': (self: DateTime, other: DateTime) => compareOf(self, other),
  'int CompareTo(object value)': (self: DateTime, other: Uniform) => compareOf(self, other),
  'bool Equals(DateTime value)': (self: DateTime, other: DateTime) => self.ticks === other.ticks,
  'bool Equals(object value)': (self: DateTime, other: Uniform) => equalsOf(self, other),
  'int GetHashCode()': (self: DateTime) => hashOf(self),
};

const parsing: Record<string, Implementation> = {
  'static DateTime Parse(string s)': (text: string | null) => parse(text, 0),
  'static DateTime Parse(string s, IFormatProvider provider)': (text: string | null) => parse(text, 0),
  'static DateTime Parse(string s, IFormatProvider provider, DateTimeStyles styles)': (
    text: string | null,
    _provider: unknown,
    allowed: number,
  ) => parse(text, allowed),
  'static bool TryParse(string s, out DateTime result)': (text: string | null, result: Out<DateTime>) =>
    tryParse(text, 0, result),
  'static bool TryParse(string s, IFormatProvider provider, DateTimeStyles styles, out DateTime result)': (
    text: string | null,
    _provider: unknown,
    allowed: number,
    result: Out<DateTime>,
  ) => tryParse(text, allowed, result),
  'static DateTime ParseExact(string s, string format, IFormatProvider provider)': (
    text: string | null,
    format: string | null,
  ) => parseExact(text, format === null ? null : [format], 0),
  'static DateTime ParseExact(string s, string format, IFormatProvider provider, DateTimeStyles style)': (
    text: string | null,
    format: string | null,
    _provider: unknown,
    allowed: number,
  ) => parseExact(text, format === null ? null : [format], allowed),
  'static DateTime ParseExact(string s, string[] formats, IFormatProvider provider, DateTimeStyles style)': (
    text: string | null,
    formats: readonly Uniform[] | null,
    _provider: unknown,
    allowed: number,
  ) => parseExact(text, formats, allowed),
  'static bool TryParseExact(string s, string format, IFormatProvider provider, DateTimeStyles style, out DateTime result)':
    (text: string | null, format: string | null, _provider: unknown, allowed: number, result: Out<DateTime>) =>
      tryParseExact(text, [format], allowed, result),
  'static bool TryParseExact(string s, string[] formats, IFormatProvider provider, DateTimeStyles style, out DateTime result)':
    (
      text: string | null,
      formats: readonly Uniform[] | null,
      _provider: unknown,
      allowed: number,
      result: Out<DateTime>,
    ) => tryParseExact(text, formats, allowed, result),
};

export const dateTimeType = declareType({
  name: 'System.DateTime',
  kind: 'struct',
  interfaces: ['IComparable', 'IComparable<DateTime>', 'IEquatable<DateTime>', 'IFormattable'],
  members: {
    'new()': () => DateTime.minValue,
    'new(long ticks)': (ticks: bigint) => new DateTime(ticks),
    'new(long ticks, DateTimeKind kind)': (ticks: bigint, kind: number) => new DateTime(ticks, kind),
    'new(int year, int month, int day)': create,
    'new(int year, int month, int day, int hour, int minute, int second)': create,
    'new(int year, int month, int day, int hour, int minute, int second, DateTimeKind kind)': (
      year: number,
      month: number,
      day: number,
      hour: number,
      minute: number,
      second: number,
      kind: number,
    ) => create(year, month, day, hour, minute, second, 0, kind),
    'new(int year, int month, int day, int hour, int minute, int second, int millisecond)': create,
    'new(int year, int month, int day, int hour, int minute, int second, int millisecond, DateTimeKind kind)': create,
    'static DateTime Now { get; }': () => now(kinds.local),
    'static DateTime UtcNow { get; }': () => now(kinds.utc),
    'static DateTime Today { get; }': () => now(kinds.local).date,
    'static DateTime MinValue { get; }': () => DateTime.minValue,
    'static DateTime MaxValue { get; }': () => DateTime.maxValue,
    'static DateTime UnixEpoch { get; }': () => DateTime.unixEpoch,
    'DateTime Date { get; }': (self: DateTime) => self.date,
    'int Day { get; }': (self: DateTime) => self.day,
    'DayOfWeek DayOfWeek { get; }': (self: DateTime) => self.dayOfWeek,
    'int DayOfYear { get; }': (self: DateTime) => self.dayOfYear,
    'int Hour { get; }': (self: DateTime) => self.hour,
    'DateTimeKind Kind { get; }': (self: DateTime) => self.kind,
    'int Millisecond { get; }': (self: DateTime) => self.millisecond,
    'int Minute { get; }': (self: DateTime) => self.minute,
    'int Month { get; }': (self: DateTime) => self.month,
    'int Second { get; }': (self: DateTime) => self.second,
    'long Ticks { get; }': (self: DateTime) => self.ticks,
    'TimeSpan TimeOfDay { get; }': (self: DateTime) => self.timeOfDay,
    'int Year { get; }': (self: DateTime) => self.year,
    'DateTime Add(TimeSpan value)': (self: DateTime, span: TimeSpan) => self.addTicks(span.ticks),
    'DateTime AddDays(double value)': unit(86_400_000),
    'DateTime AddHours(double value)': unit(3_600_000),
    'DateTime AddMinutes(double value)': unit(60_000),
    'DateTime AddSeconds(double value)': unit(1000),
    'DateTime AddMilliseconds(double value)': unit(1),
    'DateTime AddTicks(long value)': (self: DateTime, ticks: bigint) => self.addTicks(ticks),
    'DateTime AddMonths(int months)': (self: DateTime, months: number) => self.addMonths(months),
    'DateTime AddYears(int value)': (self: DateTime, years: number) => self.addYears(years),
    'TimeSpan Subtract(DateTime value)': (self: DateTime, other: DateTime) => new TimeSpan(self.ticks - other.ticks),
    'DateTime Subtract(TimeSpan value)': (self: DateTime, span: TimeSpan) => self.addTicks(negated(span)),
    'DateTime ToUniversalTime()': toKind(kinds.utc),
    'DateTime ToLocalTime()': toKind(kinds.local),
    'bool IsDaylightSavingTime()': () => false,
    'long ToFileTime()': (self: DateTime) => self.ticks - 504_911_232_000_000_000n,
    'long ToFileTimeUtc()': (self: DateTime) => self.ticks - 504_911_232_000_000_000n,
    'double ToOADate()': (self: DateTime) =>
      Number((self.ticks - 599_264_352_000_000_000n) / ticksPerMillisecond) / 86_400_000,
    'static int DaysInMonth(int year, int month)': daysInMonth,
    'static bool IsLeapYear(int year)': isLeapYear,
    'static DateTime SpecifyKind(DateTime value, DateTimeKind kind)': (value: DateTime, kind: number) =>
      value.withKind(kind),
    'static DateTime FromFileTimeUtc(long fileTime)': (time: bigint) =>
      new DateTime(time + 504_911_232_000_000_000n, kinds.utc),
    ...parsing,
    ...comparisons,
    'string ToString()': (self: DateTime) => toStringOf(self),
    'string ToString(string format)': (self: DateTime, format: string | null) => formatDateTime(self, format, null),
    'string ToString(IFormatProvider provider)': (self: DateTime) => toStringOf(self),
    'string ToString(string format, IFormatProvider provider)': (self: DateTime, format: string | null) =>
      formatDateTime(self, format, null),
    'string ToShortDateString()': (self: DateTime) => formatDateTime(self, 'd', null),
    'string ToLongDateString()': (self: DateTime) => formatDateTime(self, 'D', null),
    'string ToShortTimeString()': (self: DateTime) => formatDateTime(self, 't', null),
    'string ToLongTimeString()': (self: DateTime) => formatDateTime(self, 'T', null),
  },
});
