import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseOperationName, uniqueOperationName } from './operation-name.ts';

test.each([
  ['GET-/foo/{bar}?buzz={quix}', 'get-foo-bar-buzz-quix'],
  ['createItem', 'createitem'],
  ['get_items', 'get-items'],
  ['--a--', 'a'],
  ['x'.repeat(100), 'x'.repeat(76)],
])('%s becomes %s', (operationId, name) => {
  expect(normaliseOperationName(operationId)).toBe(name);
});

test('a normalised name stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), (operationId) => {
      const name = normaliseOperationName(operationId);
      expect(normaliseOperationName(name)).toBe(name);
    }),
  );
});

test('a taken name gets a suffix', () => {
  expect(uniqueOperationName('a', new Set(['a', 'a-1']))).toBe('a-2');
});
