import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Embedding, embeddingOf, VectorIndex } from './vector-index.ts';

const vector = (...values: number[]): Embedding => embeddingOf(values) ?? new Float32Array();

it('gives the nearest within the distance', () => {
  const index = new VectorIndex();
  index.add('p', vector(1, 0), 'east', 100, 0);
  index.add('p', vector(1, 1), 'north-east', 100, 0);
  expect(index.nearest('p', vector(10, 0), 0, 0)).toEqual({ key: 'east', distance: 0 });
  expect(index.nearest('p', vector(3, 2), 0.1, 0)?.key).toBe('north-east');
  expect(index.nearest('p', vector(-1, 0), 0.5, 0)).toBeNull();
  expect(index.nearest('other', vector(1, 0), 1, 0)).toBeNull();
});

it('forgets what is over, what was removed, and vectors of another length', () => {
  const index = new VectorIndex();
  index.add('p', vector(1, 0), 'a', 100, 0);
  expect(index.nearest('p', vector(1, 0), 0, 100)).toBeNull();
  expect(index.nearest('p', vector(1, 0, 0), 1, 0)).toBeNull();
  index.remove('p', 'a');
  expect([index.nearest('p', vector(1, 0), 0, 0), index.size]).toEqual([null, 0]);
});

it('is bounded: the oldest make room', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ partition: fc.constantFrom('a', 'b', 'c'), remove: fc.boolean() }), { maxLength: 60 }),
      (steps) => {
        const index = new VectorIndex({ perPartition: 3, total: 5 });
        const held = new Map<string, string[]>();
        steps.forEach(({ partition, remove }, i) => {
          const key = String(i);
          index.add(partition, vector(1, i), key, 1_000, 0);
          if (remove) index.remove(partition, key);
          else held.set(partition, [...(held.get(partition) ?? []), key].slice(-3));
          expect(index.size).toBeLessThanOrEqual(5);
          const last = remove ? null : index.nearest(partition, vector(1, i), 0, 0);
          if (!remove) expect(last?.key).toBe(key);
        });
      },
    ),
  );
});

it.each([[null], [[]], [['a']], [[0, 0]], [[Number.NaN]], [new Array(20_000).fill(1)]])(
  '%s is no embedding',
  (value) => {
    expect(embeddingOf(value)).toBeNull();
  },
);
