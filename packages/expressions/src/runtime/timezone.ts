import { DateTime, kinds } from './datetime.ts';
import { argumentException, argumentNull, NetException } from './exceptions.ts';
import { equalsMember, hashMember, hashString, toStringMember } from './object.ts';
import { TimeSpan, ticksPerHour, ticksPerMillisecond, ticksPerMinute } from './timespan.ts';
import { netType, type Uniform } from './values.ts';

/** Windows' ids and the IANA zone of each (the default territory of CLDR's windowsZones). */
const windowsIds: Readonly<Record<string, string>> = {
  UTC: 'UTC',
  'GMT Standard Time': 'Europe/London',
  'Greenwich Standard Time': 'Atlantic/Reykjavik',
  'W. Europe Standard Time': 'Europe/Berlin',
  'Central Europe Standard Time': 'Europe/Budapest',
  'Central European Standard Time': 'Europe/Warsaw',
  'Romance Standard Time': 'Europe/Paris',
  'E. Europe Standard Time': 'Europe/Chisinau',
  'FLE Standard Time': 'Europe/Kiev',
  'GTB Standard Time': 'Europe/Bucharest',
  'Russian Standard Time': 'Europe/Moscow',
  'Turkey Standard Time': 'Europe/Istanbul',
  'Israel Standard Time': 'Asia/Jerusalem',
  'Egypt Standard Time': 'Africa/Cairo',
  'South Africa Standard Time': 'Africa/Johannesburg',
  'W. Central Africa Standard Time': 'Africa/Lagos',
  'E. Africa Standard Time': 'Africa/Nairobi',
  'Morocco Standard Time': 'Africa/Casablanca',
  'Arab Standard Time': 'Asia/Riyadh',
  'Arabian Standard Time': 'Asia/Dubai',
  'Arabic Standard Time': 'Asia/Baghdad',
  'Iran Standard Time': 'Asia/Tehran',
  'Pakistan Standard Time': 'Asia/Karachi',
  'India Standard Time': 'Asia/Calcutta',
  'Sri Lanka Standard Time': 'Asia/Colombo',
  'Nepal Standard Time': 'Asia/Katmandu',
  'Bangladesh Standard Time': 'Asia/Dhaka',
  'SE Asia Standard Time': 'Asia/Bangkok',
  'China Standard Time': 'Asia/Shanghai',
  'Singapore Standard Time': 'Asia/Singapore',
  'Taipei Standard Time': 'Asia/Taipei',
  'W. Australia Standard Time': 'Australia/Perth',
  'Tokyo Standard Time': 'Asia/Tokyo',
  'Korea Standard Time': 'Asia/Seoul',
  'AUS Central Standard Time': 'Australia/Darwin',
  'Cen. Australia Standard Time': 'Australia/Adelaide',
  'E. Australia Standard Time': 'Australia/Brisbane',
  'AUS Eastern Standard Time': 'Australia/Sydney',
  'Tasmania Standard Time': 'Australia/Hobart',
  'New Zealand Standard Time': 'Pacific/Auckland',
  'Azores Standard Time': 'Atlantic/Azores',
  'E. South America Standard Time': 'America/Sao_Paulo',
  'Argentina Standard Time': 'America/Buenos_Aires',
  'SA Eastern Standard Time': 'America/Cayenne',
  'Newfoundland Standard Time': 'America/St_Johns',
  'Atlantic Standard Time': 'America/Halifax',
  'SA Western Standard Time': 'America/La_Paz',
  'Pacific SA Standard Time': 'America/Santiago',
  'Eastern Standard Time': 'America/New_York',
  'US Eastern Standard Time': 'America/Indianapolis',
  'SA Pacific Standard Time': 'America/Bogota',
  'Central Standard Time': 'America/Chicago',
  'Canada Central Standard Time': 'America/Regina',
  'Central America Standard Time': 'America/Guatemala',
  'Central Standard Time (Mexico)': 'America/Mexico_City',
  'Mountain Standard Time': 'America/Denver',
  'US Mountain Standard Time': 'America/Phoenix',
  'Pacific Standard Time': 'America/Los_Angeles',
  'Alaskan Standard Time': 'America/Anchorage',
  'Hawaiian Standard Time': 'Pacific/Honolulu',
};

/** `System.TimeZoneInfo` over the zones that the runtime knows (`Intl`). Offsets are those of the zone's history. */
export class TimeZone {
  readonly [netType] = 'System.TimeZoneInfo';
  readonly id: string;
  readonly #format: Intl.DateTimeFormat;

  private constructor(id: string, zone: string) {
    this.id = id;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  static readonly utc = new TimeZone('UTC', 'UTC');

  /** By IANA or Windows id. Throws TimeZoneNotFoundException. */
  static find(id: string | null): TimeZone {
    if (id === null) throw argumentNull('id');
    const known = found.get(id);
    if (known) return known;
    const zone = Object.hasOwn(windowsIds, id) ? windowsIds[id] : id;
    try {
      if (!/^[A-Za-z]/.test(id)) throw new RangeError(id);
      const made = zone === 'UTC' ? TimeZone.utc : new TimeZone(id, zone ?? id);
      found.set(id, made);
      return made;
    } catch {
      throw new NetException(
        'System.TimeZoneNotFoundException',
        `The time zone ID '${id}' was not found on the local computer.`,
      );
    }
  }

  /** The offset at an instant. */
  offsetAtUtc(utc: DateTime): TimeSpan {
    const wall = this.#wallAt(utc.toUnixMilliseconds());
    const whole = utc.ticks - (utc.ticks % (1000n * ticksPerMillisecond));
    return new TimeSpan(wall.ticks - whole);
  }

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

  /** Standard time this year: the lesser of winter's and summer's. */
  get baseOffset(): TimeSpan {
    const { winter, summer } = this.#thisYear();
    return new TimeSpan(lesser(winter, summer));
  }

  get hasDaylightSaving(): boolean {
    const { winter, summer } = this.#thisYear();
    return winter !== summer;
  }

  isDaylight(offset: TimeSpan, year: number): boolean {
    const { winter, summer } = this.#inYear(year);
    return winter !== summer && offset.ticks !== lesser(winter, summer);
  }

  /** A DateTime as clock time of this zone; of kind Utc when the zone is UTC. */
  fromUtc(utc: DateTime): DateTime {
    const kind = this === TimeZone.utc ? kinds.utc : kinds.unspecified;
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
  get displayName(): string {
    if (this === TimeZone.utc) return '(UTC) Coordinated Universal Time';
    const minutes = Number(this.baseOffset.ticks / ticksPerMinute);
    const size = Math.abs(minutes);
    const hours = String(Math.floor(size / 60)).padStart(2, '0');
    return `(UTC${minutes < 0 ? '-' : '+'}${hours}:${String(size % 60).padStart(2, '0')}) ${this.id}`;
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

  #thisYear(): { winter: bigint; summer: bigint } {
    return this.#inYear(new Date().getUTCFullYear());
  }

  #inYear(year: number): { winter: bigint; summer: bigint } {
    return {
      winter: this.offsetAtUtc(DateTime.of(year, 1, 1)).ticks,
      summer: this.offsetAtUtc(DateTime.of(year, 7, 1)).ticks,
    };
  }

  #wallAt(milliseconds: number): DateTime {
    const parts = new Map(this.#format.formatToParts(milliseconds).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    if (parts.get('era') !== 'AD') return DateTime.minValue;
    if (number('year') > 9999) return DateTime.maxValue;
    return DateTime.of(
      number('year'),
      number('month'),
      number('day'),
      number('hour'),
      number('minute'),
      number('second'),
    );
  }
}

// Math.min does not take bigints.
function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

const found = new Map<string, TimeZone>();
const inRange = (ticks: bigint) => ticks >= 0n && ticks <= DateTime.maxValue.ticks;
