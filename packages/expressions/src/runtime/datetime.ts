import { argumentOutOfRange } from './exceptions.ts';
import { formatMember } from './format-composite.ts';
import { formatDateTime } from './format-date.ts';
import { compareMember, comparePrimitive, equalsMember, hashInt64, hashMember, toStringMember } from './object.ts';
import {
  TimeSpan,
  ticksPerDay,
  ticksPerHour,
  ticksPerMillisecond,
  ticksPerMinute,
  ticksPerSecond,
} from './timespan.ts';
import { netType, type Uniform } from './values.ts';

/** Values of `System.DateTimeKind`. */
export const kinds = { unspecified: 0, utc: 1, local: 2 } as const;

export const maxTicks = 3_155_378_975_999_999_999n;
/** Ticks at 1970-01-01. */
export const unixEpochTicks = 621_355_968_000_000_000n;

const unrepresentable = (parameter: string) =>
  argumentOutOfRange(parameter, 'The added or subtracted value results in an un-representable DateTime.');

/**
 * `System.DateTime`: ticks of 100 ns since 0001-01-01, and a kind. The local time zone is UTC, as in API Management's
 * gateway. Immutable.
 */
export class DateTime {
  readonly [netType] = 'System.DateTime';
  readonly ticks: bigint;
  readonly kind: number;

  constructor(ticks: bigint, kind: number = kinds.unspecified) {
    if (ticks < 0n || ticks > maxTicks) {
      throw argumentOutOfRange('ticks', 'Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.');
    }
    this.ticks = ticks;
    this.kind = kind;
  }

  static readonly minValue = new DateTime(0n);
  static readonly maxValue = new DateTime(maxTicks);
  static readonly unixEpoch = new DateTime(unixEpochTicks, kinds.utc);

  /** Throws ArgumentOutOfRangeException for a date or a time that does not exist. */
  static of(
    year: number,
    month: number,
    day: number,
    hour = 0,
    minute = 0,
    second = 0,
    millisecond = 0,
    kind: number = kinds.unspecified,
  ): DateTime {
    if (!isDate(year, month, day)) {
      throw argumentOutOfRange('', 'Year, Month, and Day parameters describe an un-representable DateTime.');
    }
    if (!(within(hour, 23) && within(minute, 59) && within(second, 59))) {
      throw argumentOutOfRange('', 'Hour, Minute, and Second parameters describe an un-representable DateTime.');
    }
    if (!within(millisecond, 999)) {
      throw argumentOutOfRange('millisecond', 'Valid values are between 0 and 999, inclusive.');
    }
    const time = TimeSpan.of(0, hour, minute, second, millisecond).ticks;
    return new DateTime(BigInt(daysBefore(year, month, day)) * ticksPerDay + time, kind);
  }

  /** From milliseconds since 1970. */
  static fromUnixMilliseconds(milliseconds: number, kind: number = kinds.utc): DateTime {
    return new DateTime(unixEpochTicks + BigInt(Math.trunc(milliseconds)) * ticksPerMillisecond, kind);
  }

  toUnixMilliseconds(): number {
    return Number((this.ticks - unixEpochTicks) / ticksPerMillisecond);
  }

  get year(): number {
    return civil(this.ticks).year;
  }
  get month(): number {
    return civil(this.ticks).month;
  }
  get day(): number {
    return civil(this.ticks).day;
  }
  get dayOfYear(): number {
    const { year } = civil(this.ticks);
    return Number(this.ticks / ticksPerDay) - daysBefore(year, 1, 1) + 1;
  }
  /** 0 is Sunday. */
  get dayOfWeek(): number {
    return Number((this.ticks / ticksPerDay + 1n) % 7n);
  }
  get hour(): number {
    return Number((this.ticks / ticksPerHour) % 24n);
  }
  get minute(): number {
    return Number((this.ticks / ticksPerMinute) % 60n);
  }
  get second(): number {
    return Number((this.ticks / ticksPerSecond) % 60n);
  }
  get millisecond(): number {
    return Number((this.ticks / ticksPerMillisecond) % 1000n);
  }
  get date(): DateTime {
    return new DateTime(this.ticks - (this.ticks % ticksPerDay), this.kind);
  }
  get timeOfDay(): TimeSpan {
    return new TimeSpan(this.ticks % ticksPerDay);
  }

  withKind(kind: number): DateTime {
    return new DateTime(this.ticks, kind);
  }

  addTicks(ticks: bigint, parameter = 'value'): DateTime {
    const sum = this.ticks + ticks;
    if (sum < 0n || sum > maxTicks) throw unrepresentable(parameter);
    return new DateTime(sum, this.kind);
  }

  /**
   * `AddDays`, `AddHours` ...: `unit` in milliseconds. Rounded to the nearest millisecond, as .NET Framework and .NET up
   * to 6 do.
   */
  addUnits(value: number, unit: number): DateTime {
    const milliseconds = value * unit + (value >= 0 ? 0.5 : -0.5);
    if (!(Math.abs(milliseconds) < 315_537_897_600_000)) {
      throw argumentOutOfRange('value', 'Value to add was out of range.');
    }
    return this.addTicks(BigInt(Math.trunc(milliseconds)) * ticksPerMillisecond);
  }

  /** The day is cut to the last of the month. */
  addMonths(months: number): DateTime {
    if (Math.abs(months) > 120_000) {
      throw argumentOutOfRange('months', 'Months value must be between +/-120000.');
    }
    const { year, month, day } = civil(this.ticks);
    const index = year * 12 + month - 1 + months;
    const newYear = Math.floor(index / 12);
    const newMonth = (index % 12) + 1;
    if (newYear < 1 || newYear > 9999) throw unrepresentable('months');
    const newDay = Math.min(day, daysInMonth(newYear, newMonth));
    const date = BigInt(daysBefore(newYear, newMonth, newDay)) * ticksPerDay;
    return new DateTime(date + (this.ticks % ticksPerDay), this.kind);
  }

  addYears(years: number): DateTime {
    if (Math.abs(years) > 10_000) throw argumentOutOfRange('years', 'Years value must be between +/-10000.');
    return this.addMonths(years * 12);
  }

  [toStringMember](): string {
    return formatDateTime(this, null, null);
  }
  [formatMember](format: string | null): string {
    return formatDateTime(this, format, null);
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof DateTime && other.ticks === this.ticks;
  }
  [hashMember](): number {
    return hashInt64(this.ticks);
  }
  [compareMember](other: Uniform): number {
    return comparePrimitive(this.ticks, (other as DateTime).ticks);
  }
}

const within = (value: number, most: number) => value >= 0 && value <= most;

const isDate = (year: number, month: number, day: number) =>
  year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);

/** Throws ArgumentOutOfRangeException. */
export function isLeapYear(year: number): boolean {
  if (year < 1 || year > 9999) {
    throw argumentOutOfRange('year', 'Year must be between 1 and 9999.');
  }
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Throws ArgumentOutOfRangeException. */
export function daysInMonth(year: number, month: number): number {
  if (month < 1 || month > 12) {
    throw argumentOutOfRange('month', 'Month must be between one and twelve.');
  }
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const cumulative = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Days from 0001-01-01 to the date. */
function daysBefore(year: number, month: number, day: number): number {
  const y = year - 1;
  const leap = month > 2 && isLeapYear(year) ? 1 : 0;
  const years = y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return years + (cumulative[month - 1] ?? 0) + leap + day - 1;
}

/** Year, month and day in the proleptic Gregorian calendar, by eras of 400 years that start in March. */
function civil(ticks: bigint): { year: number; month: number; day: number } {
  const days = Number(ticks / ticksPerDay) + 306;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
