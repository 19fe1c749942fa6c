import { type DateTime, kinds } from '../../runtime/datetime.ts';
import type { DateTimeOffset } from '../../runtime/datetimeoffset.ts';
import { argumentException, argumentNull } from '../../runtime/exceptions.ts';
import { equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import type { TimeSpan } from '../../runtime/timespan.ts';
import { AdjustmentRule, TransitionTime } from '../../runtime/timezone/adjustment-rule.ts';
import { CustomZone } from '../../runtime/timezone/custom-zone.ts';
import { findTimeZone, utc } from '../../runtime/timezone/system-zone.ts';
import type { TimeZone } from '../../runtime/timezone/timezone.ts';
import { netArray, type Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type TypeDeclaration } from '../declare.ts';

/** A DateTime of kind Utc or Local is in UTC, as the local zone is. */
const sourceZone = (date: DateTime, zone?: TimeZone) => (date.kind === kinds.unspecified && zone ? zone : utc);

function convert(date: DateTime, from: TimeZone | null, to: TimeZone | null): DateTime {
  if (from === null) throw argumentNull('sourceTimeZone');
  if (to === null) throw argumentNull('destinationTimeZone');
  if (date.kind !== kinds.unspecified && from !== utc) {
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
  if (date.kind === kinds.local) return convert(date, utc, zone);
  return zone.fromUtc(date);
}

const clockOf = (self: TimeZone, date: DateTime) => (date.kind === kinds.unspecified ? date : self.fromUtc(date));

const offsetOf = (self: TimeZone, date: DateTime) =>
  date.kind === kinds.unspecified ? self.offsetAtClock(date) : self.offsetAtUtc(date);

const name = 'System.TimeZoneInfo';
type Rules = readonly (AdjustmentRule | null)[] | null;

const customZones: Readonly<Record<string, Implementation>> = {
  'static TimeZoneInfo CreateCustomTimeZone(string id, TimeSpan baseUtcOffset, string displayName, string standardDisplayName)':
    (id: string | null, baseOffset: TimeSpan, displayName: string | null, standardName: string | null) =>
      new CustomZone({ id, baseOffset, displayName, standardName }),
  'static TimeZoneInfo CreateCustomTimeZone(string id, TimeSpan baseUtcOffset, string displayName, string standardDisplayName, string daylightDisplayName, TimeZoneInfo.AdjustmentRule[] adjustmentRules)':
    (
      id: string | null,
      baseOffset: TimeSpan,
      displayName: string | null,
      standardName: string | null,
      daylightName: string | null,
      rules: Rules,
    ) => new CustomZone({ id, baseOffset, displayName, standardName, daylightName, rules }),
  'static TimeZoneInfo CreateCustomTimeZone(string id, TimeSpan baseUtcOffset, string displayName, string standardDisplayName, string daylightDisplayName, TimeZoneInfo.AdjustmentRule[] adjustmentRules, bool disableDaylightSavingTime)':
    (
      id: string | null,
      baseOffset: TimeSpan,
      displayName: string | null,
      standardName: string | null,
      daylightName: string | null,
      rules: Rules,
      isDisabled: boolean,
    ) => new CustomZone({ id, baseOffset, displayName, standardName, daylightName, rules: isDisabled ? null : rules }),
};

const transitionTime = declareType({
  name: `${name}.TransitionTime`,
  kind: 'struct',
  test: (value) => value instanceof TransitionTime,
  members: {
    'static TimeZoneInfo.TransitionTime CreateFixedDateRule(DateTime timeOfDay, int month, int day)':
      TransitionTime.fixed,
    'static TimeZoneInfo.TransitionTime CreateFloatingDateRule(DateTime timeOfDay, int month, int week, DayOfWeek dayOfWeek)':
      TransitionTime.floating,
    'DateTime TimeOfDay { get; }': (self: TransitionTime) => self.timeOfDay,
    'int Month { get; }': (self: TransitionTime) => self.month,
    'int Week { get; }': (self: TransitionTime) => self.week,
    'int Day { get; }': (self: TransitionTime) => self.day,
    'DayOfWeek DayOfWeek { get; }': (self: TransitionTime) => self.dayOfWeek,
    'bool IsFixedDateRule { get; }': (self: TransitionTime) => self.isFixed,
    'bool Equals(TimeZoneInfo.TransitionTime other)': (self: TransitionTime, other: TransitionTime) =>
      equalsOf(self, other),
    'static bool operator ==(TimeZoneInfo.TransitionTime t1, TimeZoneInfo.TransitionTime t2)': (
      a: TransitionTime,
      b: TransitionTime,
    ) => equalsOf(a, b),
    'static bool operator !=(TimeZoneInfo.TransitionTime t1, TimeZoneInfo.TransitionTime t2)': (
      a: TransitionTime,
      b: TransitionTime,
    ) => !equalsOf(a, b),
    'int GetHashCode()': (self: TransitionTime) => hashOf(self),
  },
});

const adjustmentRule = declareType({
  name: `${name}.AdjustmentRule`,
  kind: 'class',
  test: (value) => value instanceof AdjustmentRule,
  members: {
    'static TimeZoneInfo.AdjustmentRule CreateAdjustmentRule(DateTime dateStart, DateTime dateEnd, TimeSpan daylightDelta, TimeZoneInfo.TransitionTime daylightTransitionStart, TimeZoneInfo.TransitionTime daylightTransitionEnd)':
      (dateStart: DateTime, dateEnd: DateTime, delta: TimeSpan, start: TransitionTime, end: TransitionTime) =>
        new AdjustmentRule(dateStart, dateEnd, delta, start, end),
    'DateTime DateStart { get; }': (self: AdjustmentRule) => self.dateStart,
    'DateTime DateEnd { get; }': (self: AdjustmentRule) => self.dateEnd,
    'TimeSpan DaylightDelta { get; }': (self: AdjustmentRule) => self.delta,
    'TimeZoneInfo.TransitionTime DaylightTransitionStart { get; }': (self: AdjustmentRule) => self.start,
    'TimeZoneInfo.TransitionTime DaylightTransitionEnd { get; }': (self: AdjustmentRule) => self.end,
    'bool Equals(TimeZoneInfo.AdjustmentRule other)': (self: AdjustmentRule, other: AdjustmentRule | null) =>
      equalsOf(self, other),
    'int GetHashCode()': (self: AdjustmentRule) => hashOf(self),
  },
});

const timeZoneInfo = declareType({
  name,
  kind: 'class',
  members: {
    'static TimeZoneInfo Utc { get; }': () => utc,
    'static TimeZoneInfo Local { get; }': () => utc,
    'static TimeZoneInfo FindSystemTimeZoneById(string id)': (id: string | null) => findTimeZone(id),
    'string Id { get; }': (self: TimeZone) => self.id,
    'string DisplayName { get; }': (self: TimeZone) => self.displayName,
    'string StandardName { get; }': (self: TimeZone) => self.standardName,
    'string DaylightName { get; }': (self: TimeZone) => self.daylightName,
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
    'static DateTime ConvertTimeToUtc(DateTime dateTime)': (date: DateTime) => toUtc(date, utc),
    'static DateTime ConvertTimeToUtc(DateTime dateTime, TimeZoneInfo sourceTimeZone)': (
      date: DateTime,
      from: TimeZone | null,
    ) => convert(date, from, utc),
    'static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string destinationTimeZoneId)': (
      date: DateTime,
      id: string | null,
    ) => convert(date, sourceZone(date), findTimeZone(id)),
    'static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string sourceTimeZoneId, string destinationTimeZoneId)':
      (date: DateTime, from: string | null, to: string | null) => convert(date, findTimeZone(from), findTimeZone(to)),
    'static DateTimeOffset ConvertTimeBySystemTimeZoneId(DateTimeOffset dateTimeOffset, string destinationTimeZoneId)':
      (value: DateTimeOffset, id: string | null) => convertOffset(value, findTimeZone(id)),
    'TimeZoneInfo.AdjustmentRule[] GetAdjustmentRules()': (self: TimeZone) =>
      netArray(`${name}.AdjustmentRule`, [...self.rules]),
    'bool HasSameRules(TimeZoneInfo other)': (self: TimeZone, other: TimeZone | null) => {
      if (other === null) throw argumentNull('other');
      return (
        self.baseOffset.ticks === other.baseOffset.ticks &&
        self.rules.length === other.rules.length &&
        self.rules.every((rule, i) => equalsOf(rule, other.rules[i]))
      );
    },
    ...customZones,
    'string ToString()': (self: TimeZone) => toStringOf(self),
    'bool Equals(TimeZoneInfo other)': (self: TimeZone, other: TimeZone | null) => equalsOf(self, other),
    'bool Equals(object obj)': (self: TimeZone, other: Uniform) => equalsOf(self, other),
    'int GetHashCode()': (self: TimeZone) => hashOf(self),
  },
});

/** The older class, which knows only the local zone. */
const timeZone = declareType({
  name: 'System.TimeZone',
  kind: 'class',
  test: (value) => value === utc,
  members: {
    'static TimeZone CurrentTimeZone { get; }': () => utc,
    'string StandardName { get; }': () => 'Coordinated Universal Time',
    'string DaylightName { get; }': () => 'Coordinated Universal Time',
    'TimeSpan GetUtcOffset(DateTime time)': () => utc.baseOffset,
    'bool IsDaylightSavingTime(DateTime time)': () => false,
    'DateTime ToLocalTime(DateTime time)': (_self: TimeZone, time: DateTime) => time.withKind(kinds.local),
    'DateTime ToUniversalTime(DateTime time)': (_self: TimeZone, time: DateTime) => time.withKind(kinds.utc),
  },
});

/** TimeZoneInfo with its rules, and TimeZone. */
export const timeZoneTypes: readonly TypeDeclaration[] = [timeZoneInfo, transitionTime, adjustmentRule, timeZone];
