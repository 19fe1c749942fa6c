import type { CircuitBreakerRule } from '@lazuli/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.ts';
import { FailureWindow } from './failure-window.ts';

const start = 1_000_000;

type Condition = Partial<CircuitBreakerRule['failureCondition']>;

function breaker(condition: Condition, parts: Partial<CircuitBreakerRule> = {}): CircuitBreaker {
  return new CircuitBreaker({
    name: 'rule',
    tripDuration: 60_000,
    acceptRetryAfter: false,
    failureCondition: {
      count: null,
      percentage: null,
      interval: 10_000,
      errorReasons: [],
      statusCodeRanges: [{ min: 500, max: 599 }],
      ...condition,
    },
    ...parts,
  });
}

const status = (code: number, retryAfter?: string) => ({ kind: 'response', status: code, retryAfter }) as const;

describe('a circuit breaker', () => {
  it('opens at the count within the interval and closes after the trip duration with nothing counted', () => {
    const subject = breaker({ count: 3 });
    subject.record(status(500), start);
    subject.record(status(503), start + 9_998);
    expect(subject.isOpen(start + 9_998)).toBe(false);
    subject.record(status(599), start + 9_999);
    expect(subject.state(start + 9_999)).toMatchObject({ state: 'open', openUntil: start + 69_999 });
    expect(subject.isOpen(start + 69_998)).toBe(true);
    expect(subject.isOpen(start + 69_999)).toBe(false);
    subject.record(status(500), start + 70_000);
    expect(subject.state(start + 70_000)).toMatchObject({ state: 'closed', openUntil: null, calls: 1, failures: 1 });
  });

  it('forgets failures that are older than the interval', () => {
    const subject = breaker({ count: 2 });
    subject.record(status(500), start);
    subject.record(status(500), start + 10_000);
    expect(subject.isOpen(start + 10_000)).toBe(false);
  });

  it('opens at the percentage of the calls within the interval', () => {
    const subject = breaker({ percentage: 50 });
    for (let i = 0; i < 3; i++) subject.record(status(200), start);
    for (let i = 0; i < 2; i++) subject.record(status(500), start);
    expect(subject.isOpen(start)).toBe(false);
    subject.record(status(500), start);
    expect(subject.isOpen(start)).toBe(true);
  });

  it('needs both when the rule has count and percentage', () => {
    const subject = breaker({ count: 2, percentage: 50 });
    subject.record(status(500), start);
    expect(subject.isOpen(start)).toBe(false);
    subject.record(status(500), start);
    expect(subject.isOpen(start)).toBe(true);
  });

  it.each([
    [{ statusCodeRanges: [{ min: 429, max: 429 }] }, status(429), true],
    [{ statusCodeRanges: [{ min: 429, max: 429 }] }, status(500), false],
    [{ statusCodeRanges: [{ min: 429, max: 429 }] }, { kind: 'timeout' } as const, false],
    [{ statusCodeRanges: [{ min: 500, max: 599 }] }, { kind: 'timeout' } as const, true],
    [{ statusCodeRanges: [], errorReasons: ['timeout'] }, { kind: 'timeout' } as const, true],
    [{ statusCodeRanges: [], errorReasons: ['Timeout'] }, { kind: 'connection-failure' } as const, false],
    [
      { statusCodeRanges: [], errorReasons: ['BackendConnectionFailure'] },
      { kind: 'connection-failure' } as const,
      true,
    ],
    [{ statusCodeRanges: [], errorReasons: ['Server errors'] }, status(502), true],
    [{ statusCodeRanges: [], errorReasons: ['Server errors'] }, status(404), false],
    [{ statusCodeRanges: [], errorReasons: [] }, status(500), true],
  ])('with %j takes %j for a failure: %s', (condition, outcome, expected) => {
    const subject = breaker({ count: 1, ...condition });
    subject.record(outcome, start);
    expect(subject.isOpen(start)).toBe(expected);
  });

  it('takes the Retry-After of the backend when the rule accepts it', () => {
    const accepting = (header?: string) => {
      const subject = breaker({ count: 1 }, { acceptRetryAfter: true });
      subject.record(status(503, header), start);
      return subject.openUntil - start;
    };
    expect(accepting('5')).toBe(5_000);
    expect(accepting(new Date(start + 30_000).toUTCString())).toBe(30_000);
    expect(accepting('soon')).toBe(60_000);
    expect(accepting()).toBe(60_000);
    expect(accepting('9'.repeat(400))).toBe(86_400_000);
    const refusing = breaker({ count: 1 });
    refusing.record(status(503, '5'), start);
    expect(refusing.openUntil - start).toBe(60_000);
  });

  it('does not prolong the trip by calls that end while it is open', () => {
    const subject = breaker({ count: 1 });
    subject.record(status(500), start);
    subject.record(status(500), start + 50_000);
    expect(subject.isOpen(start + 60_000)).toBe(false);
  });
});

describe('a failure window', () => {
  it('counts what a plain list would', () => {
    const call = fc.record({ after: fc.nat(40), failed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 100 }), (calls) => {
        const window = new FailureWindow(100);
        const list: { at: number; failed: boolean }[] = [];
        let now = start;
        for (const { after, failed } of calls) {
          now += after;
          window.add(now, failed);
          list.push({ at: now, failed });
          const recent = list.filter(({ at }) => at > now - 100);
          expect(window.count(now)).toEqual({ calls: recent.length, failures: recent.filter((c) => c.failed).length });
        }
      }),
    );
  });

  it('keeps no more than its capacity', () => {
    const window = new FailureWindow(1000, 20);
    for (let i = 0; i < 100; i++) window.add(start, i < 90);
    expect(window.count(start)).toEqual({ calls: 20, failures: 10 });
  });
});
