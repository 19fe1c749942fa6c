import { describe, expect, it } from 'vitest';
import type { CorrelationConditions, SqlValue } from '../contract.ts';
import { compileRule } from './compile-rule.ts';
import { MessageOfTests } from './message-of-tests.ts';

const system = {
  CorrelationId: 'c',
  MessageId: 'm',
  To: 't',
  ReplyTo: 'r',
  Label: 'l',
  SessionId: 's',
  ReplyToSessionId: 'rs',
  ContentType: 'ct',
};
const user: Record<string, SqlValue> = {
  color: 'red',
  n: 2n,
  d: 2.5,
  b: true,
  when: new Date(1000),
  text: '2',
  nothing: null,
};

function rule(conditions: CorrelationConditions) {
  return compileRule({ name: 'r', filter: { kind: 'correlation', ...conditions }, action: undefined, createdAt: '' });
}

const matches = (conditions: CorrelationConditions) => rule(conditions).matches(new MessageOfTests(user, system));

describe('a correlation filter', () => {
  it.each<[CorrelationConditions, boolean]>([
    [{ correlationId: 'c' }, true],
    [{ correlationId: 'C' }, false],
    [{ messageId: 'm' }, true],
    [{ to: 't' }, true],
    [{ replyTo: 'r' }, true],
    [{ subject: 'l' }, true],
    [{ sessionId: 's' }, true],
    [{ replyToSessionId: 'rs' }, true],
    [{ contentType: 'ct' }, true],
    [{ contentType: 'x' }, false],
    [
      { correlationId: 'c', messageId: 'm', to: 't', replyTo: 'r', subject: 'l', sessionId: 's', contentType: 'ct' },
      true,
    ],
    [{ correlationId: 'c', messageId: 'other' }, false],
    [{}, true],
  ])('%j → %s', (conditions, expected) => {
    expect(matches(conditions)).toBe(expected);
  });

  it.each<[string, SqlValue, boolean]>([
    ['color', 'red', true],
    ['Color', 'red', false],
    ['color', 'Red', false],
    ['n', 2n, true],
    ['n', 2, true],
    ['n', '2', false],
    ['text', 2n, false],
    ['d', 2.5, true],
    ['b', true, true],
    ['b', 'true', false],
    ['when', new Date(1000), true],
    ['when', new Date(1001), false],
    ['nothing', null, true],
    ['missing', null, false],
    ['missing', 'x', false],
  ])('property %s = %s → %s', (name, value, expected) => {
    expect(matches({ properties: new Map([[name, value]]) })).toBe(expected);
  });

  it('does not match what a message has not', () => {
    expect(rule({ subject: 'l' }).matches(new MessageOfTests())).toBe(false);
  });

  it('looks at application properties only where it names one', () => {
    expect(rule({ subject: 'l' }).needsApplicationProperties).toBe(false);
    expect(rule({ properties: new Map([['a', 1n]]) }).needsApplicationProperties).toBe(true);
  });
});
