import { DateTime, kinds } from '../datetime.ts';
import { argumentException, argumentOutOfRange } from '../exceptions.ts';
import { combineHashes, equalsMember, hashMember } from '../object.ts';
import { type TimeSpan, ticksPerDay, ticksPerHour, ticksPerMillisecond, ticksPerMinute } from '../timespan.ts';
import { netType, type Uniform } from '../values.ts';

/** `System.TimeZoneInfo.TransitionTime`: when clocks change, every year. */
export class TransitionTime {
  get [netType](): string {
    return 'System.TimeZoneInfo.TransitionTime';
  }
  /** A time on 0001-01-01, by the clock before the change. */
  readonly timeOfDay: DateTime;
  readonly month: number;
  /** 1 to 5, where 5 is the last; 1 for a fixed date. */
  readonly week: number;
  /** 1 for a floating date. */
  readonly day: number;
  readonly dayOfWeek: number;
  readonly isFixed: boolean;

  private constructor(given: Pick<TransitionTime, 'timeOfDay' | 'month' | 'week' | 'day' | 'dayOfWeek' | 'isFixed'>) {
    const { timeOfDay, month, week, day, dayOfWeek, isFixed } = given;
    if (timeOfDay.kind !== kinds.unspecified) throw argumentException(mustBeUnspecified, 'timeOfDay');
    if (timeOfDay.ticks >= ticksPerDay)
      throw argumentException(
        'The supplied DateTime must have the Year, Month, and Day properties set to 1.  The time cannot be specified more precisely than whole milliseconds.',
        'timeOfDay',
      );
    if (timeOfDay.ticks % ticksPerMillisecond !== 0n) throw argumentException(wholeMilliseconds, 'timeOfDay');
    if (month < 1 || month > 12)
      throw argumentOutOfRange('month', 'The Month parameter must be in the range 1 through 12.');
    if (day < 1 || day > 31) throw argumentOutOfRange('day', 'The Day parameter must be in the range 1 through 31.');
    if (week < 1 || week > 5) throw argumentOutOfRange('week', 'The Week parameter must be in the range 1 through 5.');
    if (dayOfWeek < 0 || dayOfWeek > 6)
      throw argumentOutOfRange('dayOfWeek', 'The DayOfWeek enumeration must be in the range 0 through 6.');
    this.timeOfDay = timeOfDay;
    this.month = month;
    this.week = week;
    this.day = day;
    this.dayOfWeek = dayOfWeek;
    this.isFixed = isFixed;
  }
  /** Throws ArgumentException and ArgumentOutOfRangeException. */
  static fixed(timeOfDay: DateTime, month: number, day: number): TransitionTime {
    return new TransitionTime({ timeOfDay, month, week: 1, day, dayOfWeek: 0, isFixed: true });
  }
  static floating(timeOfDay: DateTime, month: number, week: number, dayOfWeek: number): TransitionTime {
    return new TransitionTime({ timeOfDay, month, week, day: 1, dayOfWeek, isFixed: false });
  }

  /** The clock time of the change in a year. */
  inYear(year: number): DateTime {
    const days = daysInMonth(year, this.month);
    return DateTime.of(
      year,
      this.month,
      this.isFixed ? Math.min(this.day, days) : this.#floatingDay(year, days),
    ).addTicks(this.timeOfDay.ticks);
  }
  #floatingDay(year: number, days: number): number {
    if (this.week === 5) {
      const last = DateTime.of(year, this.month, days).dayOfWeek;
      return days - ((last - this.dayOfWeek + 7) % 7);
    }
    const first = DateTime.of(year, this.month, 1).dayOfWeek;
    return 1 + ((this.dayOfWeek - first + 7) % 7) + (this.week - 1) * 7;
  }

  [equalsMember](other: Uniform): boolean {
    return (
      other instanceof TransitionTime &&
      other.isFixed === this.isFixed &&
      other.timeOfDay.ticks === this.timeOfDay.ticks &&
      other.month === this.month &&
      other.week === this.week &&
      other.day === this.day &&
      other.dayOfWeek === this.dayOfWeek
    );
  }
  [hashMember](): number {
    return combineHashes(this.month, this.week, this.day, this.dayOfWeek);
  }
}

/** `System.TimeZoneInfo.AdjustmentRule`: daylight saving time in the years from one date to another. */
export class AdjustmentRule {
  get [netType](): string {
    return 'System.TimeZoneInfo.AdjustmentRule';
  }
  readonly dateStart: DateTime;
  readonly dateEnd: DateTime;
  readonly delta: TimeSpan;
  readonly start: TransitionTime;
  readonly end: TransitionTime;

  /** Throws ArgumentException and ArgumentOutOfRangeException. */
  constructor(dateStart: DateTime, dateEnd: DateTime, delta: TimeSpan, start: TransitionTime, end: TransitionTime) {
    if (dateStart.kind !== kinds.unspecified) throw argumentException(mustBeUnspecified, 'dateStart');
    if (dateEnd.kind !== kinds.unspecified) throw argumentException(mustBeUnspecified, 'dateEnd');
    if (start[equalsMember](end))
      throw argumentException(
        'The DaylightTransitionStart property must not equal the DaylightTransitionEnd property.',
        'daylightTransitionEnd',
      );
    if (dateStart.ticks > dateEnd.ticks)
      throw argumentException('The DateStart property must come before the DateEnd property.', 'dateStart');
    checkOffset(delta, 'daylightDelta');
    for (const [date, name] of [[dateStart, 'dateStart'] as const, [dateEnd, 'dateEnd'] as const]) {
      if (date.ticks % ticksPerDay !== 0n)
        throw argumentException('The supplied DateTime includes a TimeOfDay setting.   This is not supported.', name);
    }
    this.dateStart = dateStart;
    this.dateEnd = dateEnd;
    this.delta = delta;
    this.start = start;
    this.end = end;
  }

  covers(date: DateTime): boolean {
    return this.dateStart.ticks <= date.ticks && date.ticks < this.dateEnd.ticks + ticksPerDay;
  }

  /** Is it daylight saving time at a clock time in standard time? */
  isDaylight(standard: DateTime): boolean {
    const { year } = standard;
    const from = this.start.inYear(year).ticks;
    const to = this.end.inYear(year).ticks - this.delta.ticks;
    const at = standard.ticks;
    // South of the equator it lasts over the new year.
    return from < to ? from <= at && at < to : at >= from || at < to;
  }

  [equalsMember](other: Uniform): boolean {
    return (
      other instanceof AdjustmentRule &&
      other.dateStart.ticks === this.dateStart.ticks &&
      other.dateEnd.ticks === this.dateEnd.ticks &&
      other.delta.ticks === this.delta.ticks &&
      other.start[equalsMember](this.start) &&
      other.end[equalsMember](this.end)
    );
  }
  [hashMember](): number {
    return combineHashes(this.start[hashMember](), this.end[hashMember]());
  }
}

/** Of a zone or a rule: at most 14 hours, in whole minutes. */
export function checkOffset(offset: TimeSpan, parameter: string): void {
  if (offset.ticks > 14n * ticksPerHour || offset.ticks < -14n * ticksPerHour)
    throw argumentOutOfRange(parameter, 'The TimeSpan parameter must be within plus or minus 14.0 hours.');
  if (offset.ticks % ticksPerMinute !== 0n)
    throw argumentException('The TimeSpan parameter cannot be specified more precisely than whole minutes.', parameter);
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

const mustBeUnspecified = 'The supplied DateTime must have the Kind property set to DateTimeKind.Unspecified.';
const wholeMilliseconds = 'The supplied DateTime cannot be specified more precisely than whole milliseconds.';
