import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StoreError, storeErrors } from './errors.ts';

const docs = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
const section = docs.split(/^## /m).find((part) => part.startsWith('Store\n')) ?? '';
const documented = new Map(
  [...section.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, code, message]) => [
    code,
    message?.replaceAll('\\|', '|'),
  ]),
);

test('docs/errors.md has a row for each error and none besides', () => {
  expect(documented).toEqual(new Map(Object.entries(storeErrors)));
});

test('every error of the table is used', () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|contract)\.ts$|^errors\.ts$|^testing/.test(file))
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .concat(readFileSync(join(import.meta.dirname, 'errors.ts'), 'utf8').split('as const')[1] ?? '')
    .join('\n');
  expect(Object.keys(storeErrors).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
});

test('a message does not grow with what it was given', () => {
  expect(new StoreError('InvalidId', { id: 'x'.repeat(1_000_000), reason: 'y' }).message.length).toBeLessThan(400);
});
