import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameName } from './same-name.ts';

describe('sameName', () => {
  it('folds ASCII letters and nothing else', () => {
    expect(sameName('Content-Type', 'cONTENT-tYPE')).toBe(true);
    expect(sameName('a', 'b')).toBe(false);
    expect(sameName('a', 'ab')).toBe(false);
    expect(sameName('@', '`')).toBe(false);
    expect(sameName('[', '{')).toBe(false);
    // The Kelvin sign, which toLowerCase would turn into a k.
    expect(sameName('\u212a', 'k')).toBe(false);
  });

  it('agrees with lower case for every pair of tokens', () => {
    const token = fc.string({ unit: fc.constantFrom(...'aAbBzZ09-_@`[{!~'), maxLength: 6 });
    fc.assert(fc.property(token, token, (a, b) => sameName(a, b) === (a.toLowerCase() === b.toLowerCase())));
  });
});
