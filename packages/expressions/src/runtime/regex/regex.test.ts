import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { startBudget } from '../budget.ts';
import { BudgetExceeded, NetException } from '../exceptions.ts';
import { escapePattern, unescapePattern } from './escape.ts';
import { Regex } from './regex.ts';

beforeEach(() => startBudget());

const values = (pattern: string, input: string, options = 0) =>
  [...new Regex(pattern, options).matches(input)].map((match) => match.value);

describe('hostile patterns and inputs', () => {
  test.each([
    ['(a+)+$', `${'a'.repeat(40)}b`],
    ['(x+x+)+y', 'x'.repeat(60)],
    ['(a|aa)+$', `${'a'.repeat(60)}b`],
    ['(.*)*=x', 'a'.repeat(200)],
    ['(?:a?){50}a{50}', 'a'.repeat(49)],
    ['((a{0,5}){0,5}){0,5}[c]', 'a'.repeat(40)],
  ])('%s ends in BudgetExceeded', (pattern, input) => {
    const started = performance.now();
    expect(() => new Regex(pattern).isMatch(input)).toThrow(BudgetExceeded);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('a long input does not overflow the stack', () => {
    const input = 'x'.repeat(200_000);
    expect(new Regex('^(?:.|\\n)*$').match(input).length).toBe(input.length);
    startBudget();
    expect(values('.*', input)[0]?.length).toBe(input.length);
  });

  test('deep nesting is refused', () => {
    expect(() => new Regex('('.repeat(5000) + ')'.repeat(5000))).toThrow(NetException);
    expect(() => new Regex('[a-['.repeat(5000))).toThrow(NetException);
  });

  test('a pattern of any text parses or is an ArgumentException', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."ab01()[]{}?*+|\\^$.-:<>=!,'kpdwxu#iA ") }),
        fc.string(),
        (pattern, input) => {
          startBudget();
          try {
            new Regex(pattern).isMatch(input);
          } catch (error) {
            expect(error).toSatisfy(
              (thrown) =>
                thrown instanceof BudgetExceeded ||
                (thrown instanceof NetException && thrown.typeName === 'System.ArgumentException'),
            );
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('properties', () => {
  test('what Escape makes matches exactly the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, text, after) => {
        startBudget();
        const found = new Regex(escapePattern(text)).match(before + text + after);
        expect(found.success).toBe(true);
        expect(found.value).toBe(text);
      }),
    );
  });

  test('Unescape undoes Escape', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(unescapePattern(escapePattern(text))).toBe(text);
      }),
    );
  });

  test('the matches of a simple pattern are those of JavaScript', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(?:ab|a)', '(?=b)', '(?!a)', '\\b');
    const piece = fc
      .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '{1,2}'))
      .map(([a, q]) => (a.startsWith('(?=') || a.startsWith('(?!') || a === '\\b' ? a : a + q));
    const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 }), (source, input) => {
        startBudget();
        const expected = [...input.matchAll(new RegExp(source, 'g'))].map((match) => match[0]);
        expect(values(source, input)).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('groups', () => {
  test('unnamed groups come before named ones', () => {
    expect([...new Regex('(?<y>a)(b)(?<x>c)(d)').names.values()]).toEqual(['0', '1', '2', 'y', 'x']);
  });
  test('a group keeps what it captured when a later iteration takes no part', () => {
    expect(new Regex('(?:(a)|b)+').match('ab').groups.at(1).value).toBe('a');
  });
  test('captures of a lookahead stay, those of a negative one do not', () => {
    expect(new Regex('(?=(a))a').match('a').groups.at(1).value).toBe('a');
    expect(new Regex('(?!(a)b)a').match('ac').groups.at(1).success).toBe(false);
  });
  test('a captured group in an atomic group is undone on backtracking', () => {
    expect(new Regex('(?:(?>(a))b|ac)').match('ac').groups.at(1).success).toBe(false);
  });
});
