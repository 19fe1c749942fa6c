import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeCounters } from './contract.ts';
import { MemoryCounters } from './memory-counters.ts';

function make(maxKeys?: number) {
  let now = Date.UTC(2026, 0, 1);
  const counters = new MemoryCounters({ now: () => now, maxKeys });
  return {
    counters,
    now: () => now,
    advance: (ms: number) => {
      now += ms;
    },
  };
}

describeCounters('memory', () => make());

describe('MemoryCounters', () => {
  it('agrees with a plain list of calls', () => {
    const call = fc.record({ wait: fc.nat(400), amount: fc.nat(4), limit: fc.nat(12) });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 120 }), fc.constantFrom(1, 300, 1000), (calls, period) => {
        const { counters, now, advance } = make();
        const log: { at: number; amount: number }[] = [];
        for (const { wait, amount, limit } of calls) {
          advance(wait);
          const sumAt = (instant: number) =>
            log.reduce((sum, entry) => (entry.at > instant - period ? sum + entry.amount : sum), 0);
          const used = sumAt(now());
          const fits = used + Math.max(1, amount) <= limit;
          const state = counters.slidingWindow('k', limit, period, amount);
          expect(state.allowed).toBe(fits);
          if (fits) log.push({ at: now(), amount });
          expect(state.remaining).toBe(Math.max(0, limit - used - (fits ? amount : 0)));
          const wanted = fits ? 1 : Math.max(1, amount);
          if (wanted <= limit) {
            const at = now() + state.retryAfterMs;
            expect(sumAt(at) + wanted).toBeLessThanOrEqual(limit);
            if (state.retryAfterMs > 0) expect(sumAt(at - 1) + wanted).toBeGreaterThan(limit);
          }
        }
      }),
    );
  });

  it('stays exact when the clock is set back', () => {
    const { counters, advance } = make();
    counters.slidingWindow('k', 2, 10_000, 1);
    advance(-5_000);
    counters.slidingWindow('k', 2, 10_000, 1);
    expect(counters.slidingWindow('k', 2, 10_000, 1).allowed).toBe(false);
    advance(15_000);
    expect(counters.slidingWindow('k', 2, 10_000, 1).remaining).toBe(1);
  });

  it('forgets keys that have expired', () => {
    const { counters, advance } = make();
    for (let i = 0; i < 1_000; i++) counters.slidingWindow(`k${i}`, 5, 1_000, 1);
    for (let i = 0; i < 1_000; i++) counters.addToFixedWindow(`q${i}`, 0, Date.UTC(2026, 0, 1) + 1_000, 1);
    advance(1_000);
    for (let i = 0; i < 1_100; i++) {
      counters.slidingWindow('one', 5, 1_000, 0);
      counters.addToFixedWindow('one', 1, null, 1);
    }
    expect(counters.size).toBeLessThan(5);
  });

  it('drops the key that was used longest ago when there are too many', () => {
    const { counters } = make(10);
    for (let i = 0; i < 1_000; i++) {
      counters.slidingWindow('often', 1_000_000, 300_000, 1);
      counters.slidingWindow(`k${i}`, 5, 300_000, 1);
    }
    expect(counters.size).toBeLessThanOrEqual(10);
    expect(counters.slidingWindow('often', 1_000_000, 300_000, 0).remaining).toBe(999_000);
  });

  it('hands quotas to the next process', () => {
    const { counters, now } = make();
    counters.addToFixedWindow('q', now(), now() + 10_000, 7);
    counters.addToFixedWindow('over', now() - 10_000, now(), 7);
    const next = new MemoryCounters({ now, quotas: JSON.parse(JSON.stringify([...counters.quotas()])) });
    expect(next.addToFixedWindow('q', now(), now() + 10_000, 1)).toBe(8);
    expect([...next.quotas()]).toHaveLength(1);
  });

  it('frees a slot that is left, and no more', () => {
    const { counters } = make();
    counters.enter('c', 1);
    counters.leave('c');
    counters.leave('c');
    expect(counters.size).toBe(0);
    expect(counters.enter('c', 1)).toBe(true);
    expect(counters.enter('c', 1)).toBe(false);
  });
});
