import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDebugToken, writeDebugToken } from './debug-token.ts';

const key = 'a1'.repeat(32);
const claims = { api: 'orders', revision: null, expiry: Date.parse('2030-01-01T00:00:00Z') };

test('credentials say what they are for to who has the key', () => {
  expect(readDebugToken(key, writeDebugToken(key, claims))).toEqual(claims);
  const strange = { ...claims, api: 'a&p=x é', revision: '3' };
  expect(readDebugToken(key, writeDebugToken(key, strange))).toEqual(strange);
  expect(readDebugToken('b2'.repeat(32), writeDebugToken(key, claims))).toBeNull();
});

test('nothing else is taken for credentials', () => {
  const token = writeDebugToken(key, claims);
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => readDebugToken(key, text) === null));
  fc.assert(
    fc.property(fc.nat(token.length - 2), fc.constantFrom('A', 'b', '9', '&', '=', '-'), (at, character) => {
      const altered = token.slice(0, at) + character + token.slice(at + 1);
      return altered === token || readDebugToken(key, altered) === null;
    }),
  );
});
