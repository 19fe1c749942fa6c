import { DateTime } from '../datetime.ts';
import { argumentNull, NetException } from '../exceptions.ts';
import { TimeSpan, ticksPerMillisecond, ticksPerMinute } from '../timespan.ts';
import type { AdjustmentRule } from './adjustment-rule.ts';
import { derivedRules } from './derived-rules.ts';
import { lesser, TimeZone } from './timezone.ts';
import { windowsZones } from './windows-zones.ts';

/** By IANA or Windows id. Throws TimeZoneNotFoundException. */
export function findTimeZone(id: string | null): TimeZone {
  if (id === null) throw argumentNull('id');
  const known = found.get(id);
  if (known) return known;
  const zone = Object.hasOwn(windowsZones, id) ? windowsZones[id] : id;
  try {
    if (!/^[A-Za-z]/.test(id)) throw new RangeError(id);
    const made = zone === 'UTC' ? utc : new SystemZone(id, zone ?? id);
    if (found.size < mostRemembered) found.set(id, made);
    return made;
  } catch {
    throw new NetException(
      'System.TimeZoneNotFoundException',
      `The time zone ID '${id}' was not found on the local computer.`,
    );
  }
}

/** `System.TimeZoneInfo` over the zones that the runtime knows (`Intl`). Offsets are those of the zone's history. */
export class SystemZone extends TimeZone {
  readonly id: string;
  readonly #format: Intl.DateTimeFormat;

  constructor(id: string, zone: string) {
    super();
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

  get isUtc(): boolean {
    return this === utc;
  }
  get standardName(): string {
    return this.isUtc ? 'Coordinated Universal Time' : this.id;
  }
  /** As Windows calls it; an IANA zone has no name but its id. */
  get daylightName(): string {
    return this.isUtc ? 'Coordinated Universal Time' : this.id.replace('Standard Time', 'Daylight Time');
  }
  get rules(): readonly AdjustmentRule[] {
    this.#rules ??= derivedRules(this);
    return this.#rules;
  }
  #rules: readonly AdjustmentRule[] | null = null;

  /** The offset at an instant. */
  offsetAtUtc(utc: DateTime): TimeSpan {
    const wall = this.#wallAt(utc.toUnixMilliseconds());
    const whole = utc.ticks - (utc.ticks % (1000n * ticksPerMillisecond));
    return new TimeSpan(wall.ticks - whole);
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

  get displayName(): string {
    if (this.isUtc) return '(UTC) Coordinated Universal Time';
    const minutes = Number(this.baseOffset.ticks / ticksPerMinute);
    const size = Math.abs(minutes);
    const hours = String(Math.floor(size / 60)).padStart(2, '0');
    return `(UTC${minutes < 0 ? '-' : '+'}${hours}:${String(size % 60).padStart(2, '0')}) ${this.id}`;
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

export const utc: TimeZone = new SystemZone('UTC', 'UTC');

/** Zones that the runtime knows are fewer; ids in other cases are zones too. */
const mostRemembered = 1000;
const found = new Map<string, TimeZone>();
