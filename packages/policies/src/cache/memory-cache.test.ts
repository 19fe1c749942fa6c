import { describe, expect, it } from 'vitest';
import { describeCache } from './contract.ts';
import { MemoryCache } from './memory-cache.ts';

function make(maxBytes = 1_000_000) {
  let now = Date.UTC(2026, 0, 1);
  const cache = new MemoryCache({ now: () => now, maxBytes });
  return {
    cache,
    advance: (ms: number) => {
      now += ms;
    },
  };
}

describeCache('memory', () => make());

describe('MemoryCache', () => {
  const text = (length: number) => ({ kind: 'value', value: 'x'.repeat(length) }) as const;

  it('drops what was used longest ago when the bytes do not suffice', () => {
    const { cache } = make(100_000);
    cache.set('often', text(1_000), 60_000);
    for (let i = 0; i < 500; i++) {
      cache.set(`k${i}`, text(1_000), 60_000);
      expect(cache.get('often')).toBeDefined();
      expect(cache.bytes).toBeLessThanOrEqual(100_000);
    }
    expect(cache.get('k0')).toBeUndefined();
    expect(cache.get('k499')).toBeDefined();
  });

  it('does not let one entry push out all others', () => {
    const { cache } = make(100_000);
    cache.set('small', text(100), 60_000);
    cache.set('large', text(50_000), 60_000);
    expect([cache.get('large'), cache.get('small')?.kind]).toEqual([undefined, 'value']);
  });

  it('gives the room of expired entries back without being asked for them', () => {
    const { cache, advance } = make();
    for (let i = 0; i < 500; i++) cache.set(`k${i}`, text(10), 1_000);
    advance(1_000);
    for (let i = 0; i < 600; i++) cache.set('one', text(10), 1_000);
    expect(cache.size).toBe(1);
    cache.remove('one');
    expect(cache.bytes).toBe(0);
  });
});
