import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  ['PT1M', 60_000],
  ['PT1H30M', 5_400_000],
  ['P1DT12H', 129_600_000],
  ['P2W', 1_209_600_000],
  ['PT0.5S', 500],
  ['PT0S', 0],
  ['P', null],
  ['PT', null],
  ['P1DT', null],
  ['P1M', null],
  ['P1Y', null],
  ['1M', null],
  ['PT1M ', null],
  ['-PT1M', null],
  ['00:01:00', null],
])('%s', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test('reads back what it is told', () => {
  fc.assert(
    fc.property(fc.nat(400), fc.nat(23), fc.nat(59), fc.nat(59), (days, hours, minutes, seconds) => {
      expect(parseDuration(`P${days}DT${hours}H${minutes}M${seconds}S`)).toBe(
        (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000,
      );
    }),
  );
});
