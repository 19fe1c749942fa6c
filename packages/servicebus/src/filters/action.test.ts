import { describe, expect, it } from 'vitest';
import type { RuleFilter, SqlValue } from '../contract.ts';
import { FilterError } from '../errors.ts';
import { compileRule } from './compile-rule.ts';
import { MessageOfTests } from './message-of-tests.ts';

function rule(action: string, filter: RuleFilter = { kind: 'true' }) {
  return compileRule({ name: 'r', filter, action, createdAt: '2026-01-01T00:00:00Z' });
}

function changed(action: string, user: Record<string, SqlValue> = {}, sys: Record<string, SqlValue> = {}) {
  const message = new MessageOfTests(user, sys);
  rule(action).act?.(message);
  return message;
}

describe('a SQL action', () => {
  it.each<[string, Record<string, SqlValue>]>([
    ["SET color = 'blue'", { Color: 'blue', n: 3n }],
    ["SET added = 'x';", { Color: 'red', n: 3n, added: 'x' }],
    ["SET user.added = 'x' ; REMOVE color ;", { n: 3n, added: 'x' }],
    ['SET n = n + 1 SET n = n * 2', { Color: 'red', n: 8n }],
    ['set a = 1, set b = 2.5; remove [Color]; remove n', { a: 1n, b: 2.5 }],
    ['SET copy = Color; REMOVE Color', { n: 3n, copy: 'red' }],
    ["SET [with space] = Color + '-' + n", { Color: 'red', n: 3n, 'with space': 'red-3' }],
    ['SET n = missing', { Color: 'red', n: 3n }],
    ['SET n = missing + 1', { Color: 'red', n: 3n }],
    ['REMOVE missing', { Color: 'red', n: 3n }],
    ['SET n = NULL', { Color: 'red', n: null }],
    ['SET n = -n', { Color: 'red', n: -3n }],
    ["SET n = property('Col' + 'or')", { Color: 'red', n: 'red' }],
    ['SET n = sys.Label', { Color: 'red', n: 'label' }],
    ['SET n = sys.To', { Color: 'red', n: null }],
    ['SET n = TRUE', { Color: 'red', n: true }],
  ])('%s', (action, expected) => {
    expect(Object.fromEntries(changed(action, { Color: 'red', n: 3n }, { Label: 'label' }).user)).toEqual(expected);
  });

  it('sets and removes system properties', () => {
    const message = changed(
      "SET sys.Label = 'new ' + sys.Label; SET SYS.to = 'q'; REMOVE sys.ReplyTo",
      {},
      {
        Label: 'label',
        ReplyTo: 'r',
      },
    );
    expect([message.sys.get('label'), message.sys.get('to'), message.sys.get('replyto')]).toEqual([
      'new label',
      'q',
      null,
    ]);
  });

  it('fails where a system property does not exist, whether it is read or set', () => {
    expect(() => changed('SET sys.Missing = 1')).toThrow(FilterError);
    expect(() => changed('REMOVE sys.Missing')).toThrow(FilterError);
    expect(() => changed('SET a = sys.Missing')).toThrow("The system property 'Missing' does not exist.");
  });

  it('fails where it cannot be computed', () => {
    expect(() => changed('SET a = 1 / 0')).toThrow('Attempted to divide by zero.');
    expect(() => changed("SET a = 'x' - 1")).toThrow(FilterError);
  });

  it('cannot make a text as long as it likes', () => {
    const doubling = Array.from({ length: 32 }, () => 'SET a=a+a;').join('');
    expect(() => changed(doubling, { a: 'x'.repeat(1000) })).toThrow('longer than 65536 characters');
  });

  it('takes the parameters of its filter', () => {
    const filter: RuleFilter = { kind: 'sql', expression: 'a = @p', parameters: new Map([['@p', 7n]]) };
    const message = new MessageOfTests({ a: 7n });
    const compiled = rule('SET b = @p + 1', filter);
    expect(compiled.matches(message)).toBe(true);
    compiled.act?.(message);
    expect(message.user.get('b')).toBe(8n);
  });

  it('is none where there is nothing in it', () => {
    expect([rule('').act, rule('  ').act]).toEqual([undefined, undefined]);
  });

  it('says whether it needs application properties', () => {
    expect(rule("SET sys.Label = 'x'").needsApplicationProperties).toBe(false);
    expect(rule('SET sys.Label = x').needsApplicationProperties).toBe(true);
    expect(rule('REMOVE x').needsApplicationProperties).toBe(true);
  });

  it('has 32 statements at most', () => {
    const statements = (count: number) => Array.from({ length: count }, (_, index) => `SET a${index} = 1`).join(';');
    expect(() => rule(statements(32))).not.toThrow();
    expect(() => rule(statements(33))).toThrow('The maximum allowed number of expressions per rule action is 32.');
    expect(() => rule('x'.repeat(1 << 20))).toThrow('The maximum allowed length is 1024.');
  });

  it.each([
    [
      'EventType = 1',
      'line=1, column=0, Token in error= EventType, Additional details= syntax error, unexpected IDENTIFIER, expecting SET, or REMOVE',
    ],
    ['SET', 'column=3, Token in error= , Additional details= syntax error, unexpected EOF, expecting IDENTIFIER'],
    ['SET a', "unexpected EOF, expecting '='"],
    ['SET a <> 1', "unexpected '<>', expecting '='"],
    ['SET a = ', 'unexpected EOF, expecting IDENTIFIER, a constant'],
    ['SET a = b = c', "unexpected '=', expecting SET, or REMOVE"],
    ['SET a = (b = c)', "unexpected '=', expecting ')'"],
    ["SET p('a') = 1", "unexpected '(', expecting '='"],
    ['SET 1 = 1', 'unexpected INTEGER, expecting IDENTIFIER'],
    ['REMOVE', 'unexpected EOF, expecting IDENTIFIER'],
    ['REMOVE a, b', 'unexpected IDENTIFIER, expecting SET, or REMOVE'],
    ['; SET a = 1', "unexpected ';', expecting SET, or REMOVE"],
    ['SET a = 1,, SET b = 1', "unexpected ',', expecting SET, or REMOVE"],
    ['DROP a', 'unexpected IDENTIFIER, expecting SET, or REMOVE'],
    ['SET a = @p', "The parameter '@p' has no value."],
    ['SET other.a = 1', "The scope 'other' is unknown"],
  ])('is refused where it is none: %s', (action, expected) => {
    expect(() => rule(action)).toThrow(
      expect.objectContaining({ code: 'BadRequest', message: expect.stringContaining(expected) }),
    );
  });
});
