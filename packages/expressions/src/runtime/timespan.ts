import { customFormatParts } from './custom-format.ts';
import { argumentException, formatException, overflow } from './exceptions.ts';
import { formatMember } from './format-composite.ts';
import { compareMember, comparePrimitive, equalsMember, hashInt64, hashMember, toStringMember } from './object.ts';
import { netType, type Uniform } from './values.ts';

export const ticksPerMillisecond = 10_000n;
export const ticksPerSecond = 10_000_000n;
export const ticksPerMinute = 600_000_000n;
export const ticksPerHour = 36_000_000_000n;
export const ticksPerDay = 864_000_000_000n;
const longest = (1n << 63n) - 1n;

const tooLong = () => overflow('TimeSpan overflowed because the duration is too long.');

/** `System.TimeSpan`: ticks of 100 ns. Immutable. */
export class TimeSpan {
  readonly [netType] = 'System.TimeSpan';
  readonly ticks: bigint;

  constructor(ticks: bigint) {
    if (ticks > longest || ticks < -longest - 1n) throw tooLong();
    this.ticks = ticks;
  }

  static readonly zero = new TimeSpan(0n);
  static readonly maxValue = new TimeSpan(longest);
  static readonly minValue = new TimeSpan(-longest - 1n);

  static of(days: number, hours: number, minutes: number, seconds: number, milliseconds = 0): TimeSpan {
    const total = (((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds)) * 1000n;
    return new TimeSpan((total + BigInt(milliseconds)) * ticksPerMillisecond);
  }

  /**
   * `FromDays`, `FromHours` ...: `unit` in ticks. Keeps ticks, as .NET Core 3.0 and later; .NET Framework rounded to
   * milliseconds. Throws OverflowException, and ArgumentException for NaN.
   */
  static from(value: number, unit: bigint): TimeSpan {
    if (Number.isNaN(value)) throw argumentException('TimeSpan does not accept floating point Not-a-Number values.');
    const ticks = value * Number(unit);
    if (!(ticks < 9.223372036854775e18 && ticks > -9.223372036854775e18)) throw tooLong();
    return new TimeSpan(BigInt(Math.trunc(ticks)));
  }

  /** The part below the next greater unit: `part(ticksPerHour, 24n)` is Hours. */
  part(unit: bigint, modulus: bigint): number {
    return Number((this.ticks / unit) % modulus);
  }
  get days(): number {
    return Number(this.ticks / ticksPerDay);
  }
  get hours(): number {
    return this.part(ticksPerHour, 24n);
  }
  get minutes(): number {
    return this.part(ticksPerMinute, 60n);
  }
  get seconds(): number {
    return this.part(ticksPerSecond, 60n);
  }
  get milliseconds(): number {
    return this.part(ticksPerMillisecond, 1000n);
  }
  total(unit: bigint): number {
    return Number(this.ticks) / Number(unit);
  }

  add(other: TimeSpan): TimeSpan {
    return new TimeSpan(this.ticks + other.ticks);
  }
  subtract(other: TimeSpan): TimeSpan {
    return new TimeSpan(this.ticks - other.ticks);
  }
  negate(): TimeSpan {
    return new TimeSpan(-this.ticks);
  }
  duration(): TimeSpan {
    return this.ticks < 0n ? this.negate() : this;
  }

  [toStringMember](): string {
    return formatTimeSpan(this, 'c');
  }
  [formatMember](format: string | null): string {
    return formatTimeSpan(this, format || 'c');
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof TimeSpan && other.ticks === this.ticks;
  }
  [hashMember](): number {
    return hashInt64(this.ticks);
  }
  [compareMember](other: Uniform): number {
    return comparePrimitive(this.ticks, (other as TimeSpan).ticks);
  }
}

const pad = (value: number | bigint, width: number) => String(value).padStart(width, '0');

/** Formats c (t, T), g, G and custom ones. Source: .NET documentation of the TimeSpan format strings. */
export function formatTimeSpan(span: TimeSpan, format: string): string {
  const negative = span.ticks < 0n;
  const size = negative ? -span.ticks : span.ticks;
  const parts = {
    days: size / ticksPerDay,
    hours: (size / ticksPerHour) % 24n,
    minutes: (size / ticksPerMinute) % 60n,
    seconds: (size / ticksPerSecond) % 60n,
    fraction: size % ticksPerSecond,
  };
  const sign = negative ? '-' : '';
  const time = `${pad(parts.minutes, 2)}:${pad(parts.seconds, 2)}`;
  const fraction = pad(parts.fraction, 7);
  switch (format) {
    case 'c':
    case 't':
    case 'T': {
      const days = parts.days > 0n ? `${parts.days}.` : '';
      return `${sign}${days}${pad(parts.hours, 2)}:${time}${parts.fraction > 0n ? `.${fraction}` : ''}`;
    }
    case 'g': {
      const days = parts.days > 0n ? `${parts.days}:` : '';
      const tail = parts.fraction > 0n ? `.${fraction.replace(/0+$/, '')}` : '';
      return `${sign}${days}${parts.hours}:${time}${tail}`;
    }
    case 'G':
      return `${sign}${parts.days}:${pad(parts.hours, 2)}:${time}.${fraction}`;
  }
  if (format.length === 1) throw formatException();
  return customTimeSpan(parts, fraction, format);
}

/** Custom formats ignore the sign, as in .NET; literals must be quoted or escaped. */
function customTimeSpan(
  parts: { days: bigint; hours: bigint; minutes: bigint; seconds: bigint },
  fraction: string,
  format: string,
): string {
  let text = '';
  for (const { literal, specifier, count } of customFormatParts(format)) {
    text += specifier === undefined ? literal : customPart(specifier, count, parts, fraction);
  }
  return text;
}

function customPart(
  c: string,
  count: number,
  parts: { days: bigint; hours: bigint; minutes: bigint; seconds: bigint },
  fraction: string,
): string {
  const limit: Readonly<Record<string, number>> = { d: 8, h: 2, m: 2, s: 2, f: 7, F: 7 };
  if (count > (limit[c] ?? 0)) throw formatException();
  switch (c) {
    case 'd':
      return pad(parts.days, count);
    case 'h':
      return pad(parts.hours, count);
    case 'm':
      return pad(parts.minutes, count);
    case 's':
      return pad(parts.seconds, count);
    case 'f':
      return fraction.slice(0, count);
    default:
      return fraction.slice(0, count).replace(/0+$/, '');
  }
}
