import { expect, test } from 'vitest';
import { copyOf, useAgain } from './read-copies.ts';

const largest = 65_536;
const filled = (value: number) => Buffer.alloc(largest, value);

test('a copy has its own content, whatever its size', () => {
  for (const size of [0, 1, 1000, 4096, 4097, 16_384, 16_385, largest - 1, largest]) {
    const source = filled(1);
    const copy = copyOf(source, largest - size, largest);
    source.fill(2);
    expect(copy.equals(Buffer.alloc(size, 1))).toBe(true);
  }
  expect(copyOf(Buffer.alloc(100_000, 3), 0, 100_000)).toEqual(Buffer.alloc(100_000, 3));
});

test.each([1000, 10_000, 60_000])('memory is used again only after it was given back: %i bytes', (size) => {
  const first = copyOf(filled(1), 0, size);
  const second = copyOf(filled(2), 0, size - 5);
  expect(second.buffer).not.toBe(first.buffer);
  useAgain(second);
  const third = copyOf(filled(3), 0, size);
  expect(third.buffer).toBe(second.buffer);
  expect([first[0], third.length, third.at(-1)]).toEqual([1, size, 3]);
});

test('memory of others is never taken', () => {
  for (const part of [Buffer.alloc(largest), Buffer.alloc(largest * 2).subarray(0, largest), Buffer.from('small')]) {
    useAgain(part);
    expect(copyOf(filled(1), 0, part.length).buffer).not.toBe(part.buffer);
  }
});

test('only so much unused memory is kept', () => {
  const copies = Array.from({ length: 100 }, () => copyOf(filled(1), 0, largest));
  for (const copy of copies) useAgain(copy);
  const again = Array.from({ length: 100 }, () => copyOf(filled(1), 0, largest).buffer);
  const known = new Set(copies.map(({ buffer }) => buffer));
  expect(again.filter((buffer) => known.has(buffer))).toHaveLength(32);
});
