import { DateTime, kinds } from '../../runtime/datetime.ts';
import { DateTimeOffset } from '../../runtime/datetimeoffset.ts';
import { argumentException, argumentNull, formatException } from '../../runtime/exceptions.ts';
import { formatDateTime } from '../../runtime/format-date.ts';
import { compareOf, equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import { dateStyles, type ParsedDate, readDate } from '../../runtime/parse-date.ts';
import { readDateExact } from '../../runtime/parse-date-exact.ts';
import { TimeSpan, ticksPerMillisecond, ticksPerMinute, ticksPerSecond } from '../../runtime/timespan.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type Out } from '../declare.ts';

/** A DateTime of kind Utc goes with no other offset. */
function withOffset(date: DateTime, offset: TimeSpan): DateTimeOffset {
  if (date.kind === kinds.utc && offset.ticks !== 0n) {
    throw argumentException('The UTC Offset for Utc DateTime instances must be 0.', 'offset');
  }
  if (date.kind === kinds.local && offset.ticks !== 0n) {
    throw argumentException(
      'The UTC Offset of the local dateTime parameter does not match the offset argument.',
      'offset',
    );
  }
  return new DateTimeOffset(date, offset);
}

/** Without an offset in the text, that of the local zone, which is UTC. */
function fromParsed(parsed: ParsedDate, allowed: number): DateTimeOffset {
  const value = new DateTimeOffset(parsed.clock, new TimeSpan(BigInt(parsed.offset ?? 0) * ticksPerMinute));
  return (allowed & dateStyles.adjustToUniversal) !== 0 ? value.toOffset(TimeSpan.zero) : value;
}

function parse(text: string | null, allowed = 0): DateTimeOffset {
  if (text === null) throw argumentNull('input');
  const parsed = readDate(text);
  if (!parsed) throw formatException('String was not recognized as a valid DateTime.');
  return fromParsed(parsed, allowed);
}

function tryParse(text: string | null, allowed: number, result: Out<DateTimeOffset>): boolean {
  const parsed = text === null ? undefined : readDate(text);
  result.value = parsed ? fromParsed(parsed, allowed) : DateTimeOffset.minValue;
  return parsed !== undefined;
}

function readAny(text: string, formats: readonly Uniform[], allowed: number): DateTimeOffset | undefined {
  for (const format of formats) {
    const parsed = readDateExact(text, String(format ?? ''), allowed);
    if (parsed) return fromParsed(parsed, allowed);
  }
  return undefined;
}

function parseExact(text: string | null, formats: readonly Uniform[], allowed = 0): DateTimeOffset {
  if (text === null) throw argumentNull('input');
  const value = readAny(text, formats, allowed);
  if (!value) throw formatException('String was not recognized as a valid DateTime.');
  return value;
}

function tryParseExact(
  text: string | null,
  formats: readonly Uniform[],
  allowed: number,
  result: Out<DateTimeOffset>,
): boolean {
  const value = text === null ? undefined : readAny(text, formats, allowed);
  result.value = value ?? DateTimeOffset.minValue;
  return value !== undefined;
}

const parts: Record<string, Implementation> = {};
for (const name of ['Day', 'DayOfYear', 'Hour', 'Millisecond', 'Minute', 'Month', 'Second', 'Year'] as const) {
  const property = (name.charAt(0).toLowerCase() + name.slice(1)) as Uncapitalize<typeof name>;
  parts[`int ${name} { get; }`] = (self: DateTimeOffset) => self.clock[property];
}
for (const [name, milliseconds] of [
  ['Days', 86_400_000],
  ['Hours', 3_600_000],
  ['Minutes', 60_000],
  ['Seconds', 1000],
  ['Milliseconds', 1],
] as const) {
  parts[`DateTimeOffset Add${name}(double value)`] = (self: DateTimeOffset, value: number) =>
    self.with(self.clock.addUnits(value, milliseconds));
}

const instant = (value: DateTimeOffset) => value.utc.ticks;
const now = () => new DateTimeOffset(DateTime.fromUnixMilliseconds(Date.now()), TimeSpan.zero);
const format = (self: DateTimeOffset, specifier: string | null) => formatDateTime(self.clock, specifier, self.offset);

export const dateTimeOffsetType = declareType({
  name: 'System.DateTimeOffset',
  kind: 'struct',
  interfaces: ['IComparable', 'IComparable<DateTimeOffset>', 'IEquatable<DateTimeOffset>', 'IFormattable'],
  members: {
    'new()': () => DateTimeOffset.minValue,
    'new(DateTime dateTime)': (date: DateTime) => new DateTimeOffset(date, TimeSpan.zero),
    'new(DateTime dateTime, TimeSpan offset)': withOffset,
    'new(long ticks, TimeSpan offset)': (ticks: bigint, offset: TimeSpan) =>
      new DateTimeOffset(new DateTime(ticks), offset),
    'new(int year, int month, int day, int hour, int minute, int second, TimeSpan offset)': (
      year: number,
      month: number,
      day: number,
      hour: number,
      minute: number,
      second: number,
      offset: TimeSpan,
    ) => new DateTimeOffset(DateTime.of(year, month, day, hour, minute, second), offset),
    'new(int year, int month, int day, int hour, int minute, int second, int millisecond, TimeSpan offset)': (
      year: number,
      month: number,
      day: number,
      hour: number,
      minute: number,
      second: number,
      millisecond: number,
      offset: TimeSpan,
    ) => new DateTimeOffset(DateTime.of(year, month, day, hour, minute, second, millisecond), offset),
    'static DateTimeOffset Now { get; }': now,
    'static DateTimeOffset UtcNow { get; }': now,
    'static DateTimeOffset MinValue { get; }': () => DateTimeOffset.minValue,
    'static DateTimeOffset MaxValue { get; }': () => DateTimeOffset.maxValue,
    'static DateTimeOffset UnixEpoch { get; }': () => DateTimeOffset.unixEpoch,
    'static DateTimeOffset FromUnixTimeSeconds(long seconds)': (seconds: bigint) =>
      DateTimeOffset.fromUnixSeconds(seconds),
    'static DateTimeOffset FromUnixTimeMilliseconds(long milliseconds)': (milliseconds: bigint) =>
      DateTimeOffset.fromUnixMilliseconds(milliseconds),
    'long ToUnixTimeSeconds()': (self: DateTimeOffset) => self.toUnix(ticksPerSecond),
    'long ToUnixTimeMilliseconds()': (self: DateTimeOffset) => self.toUnix(ticksPerMillisecond),
    'DateTime DateTime { get; }': (self: DateTimeOffset) => self.clock,
    'DateTime UtcDateTime { get; }': (self: DateTimeOffset) => self.utc,
    'DateTime LocalDateTime { get; }': (self: DateTimeOffset) => self.utc.withKind(kinds.local),
    'DateTime Date { get; }': (self: DateTimeOffset) => self.clock.date,
    'DayOfWeek DayOfWeek { get; }': (self: DateTimeOffset) => self.clock.dayOfWeek,
    'TimeSpan TimeOfDay { get; }': (self: DateTimeOffset) => self.clock.timeOfDay,
    'TimeSpan Offset { get; }': (self: DateTimeOffset) => self.offset,
    'long Ticks { get; }': (self: DateTimeOffset) => self.clock.ticks,
    'long UtcTicks { get; }': instant,
    ...parts,
    'DateTimeOffset Add(TimeSpan timeSpan)': (self: DateTimeOffset, span: TimeSpan) =>
      self.with(self.clock.addTicks(span.ticks)),
    'DateTimeOffset AddTicks(long ticks)': (self: DateTimeOffset, ticks: bigint) =>
      self.with(self.clock.addTicks(ticks)),
    'DateTimeOffset AddMonths(int months)': (self: DateTimeOffset, months: number) =>
      self.with(self.clock.addMonths(months)),
    'DateTimeOffset AddYears(int years)': (self: DateTimeOffset, years: number) =>
      self.with(self.clock.addYears(years)),
    'TimeSpan Subtract(DateTimeOffset value)': (self: DateTimeOffset, other: DateTimeOffset) =>
      new TimeSpan(instant(self) - instant(other)),
    'DateTimeOffset Subtract(TimeSpan value)': (self: DateTimeOffset, span: TimeSpan) =>
      self.with(self.clock.addTicks(-span.ticks)),
    'DateTimeOffset ToOffset(TimeSpan offset)': (self: DateTimeOffset, offset: TimeSpan) => self.toOffset(offset),
    'DateTimeOffset ToUniversalTime()': (self: DateTimeOffset) => self.toOffset(TimeSpan.zero),
    'DateTimeOffset ToLocalTime()': (self: DateTimeOffset) => self.toOffset(TimeSpan.zero),
    'static DateTimeOffset Parse(string input)': (text: string | null) => parse(text),
    'static DateTimeOffset Parse(string input, IFormatProvider formatProvider)': (text: string | null) => parse(text),
    'static DateTimeOffset Parse(string input, IFormatProvider formatProvider, DateTimeStyles styles)': (
      text: string | null,
      _provider: unknown,
      allowed: number,
    ) => parse(text, allowed),
    'static bool TryParse(string input, out DateTimeOffset result)': (
      text: string | null,
      result: Out<DateTimeOffset>,
    ) => tryParse(text, 0, result),
    'static bool TryParse(string input, IFormatProvider formatProvider, DateTimeStyles styles, out DateTimeOffset result)':
      (text: string | null, _provider: unknown, allowed: number, result: Out<DateTimeOffset>) =>
        tryParse(text, allowed, result),
    'static DateTimeOffset ParseExact(string input, string format, IFormatProvider formatProvider)': (
      text: string | null,
      specifier: string | null,
    ) => parseExact(text, [specifier]),
    'static DateTimeOffset ParseExact(string input, string format, IFormatProvider formatProvider, DateTimeStyles styles)':
      (text: string | null, specifier: string | null, _provider: unknown, allowed: number) =>
        parseExact(text, [specifier], allowed),
    'static DateTimeOffset ParseExact(string input, string[] formats, IFormatProvider formatProvider, DateTimeStyles styles)':
      (text: string | null, formats: readonly Uniform[] | null, _provider: unknown, allowed: number) =>
        parseExact(text, formats ?? [], allowed),
    'static bool TryParseExact(string input, string format, IFormatProvider formatProvider, DateTimeStyles styles, out DateTimeOffset result)':
      (
        text: string | null,
        specifier: string | null,
        _provider: unknown,
        allowed: number,
        result: Out<DateTimeOffset>,
      ) => tryParseExact(text, [specifier], allowed, result),
    'string ToString()': (self: DateTimeOffset) => toStringOf(self),
    'string ToString(string format)': format,
    'string ToString(IFormatProvider formatProvider)': (self: DateTimeOffset) => toStringOf(self),
    'string ToString(string format, IFormatProvider formatProvider)': format,
    'static int Compare(DateTimeOffset first, DateTimeOffset second)': (a: DateTimeOffset, b: DateTimeOffset) =>
      compareOf(a, b),
    'static bool Equals(DateTimeOffset first, DateTimeOffset second)': (a: DateTimeOffset, b: DateTimeOffset) =>
      instant(a) === instant(b),
    'int CompareTo(DateTimeOffset other)': (self: DateTimeOffset, other: DateTimeOffset) => compareOf(self, other),
    'bool Equals(DateTimeOffset other)': (self: DateTimeOffset, other: DateTimeOffset) =>
      instant(self) === instant(other),
    'bool Equals(object obj)': (self: DateTimeOffset, other: Uniform) => equalsOf(self, other),
    'bool EqualsExact(DateTimeOffset other)': (self: DateTimeOffset, other: DateTimeOffset) =>
      self.clock.ticks === other.clock.ticks && self.offset.ticks === other.offset.ticks,
    'int GetHashCode()': (self: DateTimeOffset) => hashOf(self),
    'static implicit operator DateTimeOffset(DateTime dateTime)': (date: DateTime) =>
      new DateTimeOffset(date, TimeSpan.zero),
    'static TimeSpan operator -(DateTimeOffset left, DateTimeOffset right)': (a: DateTimeOffset, b: DateTimeOffset) =>
      new TimeSpan(instant(a) - instant(b)),
    'static DateTimeOffset operator -(DateTimeOffset dateTimeOffset, TimeSpan timeSpan)': (
      a: DateTimeOffset,
      b: TimeSpan,
    ) => a.with(a.clock.addTicks(-b.ticks)),
    'static DateTimeOffset operator +(DateTimeOffset dateTimeOffset, TimeSpan timeSpan)': (
      a: DateTimeOffset,
      b: TimeSpan,
    ) => a.with(a.clock.addTicks(b.ticks)),
    'static bool operator ==(DateTimeOffset left, DateTimeOffset right)': (a: DateTimeOffset, b: DateTimeOffset) =>
      instant(a) === instant(b),
    'static bool operator !=(DateTimeOffset left, DateTimeOffset right)': (a: DateTimeOffset, b: DateTimeOffset) =>
      instant(a) !== instant(b),
    'static bool operator <(DateTimeOffset left, DateTimeOffset right)': (a: DateTimeOffset, b: DateTimeOffset) =>
      instant(a) < instant(b),
    'static bool operator >(DateTimeOffset left, DateTimeOffset right)': (a: DateTimeOffset, b: DateTimeOffset) =>
      instant(a) > instant(b),
    'static bool operator <=(DateTimeOffset left, DateTimeOffset right)': (a: DateTimeOffset, b: DateTimeOffset) =>
      instant(a) <= instant(b),
    'static bool operator >=(DateTimeOffset left, DateTimeOffset right)': (a: DateTimeOffset, b: DateTimeOffset) =>
      instant(a) >= instant(b),
  },
});
