import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { startBudget } from '../budget.ts';
import { DateTime, kinds } from '../datetime.ts';
import { CustomZone } from './custom-zone.ts';
import { findTimeZone } from './system-zone.ts';
import { windowsZones } from './windows-zones.ts';

beforeEach(() => startBudget());

describe('adjustment rules that are derived from a zone', () => {
  test.each([
    'W. Europe Standard Time',
    'Eastern Standard Time',
    'AUS Eastern Standard Time',
    'Pacific/Chatham',
    'Australia/Lord_Howe',
  ])('make a custom zone that keeps the time of %s', (id) => {
    const zone = findTimeZone(id);
    const { baseOffset, displayName, standardName, rules } = zone;
    const custom = new CustomZone({ id: 'copy', baseOffset, displayName, standardName, daylightName: '', rules });
    const from = Date.UTC(2010, 0, 2);
    const to = Date.UTC(2037, 11, 30);
    fc.assert(
      fc.property(fc.integer({ min: from / 60_000, max: to / 60_000 }), (minute) => {
        const utc = DateTime.fromUnixMilliseconds(minute * 60_000, kinds.utc);
        expect(custom.offsetAtUtc(utc).ticks).toBe(zone.offsetAtUtc(utc).ticks);
      }),
      { numRuns: 300 },
    );
  });

  test('a zone without daylight saving time has none now', () => {
    expect(findTimeZone('Singapore Standard Time').rules).toEqual([]);
    expect(findTimeZone('UTC').rules).toEqual([]);
  });

  test('every zone of Windows is found', () => {
    for (const id of Object.keys(windowsZones)) expect(findTimeZone(id).displayName).toContain('UTC');
  });
});
