import { DateTime, kinds, unixEpochTicks } from './datetime.ts';
import { argumentException, argumentOutOfRange } from './exceptions.ts';
import { formatMember } from './format-composite.ts';
import { formatDateTime } from './format-date.ts';
import { compareMember, comparePrimitive, equalsMember, hashInt64, hashMember, toStringMember } from './object.ts';
import { TimeSpan, ticksPerHour, ticksPerMillisecond, ticksPerMinute, ticksPerSecond } from './timespan.ts';
import { netType, type Uniform } from './values.ts';

/** `System.DateTimeOffset`: a clock time and its offset from UTC. Equal when the instants are. Immutable. */
export class DateTimeOffset {
  readonly [netType] = 'System.DateTimeOffset';
  /** The clock time, of kind Unspecified. */
  readonly clock: DateTime;
  readonly offset: TimeSpan;

  constructor(clock: DateTime, offset: TimeSpan) {
    if (offset.ticks % ticksPerMinute !== 0n) {
      throw argumentException('Offset must be specified in whole minutes.', 'offset');
    }
    if (offset.duration().ticks > 14n * ticksPerHour) {
      throw argumentOutOfRange('offset', 'Offset must be within plus or minus 14 hours.');
    }
    this.clock = clock.withKind(kinds.unspecified);
    this.offset = offset;
    this.clock.addTicks(-offset.ticks, 'offset');
  }

  static readonly minValue = new DateTimeOffset(DateTime.minValue, TimeSpan.zero);
  static readonly maxValue = new DateTimeOffset(DateTime.maxValue, TimeSpan.zero);
  static readonly unixEpoch = new DateTimeOffset(DateTime.unixEpoch, TimeSpan.zero);

  static fromUnixMilliseconds(milliseconds: bigint): DateTimeOffset {
    if (milliseconds < -62_135_596_800_000n || milliseconds > 253_402_300_799_999n) {
      throw argumentOutOfRange(
        'milliseconds',
        'Valid values are between -62135596800000 and 253402300799999, inclusive.',
      );
    }
    return new DateTimeOffset(new DateTime(unixEpochTicks + milliseconds * ticksPerMillisecond), TimeSpan.zero);
  }

  static fromUnixSeconds(seconds: bigint): DateTimeOffset {
    if (seconds < -62_135_596_800n || seconds > 253_402_300_799n) {
      throw argumentOutOfRange('seconds', 'Valid values are between -62135596800 and 253402300799, inclusive.');
    }
    return new DateTimeOffset(new DateTime(unixEpochTicks + seconds * ticksPerSecond), TimeSpan.zero);
  }

  get utc(): DateTime {
    return this.clock.addTicks(-this.offset.ticks).withKind(kinds.utc);
  }
  /** Whole units since 1970, rounded down. */
  toUnix(unit: bigint): bigint {
    const ticks = this.utc.ticks - unixEpochTicks;
    return ticks < 0n && ticks % unit !== 0n ? ticks / unit - 1n : ticks / unit;
  }
  toOffset(offset: TimeSpan): DateTimeOffset {
    return new DateTimeOffset(this.utc.addTicks(offset.ticks, 'offset'), offset);
  }
  /** The same offset at another clock time. */
  with(clock: DateTime): DateTimeOffset {
    return new DateTimeOffset(clock, this.offset);
  }

  [toStringMember](): string {
    return formatDateTime(this.clock, null, this.offset);
  }
  [formatMember](format: string | null): string {
    return formatDateTime(this.clock, format, this.offset);
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof DateTimeOffset && other.utc.ticks === this.utc.ticks;
  }
  [hashMember](): number {
    return hashInt64(this.utc.ticks);
  }
  [compareMember](other: Uniform): number {
    return comparePrimitive(this.utc.ticks, (other as DateTimeOffset).utc.ticks);
  }
}
