import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SweepClock, sweepInterval } from './clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a deadline is never early, and late by two sweeps at most', () => {
  const swept: number[] = [];
  const clock = new SweepClock(100, (now) => swept.push(now));
  vi.advanceTimersByTime(199);
  // A clock that stands still since 99 ms.
  const deadline = clock.deadline(500);
  let elapsed = 0;
  while ((swept.at(-1) ?? 0) < deadline) {
    vi.advanceTimersByTime(1);
    elapsed++;
  }
  expect(elapsed).toBeGreaterThanOrEqual(500);
  expect(elapsed).toBeLessThanOrEqual(700);
  clock.stop();
});

test('the date is that of the second', () => {
  vi.setSystemTime(new Date('2026-11-24T10:00:00.900Z'));
  const clock = new SweepClock(100, () => {});
  expect(clock.dateLine).toBe('Date: Tue, 24 Nov 2026 10:00:00 GMT\r\n');
  vi.setSystemTime(new Date('2026-11-24T10:00:01.000Z'));
  expect(clock.dateLine).toBe('Date: Tue, 24 Nov 2026 10:00:01 GMT\r\n');
  clock.stop();
});

test('short limits are looked at more often; none is as good as long', () => {
  expect(sweepInterval(30_000, 300_000)).toBe(250);
  expect(sweepInterval(200, 0)).toBe(50);
  expect(sweepInterval(10)).toBe(20);
  expect(sweepInterval(0)).toBe(250);
});
