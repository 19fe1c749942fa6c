import { describe, expect, it } from 'vitest';
import type { RuleFilter } from '../contract.ts';
import { FilterError, ServiceBusError } from '../errors.ts';
import { compileRule } from './compile-rule.ts';
import { filterCases, filterParameters, type Outcome, systemProperties, userProperties } from './filter-cases.ts';
import { MessageOfTests } from './message-of-tests.ts';

const message = new MessageOfTests(userProperties, systemProperties);

function ruleOf(expression: string, action?: string) {
  const filter: RuleFilter = { kind: 'sql', expression, parameters: filterParameters };
  return compileRule({ name: 'r', filter, action, createdAt: '2026-01-01T00:00:00Z' });
}

function outcomeOf(expression: string): Outcome {
  try {
    if (ruleOf(expression).matches(message)) return 'T';
    return ruleOf(`NOT (${expression})`).matches(message) ? 'F' : 'U';
  } catch (error) {
    if (error instanceof FilterError) return 'error';
    throw error;
  }
}

describe('a SQL filter', () => {
  it.each(filterCases)('$filter → $outcome ($source)', ({ filter, outcome }) => {
    expect(outcomeOf(filter)).toBe(outcome);
  });

  it('has at least 150 cases', () => {
    expect(filterCases.length).toBeGreaterThan(150);
  });

  it('says which types an operator cannot take', () => {
    expect(() => ruleOf("quantity = '11'").matches(message)).toThrow(
      "Operator '=' cannot be applied to operands of type 'Int64' and 'String'.",
    );
    expect(() => ruleOf('sys.Missing = 1').matches(message)).toThrow("The system property 'Missing' does not exist.");
  });

  it.each([
    ["Color = 'red'", true],
    ["sys.Label = 'x'", false],
    ['1 = 1', false],
    ['sys.Label IS NULL AND NOT (1 + x > 2)', true],
    ["sys.Label LIKE 'a' ESCAPE y", true],
    ['sys.Label IN (1, x)', true],
    ["p('sys.Label') = 'a'", true],
    ['-sys.SequenceNumber < 0', false],
    ['EXISTS(x)', true],
  ])('knows whether it looks at application properties: %s', (expression, expected) => {
    expect(ruleOf(expression).needsApplicationProperties).toBe(expected);
  });

  it('computes constant parts once', () => {
    let asked = 0;
    const view = new MessageOfTests({ a: 3n });
    view.application = () => {
      asked++;
      return 3n;
    };
    const rule = ruleOf('a = 1 + 2');
    expect([rule.matches(view), rule.matches(view), asked]).toEqual([true, true, 2]);
  });
});

describe('what is no SQL filter', () => {
  const parsing = (line: number, column: number, token: string, details: string) =>
    `There was an error parsing the SQL expression. [Token line=${line}, column=${column}, Token in error= ${token}, Additional details= ${details}]`;

  it.each([
    ['', parsing(1, 0, '', "syntax error, unexpected EOF, expecting IDENTIFIER, a constant, a function, or '('")],
    ["a = 'x", parsing(1, 4, "'x", "Unterminated string constant: ' is missing")],
    ['[a = 1', parsing(1, 0, '[a = 1', 'Unterminated delimited identifier: ] is missing')],
    ['"a = 1', parsing(1, 0, '"a = 1', 'Unterminated delimited identifier: " is missing')],
    ['[] = 1', parsing(1, 0, '[]', 'A delimited identifier has at least one character.')],
    [
      'a == 1',
      parsing(1, 3, '=', "syntax error, unexpected '=', expecting IDENTIFIER, a constant, a function, or '('"),
    ],
    ['a = 1 = 2', parsing(1, 6, '=', "syntax error, unexpected '=', expecting an operator, AND, OR, or EOF")],
    ['a b', parsing(1, 2, 'b', 'syntax error, unexpected IDENTIFIER, expecting an operator, AND, OR, or EOF')],
    [
      'a =\n  AND b',
      parsing(2, 2, 'AND', "syntax error, unexpected AND, expecting IDENTIFIER, a constant, a function, or '('"),
    ],
    ['a = #', parsing(1, 4, '#', "Unrecognized character. '#'")],
    ['a = 🚌', parsing(1, 4, '🚌', "Unrecognized character. '🚌'")],
    ['a = 0x1F', parsing(1, 4, '0x1F', "Invalid number: 'x' cannot follow it").replace('0x1F', '0x')],
    ['a = 1.2.3', parsing(1, 4, '1.2.', "Invalid number: '.' cannot follow it")],
    ['a = 9223372036854775808', parsing(1, 4, '9223372036854775808', 'The number is out of the range of Int64')],
    ['a = -9223372036854775809', parsing(1, 5, '9223372036854775809', 'The number is out of the range of Int64')],
    ['a = 1E999', parsing(1, 4, '1E999', 'The number is out of the range of Double')],
    ['a IS 1', parsing(1, 5, '1', 'syntax error, unexpected INTEGER, expecting NOT, or NULL')],
    ['a IS NOT 1', parsing(1, 9, '1', 'syntax error, unexpected INTEGER, expecting NULL')],
    ['1 IS NULL', parsing(1, 0, '1', 'syntax error, expecting a property')],
    ['EXISTS(1)', parsing(1, 7, '1', 'syntax error, expecting a property')],
    ['a NOT = 1', parsing(1, 6, '=', "syntax error, unexpected '=', expecting IN, or LIKE")],
    [
      'a IN ()',
      parsing(1, 6, ')', "syntax error, unexpected ')', expecting IDENTIFIER, a constant, a function, or '('"),
    ],
    ['a IN (1 2)', parsing(1, 8, '2', "syntax error, unexpected INTEGER, expecting ',', or ')'")],
    ['(a = 1', parsing(1, 6, '', "syntax error, unexpected EOF, expecting ')'")],
    ['(a = 1) = 2', parsing(1, 3, '=', 'syntax error, unexpected predicate, expecting an expression')],
    ['a + 1', parsing(1, 5, '', 'syntax error, unexpected EOF, expecting a comparison, IS, IN, or LIKE')],
    ["'x' AND yes", parsing(1, 4, 'AND', 'syntax error, unexpected AND, expecting a comparison, IS, IN, or LIKE')],
    ['foo(1) = 1', parsing(1, 0, 'foo', "The function 'foo' is unknown, expecting newid, property, or p")],
    ['newid(1) = 1', parsing(1, 6, '1', "syntax error, unexpected INTEGER, expecting ')'")],
    ['foo.bar = 1', parsing(1, 0, 'foo', "The scope 'foo' is unknown, expecting sys, or user")],
    ['sys. = 1', parsing(1, 5, '=', "syntax error, unexpected '=', expecting IDENTIFIER")],
    [
      'select = NULL AND set = 1',
      parsing(1, 18, 'set', "syntax error, unexpected SET, expecting IDENTIFIER, a constant, a function, or '('"),
    ],
    ['_a = 1', parsing(1, 0, '_', "Unrecognized character. '_'")],
    ['a = @missing', "The parameter '@missing' has no value."],
    ["a LIKE 'x!' ESCAPE '!'", 'The pattern of LIKE ends with its escape character.'],
    ["a LIKE 'x' ESCAPE 'ab'", 'The escape character of LIKE is a String of length 1.'],
    ['a LIKE 5', 'The pattern of LIKE is a String, not Int64.'],
  ])('%s is refused', (expression, expected) => {
    const compile = () => ruleOf(expression);
    expect(compile).toThrow(ServiceBusError);
    expect(compile).toThrow(expect.objectContaining({ code: 'BadRequest', message: expected }));
  });
});

describe('hostile filters', () => {
  it('ends at 1,024 characters', () => {
    const fits = `a = '${'x'.repeat(1024 - 6)}'`;
    expect(fits).toHaveLength(1024);
    expect(() => ruleOf(fits)).not.toThrow();
    expect(() => ruleOf(`${fits} `)).toThrow('The maximum allowed length is 1024.');
  });

  it.each([
    ['1 MB of parentheses', '('.repeat(1 << 20)],
    ['1 MB of text', `a = '${'x'.repeat(1 << 20)}'`],
    ['1 MB of digits', `a = ${'9'.repeat(1 << 20)}`],
    ['1,000 parentheses', '('.repeat(1000)],
    ['200 closed parentheses', `${'('.repeat(200)}a = 1${')'.repeat(200)}`],
    ['200 NOTs', `${'NOT '.repeat(200)}a = 1`],
    ['500 signs', `${'- '.repeat(500)}a = 1`],
    ['100 functions', `${'p('.repeat(100)}'a'${')'.repeat(100)} = 1`],
    ['1,020 digits', `a =${'9'.repeat(1020)}`],
    ['only spaces', ' '.repeat(1000)],
    ['a lone surrogate', 'a = \ud800'],
    ['a null character', 'a\0 = 1'],
  ])('are refused within a moment: %s', (_, expression) => {
    const before = performance.now();
    expect(() => ruleOf(expression)).toThrow(expect.objectContaining({ code: 'BadRequest' }));
    expect(performance.now() - before).toBeLessThan(50);
  });

  it('may have as many terms as fit', () => {
    const sum = `${'1+'.repeat(500)}1=501`;
    expect(ruleOf(sum).matches(message)).toBe(true);
    const dynamic = `${'x_1+'.repeat(200)}1=201`;
    expect(ruleOf(dynamic).matches(message)).toBe(true);
    expect(ruleOf(`${'no OR '.repeat(150)} yes`).matches(message)).toBe(true);
    expect(ruleOf(`${'('.repeat(60)}yes${')'.repeat(60)}`).matches(message)).toBe(true);
  });
});

describe('true and false filters', () => {
  it('match always and never', () => {
    const of = (kind: 'true' | 'false') =>
      compileRule({ name: 'r', filter: { kind }, action: undefined, createdAt: '' }).matches(message);
    expect([of('true'), of('false')]).toEqual([true, false]);
  });
});
