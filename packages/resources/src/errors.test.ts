import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { problem, resourceErrors } from './errors.ts';

const docs = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
const section = /^## Resources\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(docs)?.[1] ?? '';

test('docs/errors.md has a row for each code and none besides', () => {
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(
    Object.entries(resourceErrors).map(([code, { severity, message }]) => `| \`${code}\` | ${severity} | ${message} |`),
  );
});

const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'errors.ts')
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
  .join('\n');

test('every code that is reported is in the table', () => {
  const reported = [...sources.matchAll(/(?:\bproblem|#report)\(\s*'(\w+)'/g)].map((match) => match[1] ?? '');
  expect(reported.length).toBeGreaterThan(50);
  expect(reported.filter((code) => !Object.hasOwn(resourceErrors, code))).toEqual([]);
});

test('every code of the table is reported somewhere', () => {
  expect(Object.keys(resourceErrors).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
});

test('fills in the message and shortens what would fill the screen', () => {
  const place = { file: 'a.json', line: 2, column: 3 };
  expect(problem('JsonSyntax', place, { reason: 'a comment' })).toEqual({
    code: 'JsonSyntax',
    severity: 'error',
    file: 'a.json',
    line: 2,
    column: 3,
    message: 'Not valid JSON: a comment.',
  });
  expect(problem('JsonSyntax', place, { reason: 'x'.repeat(1_000_000) }).message.length).toBeLessThan(400);
});
