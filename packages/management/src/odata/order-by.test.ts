import { describe, expect, it } from 'vitest';
import { parseOrderBy, sortBy } from './order-by.ts';

const items = [
  { name: 'b', size: 10 },
  { name: 'A', size: 9 },
  { name: 'c', size: 10 },
];
const sorted = (text: string) =>
  sortBy(
    items,
    parseOrderBy(text),
    (item) => (path) => (path === 'name' ? item.name : path === 'size' ? item.size : undefined),
  ).map(({ name }) => name);

describe('$orderby', () => {
  it('sorts numbers as numbers and text without regard to case, by several terms', () => {
    expect(sorted('name')).toEqual(['A', 'b', 'c']);
    expect(sorted('size desc, name desc')).toEqual(['c', 'b', 'A']);
    expect(sorted('missing')).toEqual(['b', 'A', 'c']);
  });

  it('refuses what is no list of fields', () => {
    expect(() => parseOrderBy('name up')).toThrow(/'name up' is no field/);
    expect(() => parseOrderBy('')).toThrow();
  });
});
