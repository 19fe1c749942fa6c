import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArmError } from '../errors.ts';
import { pathSegments } from './path.ts';
import { parseQuery, withParameter } from './query.ts';

describe('paths', () => {
  it.each([
    ['//metadata//endpoints/', ['metadata', 'endpoints']],
    ['/apis/x%3Brev%3D2', ['apis', 'x;rev=2']],
    ['/%2Fsubscriptions%2Fs/providers', ['subscriptions', 's', 'providers']],
    ['/a%252Fb', ['a%2Fb']],
    ['/Größe%20%C3%BC', ['Größe ü']],
  ])('%s', (path, segments) => {
    expect(pathSegments(path)).toEqual(segments);
  });

  it.each(['/a/../b', '/a/%2e%2e/b', '/%00', '/%0A', '/a%5Cb', '/%zz', `/${'x'.repeat(1025)}`, '/a'.repeat(65)])(
    '%j is refused',
    (path) => {
      expect(() => pathSegments(path)).toThrow(ArmError);
    },
  );

  it('are split, or refused with an error of ours', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          for (const segment of pathSegments(text)) expect(segment).not.toMatch(/[/\\]|^\.\.?$/);
        } catch (error) {
          expect(error).toBeInstanceOf(ArmError);
        }
      }),
    );
  });
});

describe('queries', () => {
  it('find parameters whatever their case, and keep the others when one is set', () => {
    const query = parseQuery('API-Version=1&$filter=a%20eq%20%27b%27&x=1+2');
    expect([query.get('api-version'), query.get('$FILTER'), query.get('x'), query.get('y')]).toEqual([
      '1',
      "a eq 'b'",
      '1 2',
      undefined,
    ]);
    expect(withParameter(query, '$skipToken', 't')).toBe("API-Version=1&$filter=a%20eq%20'b'&x=1%202&$skipToken=t");
  });
});
