import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { armError, managementErrors } from './errors.ts';
import { identityErrors } from './identity/errors.ts';
import { tokenErrors } from './identity/token-errors.ts';

const docs = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
const section = docs.split(/^## /m).find((part) => part.startsWith('Management\n')) ?? '';
const documented = new Map(
  [...section.matchAll(/^\| `(\w+)` \| (\d+|) \| (.*) \|$/gm)].map(([, code, status, message]) => [
    code,
    `${status} ${message}`,
  ]),
);

test('docs/errors.md has a row for each error and none besides', () => {
  const table = new Map<string | undefined, string>();
  for (const [code, [status, message]] of Object.entries(managementErrors)) table.set(code, `${status} ${message}`);
  for (const [code, message] of Object.entries(identityErrors)) table.set(code, ` ${message}`);
  expect(documented).toEqual(table);
});

test('docs/errors.md has a row for each error of the token endpoint and none besides', () => {
  const tokens = docs.split(/^## /m).find((part) => part.startsWith('Tokens\n')) ?? '';
  expect(tokens.split('\n').filter((line) => line.startsWith('| `'))).toEqual(
    Object.values(tokenErrors).map(
      ([status, error, number, message]) => `| \`AADSTS${number}\` | ${status} | \`${error}\` | ${message} |`,
    ),
  );
});

test('every error of the table is used', () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|^errors\.ts$|^apimanagement|^servicebus/.test(file))
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('\n');
  expect(Object.keys(managementErrors).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
});

test('a message does not grow with what it was given, and says nothing of what it was not given', () => {
  expect(armError('NotFound', { id: 'x'.repeat(1_000_000) }).message.length).toBeLessThan(600);
  expect(armError('NotFound', { id: 'a{b}' })).toMatchObject({
    status: 404,
    code: 'NotFound',
    message: "'a{b}' was not found.",
  });
});
