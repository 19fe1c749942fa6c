import { type DateTime, kinds } from '../../runtime/datetime.ts';
import type { DateTimeOffset } from '../../runtime/datetimeoffset.ts';
import { argumentException, argumentNull } from '../../runtime/exceptions.ts';
import { equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import { TimeZone } from '../../runtime/timezone.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';

/** A DateTime of kind Utc or Local is in UTC, as the local zone is. */
const sourceZone = (date: DateTime, zone?: TimeZone) => (date.kind === kinds.unspecified && zone ? zone : TimeZone.utc);

function convert(date: DateTime, from: TimeZone | null, to: TimeZone | null): DateTime {
  if (from === null) throw argumentNull('sourceTimeZone');
  if (to === null) throw argumentNull('destinationTimeZone');
  if (date.kind !== kinds.unspecified && from !== TimeZone.utc) {
    throw argumentException(
      'The conversion could not be completed because the supplied DateTime did not have the Kind property set correctly.  For example, when the Kind property is DateTimeKind.Local, the source time zone must be TimeZoneInfo.Local.',
      'sourceTimeZone',
    );
  }
  return to.fromUtc(from.toUtc(date));
}

function convertOffset(value: DateTimeOffset, to: TimeZone | null): DateTimeOffset {
  if (to === null) throw argumentNull('destinationTimeZone');
  return value.toOffset(to.offsetAtUtc(value.utc));
}

function toUtc(date: DateTime, zone: TimeZone): DateTime {
  return zone.toUtc(date);
}

function fromUtc(date: DateTime, zone: TimeZone | null): DateTime {
  if (zone === null) throw argumentNull('destinationTimeZone');
  if (date.kind === kinds.local) return convert(date, TimeZone.utc, zone);
  return zone.fromUtc(date);
}

const clockOf = (self: TimeZone, date: DateTime) => (date.kind === kinds.unspecified ? date : self.fromUtc(date));

const offsetOf = (self: TimeZone, date: DateTime) =>
  date.kind === kinds.unspecified ? self.offsetAtClock(date) : self.offsetAtUtc(date);

const timeZoneInfo = declareType({
  name: 'System.TimeZoneInfo',
  kind: 'class',
  members: {
    'static TimeZoneInfo Utc { get; }': () => TimeZone.utc,
    'static TimeZoneInfo Local { get; }': () => TimeZone.utc,
    'static TimeZoneInfo FindSystemTimeZoneById(string id)': (id: string | null) => TimeZone.find(id),
    'string Id { get; }': (self: TimeZone) => self.id,
    'string DisplayName { get; }': (self: TimeZone) => self.displayName,
    'string StandardName { get; }': (self: TimeZone) =>
      self === TimeZone.utc ? 'Coordinated Universal Time' : self.id,
    'TimeSpan BaseUtcOffset { get; }': (self: TimeZone) => self.baseOffset,
    'bool SupportsDaylightSavingTime { get; }': (self: TimeZone) => self.hasDaylightSaving,
    'TimeSpan GetUtcOffset(DateTime dateTime)': offsetOf,
    'TimeSpan GetUtcOffset(DateTimeOffset dateTimeOffset)': (self: TimeZone, value: DateTimeOffset) =>
      self.offsetAtUtc(value.utc),
    'bool IsDaylightSavingTime(DateTime dateTime)': (self: TimeZone, date: DateTime) =>
      self.isDaylight(offsetOf(self, date), date.year),
    'bool IsDaylightSavingTime(DateTimeOffset dateTimeOffset)': (self: TimeZone, value: DateTimeOffset) =>
      self.isDaylight(self.offsetAtUtc(value.utc), value.utc.year),
    'bool IsAmbiguousTime(DateTime dateTime)': (self: TimeZone, date: DateTime) =>
      self.isAmbiguous(clockOf(self, date)),
    'bool IsInvalidTime(DateTime dateTime)': (self: TimeZone, date: DateTime) =>
      date.kind === kinds.unspecified && self.isInvalid(date),
    'static DateTime ConvertTime(DateTime dateTime, TimeZoneInfo destinationTimeZone)': (
      date: DateTime,
      to: TimeZone | null,
    ) => convert(date, sourceZone(date), to),
    'static DateTime ConvertTime(DateTime dateTime, TimeZoneInfo sourceTimeZone, TimeZoneInfo destinationTimeZone)':
      convert,
    'static DateTimeOffset ConvertTime(DateTimeOffset dateTimeOffset, TimeZoneInfo destinationTimeZone)': convertOffset,
    'static DateTime ConvertTimeFromUtc(DateTime dateTime, TimeZoneInfo destinationTimeZone)': fromUtc,
    'static DateTime ConvertTimeToUtc(DateTime dateTime)': (date: DateTime) => toUtc(date, TimeZone.utc),
    'static DateTime ConvertTimeToUtc(DateTime dateTime, TimeZoneInfo sourceTimeZone)': (
      date: DateTime,
      from: TimeZone | null,
    ) => convert(date, from, TimeZone.utc),
    'static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string destinationTimeZoneId)': (
      date: DateTime,
      id: string | null,
    ) => convert(date, sourceZone(date), TimeZone.find(id)),
    'static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string sourceTimeZoneId, string destinationTimeZoneId)':
      (date: DateTime, from: string | null, to: string | null) => convert(date, TimeZone.find(from), TimeZone.find(to)),
    'static DateTimeOffset ConvertTimeBySystemTimeZoneId(DateTimeOffset dateTimeOffset, string destinationTimeZoneId)':
      (value: DateTimeOffset, id: string | null) => convertOffset(value, TimeZone.find(id)),
    'string ToString()': (self: TimeZone) => toStringOf(self),
    'bool Equals(TimeZoneInfo other)': (self: TimeZone, other: TimeZone | null) => equalsOf(self, other),
    'bool Equals(object obj)': (self: TimeZone, other: Uniform) => equalsOf(self, other),
    'int GetHashCode()': (self: TimeZone) => hashOf(self),
  },
  refused: {
    GetAdjustmentRules: 'Zones come from the time zone database of the runtime, which does not give its rules.',
    CreateCustomTimeZone: 'Only the zones of the time zone database are to be had.',
    DaylightName: 'Zones have no names but their ids.',
  },
});

/** The older class, which knows only the local zone. */
const timeZone = declareType({
  name: 'System.TimeZone',
  kind: 'class',
  test: (value) => value === TimeZone.utc,
  members: {
    'static TimeZone CurrentTimeZone { get; }': () => TimeZone.utc,
    'string StandardName { get; }': () => 'Coordinated Universal Time',
    'string DaylightName { get; }': () => 'Coordinated Universal Time',
    'TimeSpan GetUtcOffset(DateTime time)': () => TimeZone.utc.baseOffset,
    'bool IsDaylightSavingTime(DateTime time)': () => false,
    'DateTime ToLocalTime(DateTime time)': (_self: TimeZone, time: DateTime) => time.withKind(kinds.local),
    'DateTime ToUniversalTime(DateTime time)': (_self: TimeZone, time: DateTime) => time.withKind(kinds.utc),
  },
});

/** TimeZoneInfo and TimeZone. */
export const timeZoneTypes: readonly TypeDeclaration[] = [timeZoneInfo, timeZone];
