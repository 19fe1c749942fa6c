import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Extent, Extents } from './extents.ts';

test('takes the first part that is large enough, and joins what is free', () => {
  const extents = new Extents([]);
  expect([extents.take(4), extents.take(2), extents.take(4), extents.take(1)]).toEqual([0, 4, 6, 10]);
  extents.release({ start: 0, pages: 4 });
  extents.release({ start: 6, pages: 4 });
  expect([extents.free, extents.end]).toEqual([8, 11]);
  expect(extents.take(5)).toBe(11);
  extents.release({ start: 4, pages: 2 });
  expect([extents.take(9), extents.take(1)]).toEqual([0, 9]);
  expect([extents.free, extents.end]).toEqual([0, 16]);
  extents.release({ start: 10, pages: 1 });
  extents.release({ start: 11, pages: 5 });
  expect([extents.free, extents.end]).toEqual([0, 10]);
});

test('takes nothing that ends behind a limit', () => {
  const extents = new Extents([{ start: 4, pages: 1 }]);
  expect(extents.takeBefore(3, 4)).toBeUndefined();
  expect(extents.takeBefore(4, 3)).toBe(0);
  expect(extents.takeBefore(4, 2)).toBeUndefined();
  expect(extents.takeBefore(4, 1)).toBe(3);
});

test('two things in one place are an error', () => {
  expect(
    () =>
      new Extents([
        { start: 0, pages: 3 },
        { start: 2, pages: 1 },
      ]),
  ).toThrow('two things lie at page 2');
});

test('agrees with a list of pages, however they are taken and given back', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(), fc.boolean()), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (list) => {
      let extents = new Extents([]);
      const held: Extent[] = [];
      const isFree = (page: number): boolean => held.every(({ start, pages }) => page < start || page >= start + pages);
      for (const [pages, which, isTaken] of list) {
        if (isTaken || held.length === 0) {
          let first = 0;
          while (!Array.from({ length: pages }, (_, n) => first + n).every(isFree)) first++;
          // Behind the end it is not joined with what is free before the end.
          const end = Math.max(0, ...held.map(({ start, pages: of }) => start + of));
          const start = extents.take(pages);
          expect(start).toBe(first + pages <= end ? first : end);
          held.push({ start, pages });
        } else extents.release(held.splice(which % held.length, 1)[0]!);
        const end = Math.max(0, ...held.map(({ start, pages: of }) => start + of));
        const used = held.reduce((sum, { pages: of }) => sum + of, 0);
        expect([extents.end, extents.free]).toEqual([end, end - used]);
        if (which % 7 === 0) extents = new Extents(held);
      }
    }),
    { seed: Number(process.env.LAZULI_TEST_SEED ?? 1) },
  );
});
