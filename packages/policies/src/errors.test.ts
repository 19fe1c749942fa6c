import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentErrors, type RuntimeError, runtimeErrors } from './errors.ts';

const docs = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
const section = /^## Policies\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(docs)?.[1] ?? '';
const rows = section.split('\n').filter((line) => line.startsWith('| `'));

test('docs/errors.md has a row for each error and none besides', () => {
  const runtime: [string, RuntimeError][] = Object.entries(runtimeErrors);
  expect(rows).toEqual([
    ...Object.entries(documentErrors).map(([code, text]) => `| \`${code}\` | ${text} |`),
    ...runtime.map(([reason, { status, when }]) => `| \`${reason}\` | ${statusText(status)} | ${when} |`),
  ]);
});

test('every error that the code gives is in the table', () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n');
  const thrown = [...sources.matchAll(/new PolicyError\(\s*'(\w+)'/g)].map((match) => match[1]);
  expect(thrown.length).toBeGreaterThan(3);
  expect(thrown.filter((reason) => !reason || !(reason in runtimeErrors))).toEqual([]);
});

const statusText = (status: RuntimeError['status']) =>
  status === null ? 'none' : status === 'set' ? 'as the policy says' : String(status);
