import type { DateTime } from '../datetime.ts';
import { argumentException, argumentNull, NetException } from '../exceptions.ts';
import { TimeSpan } from '../timespan.ts';
import { type AdjustmentRule, checkOffset } from './adjustment-rule.ts';
import { TimeZone } from './timezone.ts';

export interface CustomZoneSettings {
  readonly id: string | null;
  readonly baseOffset: TimeSpan;
  readonly displayName: string | null;
  readonly standardName: string | null;
  readonly daylightName?: string | null;
  readonly rules?: readonly (AdjustmentRule | null)[] | null;
}

/** What `TimeZoneInfo.CreateCustomTimeZone` makes. Throws ArgumentException and InvalidTimeZoneException. */
export class CustomZone extends TimeZone {
  readonly id: string;
  readonly isUtc = false;
  readonly baseOffset: TimeSpan;
  readonly displayName: string;
  readonly standardName: string;
  readonly daylightName: string;
  readonly rules: readonly AdjustmentRule[];

  constructor({ id, baseOffset, displayName, standardName, daylightName, rules }: CustomZoneSettings) {
    super();
    if (id === null) throw argumentNull('id');
    if (id === '') throw argumentException(`The specified ID parameter '${id}' is not supported.`, 'id');
    checkOffset(baseOffset, 'baseUtcOffset');
    this.id = id;
    this.baseOffset = baseOffset;
    this.displayName = displayName ?? '';
    this.standardName = standardName ?? '';
    this.rules = checked(rules ?? []);
    this.daylightName = this.rules.length > 0 ? (daylightName ?? '') : this.standardName;
  }

  get hasDaylightSaving(): boolean {
    return this.rules.length > 0;
  }
  offsetAtUtc(utc: DateTime): TimeSpan {
    const standard = utc.addTicks(this.baseOffset.ticks);
    const rule = this.rules.find((one) => one.covers(standard));
    return rule?.isDaylight(standard) ? new TimeSpan(this.baseOffset.ticks + rule.delta.ticks) : this.baseOffset;
  }
  isDaylight(offset: TimeSpan): boolean {
    return offset.ticks !== this.baseOffset.ticks;
  }
}

const invalid = (message: string) => new NetException('System.InvalidTimeZoneException', message);

function checked(rules: readonly (AdjustmentRule | null)[]): readonly AdjustmentRule[] {
  let last: AdjustmentRule | null = null;
  return rules.map((rule) => {
    if (!rule) throw invalid('The AdjustmentRule array cannot contain null elements.');
    if (last && rule.dateStart.ticks <= last.dateEnd.ticks)
      throw invalid('The elements of the AdjustmentRule array must be in chronological order and must not overlap.');
    last = rule;
    return rule;
  });
}
