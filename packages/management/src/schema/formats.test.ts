import { describe, expect, it } from 'vitest';
import { formatProblem } from './formats.ts';

describe('formats of strings', () => {
  it.each([
    ['date-time', '2026-01-31T12:00:00Z', true],
    ['date-time', '2026-01-31T12:00:00.1234567+02:00', true],
    ['date-time', '2026-13-31T12:00:00Z', false],
    ['date-time', 'tomorrow', false],
    ['duration', 'PT1M30S', true],
    ['duration', 'P1DT12H', true],
    ['duration', 'P', false],
    ['duration', 'PT', false],
    ['uri', 'https://x/y', true],
    ['uri', '/x', false],
    ['guid', '11111111-1111-1111-1111-111111111111', true],
    ['guid', '1111', false],
    ['armId', '/subscriptions/x', true],
    ['armId', 'x', false],
  ] as const)('%s takes %s: %s', (format, value, isValid) => {
    expect(formatProblem(format, value) === undefined).toBe(isValid);
  });
});
