import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { TemplateError } from '../errors.ts';
import type { Expression } from './ast.ts';
import { parseExpression } from './parser.ts';
import { isExpression, literalText } from './text.ts';

describe('the expression parser', () => {
  it('parses calls, properties, indexes and literals', () => {
    expect(written(parseExpression("foo.bar('it''s', -1, a(), true)[0].b['c'][d()]"))).toBe(
      "foo.bar('it''s', -1, a(), true)[0]['b']['c'][d()]",
    );
  });

  it.each([
    ["concat('a'", 11, "expected ')' and found the end"],
    ["concat('a',)", 12, "expected a function call, a string or a number and found ')'"],
    ["concat 'a'", 8, "expected '(' after 'concat' and found ''a''"],
    ["'a", 1, "the string has no closing quote (')"],
    ['a().1', 5, 'expected a property name'],
    ['a() b()', 5, "expected the end of the expression and found 'b'"],
    ['a(#)', 3, "unexpected '#'"],
    ['a()[1', 6, "expected ']' and found the end"],
    ['1 + 2', 3, "unexpected '+'"],
  ])('refuses [%s] at position %i', (text, at, reason) => {
    expect(() => parseExpression(text)).toThrow(TemplateError);
    expect(() => parseExpression(text)).toThrow(
      reason.startsWith("expected '('") ? "expected '(' after 'concat'" : reason,
    );
    expect(() => parseExpression(text)).toThrow(`at position ${at}:`);
  });

  it('bounds length and depth', () => {
    expect(() => parseExpression(`'${'x'.repeat(25_000)}'`)).toThrow("Limit: '24576'");
    expect(() => parseExpression('a('.repeat(5000))).toThrow("nested more than '100' levels");
    expect(() => parseExpression(`a()${'.b'.repeat(5000)}`)).toThrow("nested more than '100' levels");
  });

  it('tells expressions from text', () => {
    expect(isExpression('[a()]')).toBe(true);
    expect(isExpression('[[a()]')).toBe(false);
    expect(isExpression('[a() x')).toBe(false);
    expect(literalText('[[a()]')).toBe('[a()]');
    expect(literalText('[[a')).toBe('[[a');
  });
});

test('what is written is read again as the same', () => {
  const leaf = fc.oneof(fc.string().map(literal), fc.integer().map(literal));
  const { node } = fc.letrec<{ node: Expression }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .record({ name: fc.constantFrom('concat', 'if', 'x_1'), args: fc.array(tie('node'), { maxLength: 3 }) })
        .map(({ name, args }): Expression => ({ kind: 'call', name, args, at: 0 })),
      fc
        .record({ target: tie('node'), key: tie('node') })
        .map(({ target, key }): Expression => ({ kind: 'access', target, key, at: 0 })),
    ),
  }));
  fc.assert(
    fc.property(node, (expression) => {
      const text = written(expression);
      expect(written(parseExpression(text))).toBe(text);
    }),
  );
});

test('parses anything or says what is wrong', () => {
  const token = fc.constantFrom('a', '(', ')', '[', ']', '.', ',', "'", '1', '-', ' ', '#', 'true', '\n');
  fc.assert(
    fc.property(fc.array(token), (tokens) => {
      try {
        parseExpression(tokens.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError);
      }
    }),
    { numRuns: 2000 },
  );
});

function literal(value: string | number): Expression {
  return { kind: 'literal', value, at: 0 };
}

function written(expression: Expression): string {
  if (expression.kind === 'literal') {
    return typeof expression.value === 'string'
      ? `'${expression.value.replaceAll("'", "''")}'`
      : String(expression.value);
  }
  if (expression.kind === 'access') return `${written(expression.target)}[${written(expression.key)}]`;
  const namespace = expression.namespace === undefined ? '' : `${expression.namespace}.`;
  return `${namespace}${expression.name}(${expression.args.map(written).join(', ')})`;
}
