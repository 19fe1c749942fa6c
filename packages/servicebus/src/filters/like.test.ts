import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLike } from './like.ts';

/** What a pattern means, as plainly as it can be said: slow, and right. */
function matchesPlainly(pattern: string, text: string): boolean {
  let ends = new Set([0]);
  for (const character of pattern) {
    const next = new Set<number>();
    for (const end of ends) {
      if (character === '%') for (let at = end; at <= text.length; at++) next.add(at);
      else if (end < text.length && (character === '_' || character === text[end])) next.add(end + 1);
    }
    ends = next;
  }
  return ends.has(text.length);
}

describe('LIKE', () => {
  it('matches what the plain meaning of a pattern matches', () => {
    const letters = fc.constantFrom('a', 'b', 'c');
    const text = fc.string({ unit: letters, maxLength: 60 });
    const pattern = fc.string({ unit: fc.oneof(letters, fc.constantFrom('%', '_')), maxLength: 20 });
    fc.assert(
      fc.property(pattern, text, (like, value) => compileLike(like)(value) === matchesPlainly(like, value)),
      { numRuns: 3000 },
    );
  });

  it('finds long pieces with gaps, across words of 32 bits', () => {
    const unit = fc.constantFrom('a', 'b');
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 80 }),
        fc.string({ unit: fc.constantFrom('a', 'b', '_'), minLength: 1, maxLength: 80 }),
        fc.string({ unit, maxLength: 80 }),
        (before, piece, after) => {
          const inside = piece.replaceAll('_', 'c');
          expect(compileLike(`%${piece}%`)(before + inside + after)).toBe(true);
          expect(compileLike(`%${piece}%`)(before + after)).toBe(matchesPlainly(`%${piece}%`, before + after));
        },
      ),
    );
  });

  it('takes what is escaped, and whatever a regular expression would take for its own, as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const escaped = text.replace(/[%_!]/g, '!$&');
        return compileLike(escaped, '!')(text) && !compileLike(escaped, '!')(`${text}x`);
      }),
    );
    expect(compileLike('(a+)+$')('(a+)+$')).toBe(true);
    expect(compileLike('100!%', '!')('100%')).toBe(true);
    expect(compileLike('!a!!', '!')('a!')).toBe(true);
  });

  it.each([
    ['many wildcards', '%a'.repeat(510), `${'a'.repeat(509)}${'b'.repeat(65_000)}`],
    ['wildcards over a text of one letter', `${'%a'.repeat(510)}b`, 'a'.repeat(65_536)],
    ['wildcards between gaps', `%${'_a%'.repeat(340)}b`, 'a'.repeat(65_536)],
    ['a long piece that nearly matches everywhere', `%${'a'.repeat(1000)}b%`, 'a'.repeat(65_536)],
    ['a long piece that differs at its start', `%b${'a'.repeat(1000)}%`, 'a'.repeat(65_536)],
    ['a long piece with gaps', `%${'a_'.repeat(500)}b%`, 'a'.repeat(65_536)],
    ['short pieces that nearly match', `${'%aaaaaab'.repeat(120)}`, 'a'.repeat(65_536)],
  ])('has no pattern that takes long: %s', (_, pattern, text) => {
    const like = compileLike(pattern);
    like(text);
    const before = performance.now();
    expect(like(text)).toBe(false);
    expect(performance.now() - before).toBeLessThan(50);
  });
});
