import { DateTime, kinds } from '../datetime.ts';
import { argumentException } from '../exceptions.ts';
import { equalsMember, hashMember, hashString, toStringMember } from '../object.ts';
import { TimeSpan, ticksPerHour } from '../timespan.ts';
import { netType, type Uniform } from '../values.ts';
import type { AdjustmentRule } from './adjustment-rule.ts';

/** `System.TimeZoneInfo`: everything follows from the offset at an instant. */
export abstract class TimeZone {
  get [netType](): string {
    return 'System.TimeZoneInfo';
  }
  abstract readonly id: string;
  abstract readonly isUtc: boolean;
  abstract readonly displayName: string;
  abstract readonly standardName: string;
  abstract readonly daylightName: string;
  /** Of standard time. */
  abstract readonly baseOffset: TimeSpan;
  abstract readonly hasDaylightSaving: boolean;
  abstract readonly rules: readonly AdjustmentRule[];
  /** The offset at an instant. */
  abstract offsetAtUtc(utc: DateTime): TimeSpan;
  /** Is the offset, in force in that year, the one of daylight saving time? */
  abstract isDaylight(offset: TimeSpan, year: number): boolean;

  /** The offset at a clock time of the zone; an ambiguous one is in standard time, and one that is skipped too. */
  offsetAtClock(clock: DateTime): TimeSpan {
    const offsets = this.#offsetsAround(clock);
    const valid = offsets.filter((offset) => {
      const ticks = clock.ticks - offset;
      return inRange(ticks) && this.offsetAtUtc(new DateTime(ticks, kinds.utc)).ticks === offset;
    });
    const choices = valid.length > 0 ? valid : offsets;
    return new TimeSpan(choices.reduce(lesser));
  }

  /** Is the clock time skipped by a change to daylight saving time? */
  isInvalid(clock: DateTime): boolean {
    return this.#offsetsAround(clock).every((offset) => {
      const ticks = clock.ticks - offset;
      return inRange(ticks) && this.offsetAtUtc(new DateTime(ticks, kinds.utc)).ticks !== offset;
    });
  }

  isAmbiguous(clock: DateTime): boolean {
    const offsets = new Set(this.#offsetsAround(clock));
    return (
      offsets.size > 1 &&
      [...offsets].every((offset) => {
        const ticks = clock.ticks - offset;
        return inRange(ticks) && this.offsetAtUtc(new DateTime(ticks, kinds.utc)).ticks === offset;
      })
    );
  }

  /** A DateTime as clock time of this zone; of kind Utc when the zone is UTC. */
  fromUtc(utc: DateTime): DateTime {
    const kind = this.isUtc ? kinds.utc : kinds.unspecified;
    return utc.addTicks(this.offsetAtUtc(utc).ticks).withKind(kind);
  }

  /** Throws ArgumentException for a clock time that does not exist. */
  toUtc(clock: DateTime): DateTime {
    if (this.isInvalid(clock)) {
      throw argumentException(
        'The supplied DateTime represents an invalid time. For example, when the clock is adjusted forward, any time in the period that is skipped is invalid.',
        'dateTime',
      );
    }
    return clock.addTicks(-this.offsetAtClock(clock).ticks).withKind(kinds.utc);
  }

  [toStringMember](): string {
    return this.displayName;
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof TimeZone && other.id === this.id;
  }
  [hashMember](): number {
    return hashString(this.id);
  }

  /** The offsets in force a day before and a day after. */
  #offsetsAround(clock: DateTime): bigint[] {
    const day = 24n * ticksPerHour;
    return [clock.ticks - day, clock.ticks + day].map((ticks) => {
      const bounded = ticks < 0n ? 0n : inRange(ticks) ? ticks : DateTime.maxValue.ticks;
      return this.offsetAtUtc(new DateTime(bounded, kinds.utc)).ticks;
    });
  }
}

// Math.min does not take bigints.
export function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

const inRange = (ticks: bigint) => ticks >= 0n && ticks <= DateTime.maxValue.ticks;
