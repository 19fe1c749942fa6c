import { argumentNull, formatException } from '../../runtime/exceptions.ts';
import { compareOf, equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import {
  parseTimeSpan,
  parseTimeSpanExact,
  tryParseTimeSpan,
  tryParseTimeSpanExact,
} from '../../runtime/parse-timespan.ts';
import {
  formatTimeSpan,
  TimeSpan,
  ticksPerDay,
  ticksPerHour,
  ticksPerMillisecond,
  ticksPerMinute,
  ticksPerSecond,
} from '../../runtime/timespan.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type Out } from '../declare.ts';

const units = {
  Days: ticksPerDay,
  Hours: ticksPerHour,
  Minutes: ticksPerMinute,
  Seconds: ticksPerSecond,
  Milliseconds: ticksPerMillisecond,
} as const;

const unitMembers: Record<string, Implementation> = {};
for (const [name, ticks] of Object.entries(units)) {
  unitMembers[`static TimeSpan From${name}(double value)`] = (value: number) => TimeSpan.from(value, ticks);
  unitMembers[`double Total${name} { get; }`] = (self: TimeSpan) => self.total(ticks);
  unitMembers[`const long TicksPer${name.slice(0, -1)}`] = () => ticks;
}

function tryParse(text: string | null, result: Out<TimeSpan>): boolean {
  const span = tryParseTimeSpan(text);
  result.value = typeof span === 'string' ? TimeSpan.zero : span;
  return typeof span !== 'string';
}

function tryParseExact(text: string | null, format: string | null, result: Out<TimeSpan>): boolean {
  const span = text === null || !format ? undefined : tryParseTimeSpanExact(text, format);
  result.value = span ?? TimeSpan.zero;
  return span !== undefined;
}

function parseAny(text: string | null, formats: readonly Uniform[] | null): TimeSpan {
  if (text === null) throw argumentNull('input');
  for (const format of formats ?? []) {
    const span = tryParseTimeSpanExact(text, String(format ?? ''));
    if (span) return span;
  }
  throw formatException('String was not recognized as a valid TimeSpan.');
}

const format = (self: TimeSpan, specifier: string | null) => formatTimeSpan(self, specifier || 'c');

export const timeSpanType = declareType({
  name: 'System.TimeSpan',
  kind: 'struct',
  interfaces: ['IComparable', 'IComparable<TimeSpan>', 'IEquatable<TimeSpan>', 'IFormattable'],
  members: {
    'new()': () => TimeSpan.zero,
    'new(long ticks)': (ticks: bigint) => new TimeSpan(ticks),
    'new(int hours, int minutes, int seconds)': (h: number, m: number, s: number) => TimeSpan.of(0, h, m, s),
    'new(int days, int hours, int minutes, int seconds)': (d: number, h: number, m: number, s: number) =>
      TimeSpan.of(d, h, m, s),
    'new(int days, int hours, int minutes, int seconds, int milliseconds)': (
      d: number,
      h: number,
      m: number,
      s: number,
      ms: number,
    ) => TimeSpan.of(d, h, m, s, ms),
    'static TimeSpan Zero { get; }': () => TimeSpan.zero,
    'static TimeSpan MaxValue { get; }': () => TimeSpan.maxValue,
    'static TimeSpan MinValue { get; }': () => TimeSpan.minValue,
    'static TimeSpan FromTicks(long value)': (ticks: bigint) => new TimeSpan(ticks),
    ...unitMembers,
    'int Days { get; }': (self: TimeSpan) => self.days,
    'int Hours { get; }': (self: TimeSpan) => self.hours,
    'int Minutes { get; }': (self: TimeSpan) => self.minutes,
    'int Seconds { get; }': (self: TimeSpan) => self.seconds,
    'int Milliseconds { get; }': (self: TimeSpan) => self.milliseconds,
    'long Ticks { get; }': (self: TimeSpan) => self.ticks,
    'TimeSpan Add(TimeSpan ts)': (self: TimeSpan, other: TimeSpan) => self.add(other),
    'TimeSpan Subtract(TimeSpan ts)': (self: TimeSpan, other: TimeSpan) => self.subtract(other),
    'TimeSpan Negate()': (self: TimeSpan) => self.negate(),
    'TimeSpan Duration()': (self: TimeSpan) => self.duration(),
    'TimeSpan Multiply(double factor)': (self: TimeSpan, factor: number) => TimeSpan.from(factor, self.ticks),
    'TimeSpan Divide(double divisor)': (self: TimeSpan, divisor: number) => TimeSpan.from(1 / divisor, self.ticks),
    'double Divide(TimeSpan ts)': (self: TimeSpan, other: TimeSpan) => Number(self.ticks) / Number(other.ticks),
    'static TimeSpan Parse(string s)': parseTimeSpan,
    'static TimeSpan Parse(string input, IFormatProvider formatProvider)': parseTimeSpan,
    'static bool TryParse(string s, out TimeSpan result)': tryParse,
    'static bool TryParse(string input, IFormatProvider formatProvider, out TimeSpan result)': (
      text: string | null,
      _provider: unknown,
      result: Out<TimeSpan>,
    ) => tryParse(text, result),
    'static TimeSpan ParseExact(string input, string format, IFormatProvider formatProvider)': parseTimeSpanExact,
    'static TimeSpan ParseExact(string input, string[] formats, IFormatProvider formatProvider)': parseAny,
    'static bool TryParseExact(string input, string format, IFormatProvider formatProvider, out TimeSpan result)': (
      text: string | null,
      specifier: string | null,
      _provider: unknown,
      result: Out<TimeSpan>,
    ) => tryParseExact(text, specifier, result),
    'string ToString()': (self: TimeSpan) => toStringOf(self),
    'string ToString(string format)': format,
    'string ToString(string format, IFormatProvider formatProvider)': format,
    'static int Compare(TimeSpan t1, TimeSpan t2)': (a: TimeSpan, b: TimeSpan) => compareOf(a, b),
    'static bool Equals(TimeSpan t1, TimeSpan t2)': (a: TimeSpan, b: TimeSpan) => a.ticks === b.ticks,
    'int CompareTo(TimeSpan value)': (self: TimeSpan, other: TimeSpan) => compareOf(self, other),
    'int CompareTo(object value)': (self: TimeSpan, other: Uniform) => compareOf(self, other),
    'bool Equals(TimeSpan obj)': (self: TimeSpan, other: TimeSpan) => self.ticks === other.ticks,
    'bool Equals(object value)': (self: TimeSpan, other: Uniform) => equalsOf(self, other),
    'int GetHashCode()': (self: TimeSpan) => hashOf(self),
    'static TimeSpan operator +(TimeSpan t1, TimeSpan t2)': (a: TimeSpan, b: TimeSpan) => a.add(b),
    'static TimeSpan operator -(TimeSpan t1, TimeSpan t2)': (a: TimeSpan, b: TimeSpan) => a.subtract(b),
    'static TimeSpan operator +(TimeSpan t)': (a: TimeSpan) => a,
    'static TimeSpan operator -(TimeSpan t)': (a: TimeSpan) => a.negate(),
    'static TimeSpan operator *(TimeSpan timeSpan, double factor)': (a: TimeSpan, factor: number) =>
      TimeSpan.from(factor, a.ticks),
    'static TimeSpan operator *(double factor, TimeSpan timeSpan)': (factor: number, a: TimeSpan) =>
      TimeSpan.from(factor, a.ticks),
    'static TimeSpan operator /(TimeSpan timeSpan, double divisor)': (a: TimeSpan, divisor: number) =>
      TimeSpan.from(1 / divisor, a.ticks),
    'static double operator /(TimeSpan t1, TimeSpan t2)': (a: TimeSpan, b: TimeSpan) =>
      Number(a.ticks) / Number(b.ticks),
    'static bool operator ==(TimeSpan t1, TimeSpan t2)': (a: TimeSpan, b: TimeSpan) => a.ticks === b.ticks,
    'static bool operator !=(TimeSpan t1, TimeSpan t2)': (a: TimeSpan, b: TimeSpan) => a.ticks !== b.ticks,
    'static bool operator <(TimeSpan t1, TimeSpan t2)': (a: TimeSpan, b: TimeSpan) => a.ticks < b.ticks,
    'static bool operator >(TimeSpan t1, TimeSpan t2)': (a: TimeSpan, b: TimeSpan) => a.ticks > b.ticks,
    'static bool operator <=(TimeSpan t1, TimeSpan t2)': (a: TimeSpan, b: TimeSpan) => a.ticks <= b.ticks,
    'static bool operator >=(TimeSpan t1, TimeSpan t2)': (a: TimeSpan, b: TimeSpan) => a.ticks >= b.ticks,
  },
});
