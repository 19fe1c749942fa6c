import { beforeEach, describe, expect, it } from 'vitest';
import type { CacheEntry, CachePort } from '../ports/ports.ts';

/** What a suite needs to drive an implementation: a fresh one, and time that the test moves. */
export interface CacheUnderTest {
  readonly cache: CachePort;
  advance(ms: number): void | Promise<void>;
  close?(): void | Promise<void>;
}

const response = (body: string): CacheEntry => ({
  kind: 'response',
  status: 203,
  reason: 'Non-Authoritative Information',
  headers: ['Content-Type', 'text/plain', 'X-Twice', 'a', 'X-Twice', 'b'],
  body: Buffer.from(body),
});

/** The contract of {@link CachePort}; every implementation runs it. */
export function describeCache(name: string, make: () => CacheUnderTest | Promise<CacheUnderTest>): void {
  describe(`cache: ${name}`, () => {
    let test: CacheUnderTest;
    let cache: CachePort;
    beforeEach(async () => {
      test = await make();
      cache = test.cache;
      return async () => test.close?.();
    });

    it('knows nothing at first', async () => {
      expect(await cache.get('k')).toBeUndefined();
    });

    it('gives back a response as it was stored', async () => {
      await cache.set('k', response('héllo \0'), 60_000);
      const entry = await cache.get('k');
      expect(entry).toMatchObject({
        kind: 'response',
        status: 203,
        reason: 'Non-Authoritative Information',
        headers: ['Content-Type', 'text/plain', 'X-Twice', 'a', 'X-Twice', 'b'],
      });
      expect(entry?.kind === 'response' && Buffer.from(entry.body).toString()).toBe('héllo \0');
    });

    it.each([['text'], [''], [42], [true], [9_007_199_254_740_993n], [null]])(
      'gives back the value %s',
      async (value) => {
        await cache.set('k', { kind: 'value', value }, 60_000);
        expect(await cache.get('k')).toEqual({ kind: 'value', value });
      },
    );

    it('gives back bytes', async () => {
      await cache.set('k', { kind: 'value', value: new Uint8Array([0, 255, 10]) }, 60_000);
      const entry = await cache.get('k');
      expect(entry?.kind === 'value' && entry.value instanceof Uint8Array && [...entry.value]).toEqual([0, 255, 10]);
    });

    it('forgets an entry when its time is over', async () => {
      await cache.set('k', response('x'), 10_000);
      await test.advance(9_000);
      expect(await cache.get('k')).toBeDefined();
      await test.advance(1_000);
      expect(await cache.get('k')).toBeUndefined();
    });

    it('counts the time anew when an entry is stored again', async () => {
      await cache.set('k', response('old'), 10_000);
      await test.advance(9_000);
      await cache.set('k', { kind: 'value', value: 'new' }, 10_000);
      await test.advance(9_000);
      expect(await cache.get('k')).toEqual({ kind: 'value', value: 'new' });
    });

    it('keeps nothing without a time to live', async () => {
      await cache.set('k', response('x'), 10_000);
      await cache.set('k', response('y'), 0);
      expect(await cache.get('k')).toBeUndefined();
    });

    it('removes, also what is not there', async () => {
      await cache.set('k', response('x'), 10_000);
      expect(await cache.remove('k')).toBe(true);
      expect(await cache.get('k')).toBeUndefined();
      expect(await cache.remove('k')).toBe(true);
    });

    it('keeps keys apart, however long', async () => {
      const long = 'x'.repeat(5_000);
      await cache.set(`${long}1`, { kind: 'value', value: 1 }, 10_000);
      await cache.set(`${long}2`, { kind: 'value', value: 2 }, 10_000);
      expect(await cache.get(`${long}1`)).toEqual({ kind: 'value', value: 1 });
      expect(await cache.get(`${long}2`)).toEqual({ kind: 'value', value: 2 });
    });
  });
}
