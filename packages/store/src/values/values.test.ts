import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentHash } from './content-hash.ts';
import { bodyOf, jsonOf } from './json-body.ts';
import { keyOf, parentKeyOf, rangeBelow, typeKeyOf } from './resource-id.ts';
import { millisecondsOf } from './time.ts';

const limits = { bodyBytes: 100_000, bodyDepth: 50 };

test.each([
  ['/subscriptions/s', '/'],
  ['/subscriptions/s/resourcegroups/g', '/subscriptions/s'],
  ['/subscriptions/s/resourcegroups/g/providers/m.x/service/a', '/subscriptions/s/resourcegroups/g'],
  [
    '/subscriptions/s/resourcegroups/g/providers/m.x/service/a/apis/b',
    '/subscriptions/s/resourcegroups/g/providers/m.x/service/a',
  ],
  ['/subscriptions/s/providers/m.a/locks/l', '/subscriptions/s'],
  ['/providers/m.a/roles/r', '/'],
  ['/a/b/providers/m.x/c/d/providers/m.a/locks/l', '/a/b/providers/m.x/c/d'],
  ['/odd', '/'],
])('%s is contained in %s', (key, parent) => {
  expect(parentKeyOf(key)).toBe(parent);
});

test('all keys below a key, and no others, are in its range', () => {
  const segment = fc.string({ minLength: 1, maxLength: 4 }).filter((text) => !text.includes('/'));
  fc.assert(
    fc.property(segment, segment, (a, b) => {
      const [from, to] = rangeBelow(`/${a}`);
      const inside = (key: string): boolean =>
        Buffer.compare(Buffer.from(key), Buffer.from(from)) > 0 &&
        Buffer.compare(Buffer.from(key), Buffer.from(to)) < 0;
      expect(inside(`/${a}/${b}`)).toBe(true);
      expect(inside(`/${a}${b}`)).toBe(false);
      expect(inside(`/${a}`)).toBe(false);
    }),
  );
});

test('an id is refused or its key is stable', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      let key: string;
      try {
        key = keyOf(`/${text}`);
      } catch (error) {
        expect(error).toMatchObject({ code: 'InvalidId' });
        return;
      }
      expect(keyOf(key)).toBe(key);
      expect(key.isWellFormed()).toBe(true);
    }),
  );
  for (const type of ['', '/', 'a/', 'a b', 'x'.repeat(300), '\u0001']) {
    expect(() => typeKeyOf(type)).toThrow(expect.objectContaining({ code: 'InvalidType' }));
  }
});

describe('bodies', () => {
  test('come back as they went in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (body) => {
        const text = jsonOf(body as never, 'It', limits);
        expect(JSON.stringify(bodyOf(text, 'It'))).toBe(JSON.stringify(body));
      }),
    );
  });

  test('whatever is given is stored or refused, and nothing crashes', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        try {
          jsonOf({ value } as never, 'It', limits);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(InvalidBody|BodyTooDeep|BodyTooLarge)$/) });
        }
      }),
    );
  });
});

test('lists of parts that differ have hashes that differ', () => {
  const hashes = [['a', 'b'], ['ab', ''], ['', 'ab'], ['a', null, 'b'], ['a', '', 'b'], ['1'], [1], ['a']].map(
    (parts) => contentHash(...parts),
  );
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('times are ISO 8601 or none', () => {
  expect(millisecondsOf('2026-01-02')).toBe(Date.UTC(2026, 0, 2));
  expect(millisecondsOf('2026-01-02T03:04:05.678901Z')).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
  expect(millisecondsOf('2026-01-02T03:04:05+01:00')).toBe(Date.UTC(2026, 0, 2, 2, 4, 5));
  for (const text of ['', 'today', '2026-13-01', '1', '2026-01-02T', 'Jan 1 2026'])
    expect(millisecondsOf(text)).toBeUndefined();
});
