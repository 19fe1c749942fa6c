import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FilterError } from '../errors.ts';
import { compileRule } from './compile-rule.ts';
import { maxActionStatements, maxNesting, maxStatementLength, maxTextLength } from './limits.ts';
import { MessageOfTests } from './message-of-tests.ts';

const page = readFileSync(new URL('../../../../docs/service-bus-filters.md', import.meta.url), 'utf8');
const message = new MessageOfTests();

function matches(expression: string): boolean {
  const filter = { kind: 'sql' as const, expression };
  return compileRule({ name: 'r', filter, action: undefined, createdAt: '' }).matches(message);
}

function outcomeOf(expression: string): string {
  try {
    if (matches(expression)) return 'true';
    return matches(`NOT (${expression})`) ? 'false' : 'unknown';
  } catch (error) {
    if (error instanceof FilterError) return 'error';
    throw error;
  }
}

describe('the page on filters', () => {
  const examples = [...page.matchAll(/^\| `(.+?)` \| (true|false|unknown|error) \|/gm)].map(
    ([, filter = '', outcome = '']): [string, string] => [filter, outcome],
  );

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(25);
  });

  it.each(examples)('%s is %s', (filter, outcome) => {
    expect(outcomeOf(filter)).toBe(outcome);
  });

  const of: Readonly<Record<string, string>> = { T: '1 = 1', F: '1 = 0', U: 'missing = 1' };
  const words: Readonly<Record<string, string>> = { T: 'true', F: 'false', U: 'unknown' };

  it.each(['AND', 'OR'])('has the table of %s', (operator) => {
    const rows = [
      ...(page.split(`| ${operator} | T | F | U |`)[1] ?? '').matchAll(
        /^\| ([TFU]) \| ([TFU]) \| ([TFU]) \| ([TFU]) \|$/gm,
      ),
    ];
    for (const [, left = '', ...results] of rows.slice(0, 3)) {
      for (const [index, right] of ['T', 'F', 'U'].entries()) {
        expect(outcomeOf(`${of[left]} ${operator} ${of[right]}`)).toBe(words[results[index] ?? '']);
      }
    }
    expect(rows.length).toBeGreaterThanOrEqual(3);
  });

  it('has the limits', () => {
    const limits = [maxStatementLength, maxActionStatements, maxNesting, maxTextLength];
    for (const limit of limits) expect(page).toContain(`| ${limit.toLocaleString('en-US')} |`);
  });

  it('has the words of a refusal', () => {
    const [words = ''] = /There was an error parsing.*$/m.exec(page) ?? [];
    expect(() => matches('a == 1')).toThrow(words);
  });
});
