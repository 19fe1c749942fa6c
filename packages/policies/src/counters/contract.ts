import { beforeEach, describe, expect, it } from 'vitest';
import type { CounterPort } from '../ports/ports.ts';

/** What a suite needs to drive an implementation: a fresh one, and time that the test moves. */
export interface CountersUnderTest {
  readonly counters: CounterPort;
  /** Milliseconds since 1970 as the implementation sees it. */
  now(): number;
  advance(ms: number): void | Promise<void>;
  close?(): void | Promise<void>;
}

/** The contract of {@link CounterPort}; every implementation runs it. */
export function describeCounters(name: string, make: () => CountersUnderTest | Promise<CountersUnderTest>): void {
  describe(`counters: ${name}`, () => {
    let test: CountersUnderTest;
    let counters: CounterPort;
    beforeEach(async () => {
      test = await make();
      counters = test.counters;
      return async () => test.close?.();
    });

    describe('sliding window', () => {
      it('counts up to the limit and says what is left', async () => {
        const seen = [];
        for (let i = 0; i < 3; i++) seen.push(await counters.slidingWindow('k', 3, 60_000, 1));
        expect(seen.map((state) => [state.allowed, state.remaining])).toEqual([
          [true, 2],
          [true, 1],
          [true, 0],
        ]);
        expect(await counters.slidingWindow('k', 3, 60_000, 1)).toEqual({
          allowed: false,
          remaining: 0,
          retryAfterMs: 60_000,
        });
      });

      it('slides: a call leaves the window exactly one period after it came', async () => {
        await counters.slidingWindow('k', 2, 10_000, 1);
        await test.advance(4_000);
        await counters.slidingWindow('k', 2, 10_000, 1);
        await test.advance(5_999);
        expect(await counters.slidingWindow('k', 2, 10_000, 1)).toEqual({
          allowed: false,
          remaining: 0,
          retryAfterMs: 1,
        });
        await test.advance(1);
        expect((await counters.slidingWindow('k', 2, 10_000, 1)).allowed).toBe(true);
        expect(await counters.slidingWindow('k', 2, 10_000, 1)).toEqual({
          allowed: false,
          remaining: 0,
          retryAfterMs: 4_000,
        });
      });

      it('counts nothing for a call that it refuses', async () => {
        await counters.slidingWindow('k', 1, 10_000, 1);
        await test.advance(9_000);
        for (let i = 0; i < 5; i++) await counters.slidingWindow('k', 1, 10_000, 1);
        await test.advance(1_000);
        expect((await counters.slidingWindow('k', 1, 10_000, 1)).allowed).toBe(true);
      });

      it('only looks when the amount is 0', async () => {
        expect(await counters.slidingWindow('k', 1, 10_000, 0)).toEqual({
          allowed: true,
          remaining: 1,
          retryAfterMs: 0,
        });
        await counters.slidingWindow('k', 1, 10_000, 1);
        expect((await counters.slidingWindow('k', 1, 10_000, 0)).allowed).toBe(false);
      });

      it('takes amounts above one whole or not at all', async () => {
        expect((await counters.slidingWindow('k', 10, 10_000, 7)).remaining).toBe(3);
        expect(await counters.slidingWindow('k', 10, 10_000, 4)).toMatchObject({ allowed: false, remaining: 3 });
        expect((await counters.slidingWindow('k', 10, 10_000, 3)).remaining).toBe(0);
      });

      it('adds without asking, beyond the limit too', async () => {
        await counters.addToSlidingWindow('k', 10_000, 50);
        expect(await counters.slidingWindow('k', 10, 10_000, 1)).toMatchObject({ allowed: false, remaining: 0 });
        await test.advance(10_000);
        expect((await counters.slidingWindow('k', 10, 10_000, 1)).allowed).toBe(true);
      });

      it('says how long to wait when several calls must leave first', async () => {
        await counters.addToSlidingWindow('k', 10_000, 2);
        await test.advance(1_000);
        await counters.addToSlidingWindow('k', 10_000, 2);
        expect((await counters.slidingWindow('k', 3, 10_000, 1)).retryAfterMs).toBe(9_000);
        expect((await counters.slidingWindow('k', 2, 10_000, 1)).retryAfterMs).toBe(10_000);
      });

      it('refuses everything with a limit of 0', async () => {
        expect(await counters.slidingWindow('k', 0, 10_000, 1)).toEqual({
          allowed: false,
          remaining: 0,
          retryAfterMs: 10_000,
        });
      });

      it('keeps keys apart', async () => {
        await counters.slidingWindow('a', 1, 10_000, 1);
        expect((await counters.slidingWindow('b', 1, 10_000, 1)).allowed).toBe(true);
        const long = 'x'.repeat(5_000);
        await counters.slidingWindow(`${long}1`, 1, 10_000, 1);
        expect((await counters.slidingWindow(`${long}2`, 1, 10_000, 1)).allowed).toBe(true);
        expect((await counters.slidingWindow(`${long}1`, 1, 10_000, 1)).allowed).toBe(false);
      });

      it('counts one key for periods of different length', async () => {
        await counters.slidingWindow('k', 100, 60_000, 1);
        await test.advance(20_000);
        expect((await counters.slidingWindow('k', 100, 10_000, 1)).remaining).toBe(99);
        expect((await counters.slidingWindow('k', 100, 60_000, 1)).remaining).toBe(97);
      });

      it('lets exactly the limit through when many come at once', async () => {
        const states = await Promise.all(
          Array.from({ length: 200 }, async () => counters.slidingWindow('k', 50, 10_000, 1)),
        );
        expect(states.filter((state) => state.allowed)).toHaveLength(50);
      });
    });

    describe('fixed window', () => {
      it('gives the sum after adding', async () => {
        const start = test.now();
        expect(await counters.addToFixedWindow('q', start, start + 10_000, 1)).toBe(1);
        expect(await counters.addToFixedWindow('q', start, start + 10_000, 5)).toBe(6);
        expect(await counters.addToFixedWindow('q', start, start + 10_000, 0)).toBe(6);
      });

      it('begins at zero in the next window', async () => {
        const start = test.now();
        await counters.addToFixedWindow('q', start, start + 10_000, 3);
        await test.advance(10_000);
        expect(await counters.addToFixedWindow('q', start + 10_000, start + 20_000, 1)).toBe(1);
      });

      it('keeps a window that never ends', async () => {
        await counters.addToFixedWindow('q', 0, null, 3);
        await test.advance(400 * 24 * 3_600_000);
        expect(await counters.addToFixedWindow('q', 0, null, 1)).toBe(4);
      });

      it('loses no addition when many come at once', async () => {
        const start = test.now();
        const add = async () => counters.addToFixedWindow('q', start, start + 10_000, 1);
        const sums = await Promise.all(Array.from({ length: 100 }, add));
        expect(Math.max(...sums)).toBe(100);
        expect(new Set(sums).size).toBe(100);
      });

      it('keeps keys apart', async () => {
        const start = test.now();
        await counters.addToFixedWindow('a', start, start + 10_000, 3);
        expect(await counters.addToFixedWindow('b', start, start + 10_000, 1)).toBe(1);
      });
    });

    describe('concurrency', () => {
      it('lets so many in at a time', async () => {
        expect(await counters.enter('c', 2)).toBe(true);
        expect(await counters.enter('c', 2)).toBe(true);
        expect(await counters.enter('c', 2)).toBe(false);
        counters.leave('c');
        expect(await counters.enter('c', 2)).toBe(true);
      });

      it('keeps keys apart', async () => {
        await counters.enter('a', 1);
        expect(await counters.enter('b', 1)).toBe(true);
      });

      it('lets nobody in when the maximum is 0', async () => {
        expect(await counters.enter('c', 0)).toBe(false);
      });
    });
  });
}
