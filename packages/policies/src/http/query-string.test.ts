import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatQuery, parseQuery, queryPair, queryValue } from './query-string.ts';

test('what is not edited stays as it was written', () => {
  fc.assert(fc.property(fc.webQueryParameters(), (query) => formatQuery(parseQuery(query)) === query));
  for (const query of ['', 'a', 'a=', '=b', 'a=1&&b=2', 'a=%zz', '%E0%A4%A=1', 'a=1=2'])
    expect(formatQuery(parseQuery(query))).toBe(query);
});

test('a pair reads back as what it was made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
      const [pair, ...more] = parseQuery(queryPair(name, value).raw);
      expect(more).toEqual([]);
      expect(pair && [pair.name, queryValue(pair)]).toEqual([name, value]);
    }),
  );
});

test('a lone surrogate does no harm', () => {
  expect(queryPair('a', '\ud800').raw).toBe('a=%EF%BF%BD');
});
