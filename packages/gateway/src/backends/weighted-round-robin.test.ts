import { describe, expect, it } from 'vitest';
import { WeightedRoundRobin } from './weighted-round-robin.ts';

function picks(
  weights: Record<string, number>,
  count: number,
  mayPick: (item: string) => boolean = () => true,
): string {
  const robin = new WeightedRoundRobin(Object.entries(weights).map(([item, weight]) => ({ item, weight })));
  return Array.from({ length: count }, () => robin.next(mayPick) ?? '-').join('');
}

describe('weighted round robin', () => {
  it.each([
    [{ a: 1, b: 1 }, 'abab'],
    [{ a: 3, b: 1 }, 'aabaaaba'],
    [{ a: 5, b: 1, c: 1 }, 'aabacaa'],
    [{ a: 0, b: 1 }, 'bbb'],
    [{ a: 0, b: 0 }, 'abab'],
    [{}, '--'],
  ])('%j gives %s', (weights, expected) => {
    expect(picks(weights, expected.length)).toBe(expected);
  });

  it('shares among those that may be picked', () => {
    expect(picks({ a: 2, b: 1, c: 1 }, 4, (item) => item !== 'a')).toBe('bcbc');
    expect(picks({ a: 2 }, 1, () => false)).toBe('-');
  });
});
