import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { templateErrors } from './error-table.ts';
import { functionGroups } from './functions/table.ts';

const docs = readFileSync(join(import.meta.dirname, '../../../docs/templates.md'), 'utf8');

test('docs/templates.md has a row for each error and none besides', () => {
  const errors = docs.slice(docs.indexOf('## Errors'));
  const rows = [...errors.matchAll(/^\| `(\w+)` \| `(\w+)` \| (\d+) \| (.*) \|$/gm)].map(
    ([, name, code, status, message]) => [name, code, Number(status), message],
  );
  expect(rows).toEqual(
    Object.entries(templateErrors).map(([name, { code, status, message }]) => [name, code, status, message]),
  );
});

test('docs/templates.md lists every function in its group', () => {
  const rows = [...docs.matchAll(/^\| ([\w ]+) \| ((?:`\w+`(?:, )?)+) \|$/gm)].map(([, group, names]) => [
    group,
    names!.replaceAll('`', '').split(', '),
  ]);
  expect(rows).toEqual(Object.entries(functionGroups).map(([group, functions]) => [group, Object.keys(functions)]));
});

test('every error of the table is thrown somewhere', () => {
  const source = sources(import.meta.dirname).join('\n');
  expect(
    Object.keys(templateErrors).filter(
      (name) => !source.includes(`'${name}'`) && !source.includes(`templateErrors.${name}`),
    ),
  ).toEqual([]);
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return path.endsWith('.ts') && !path.endsWith('.test.ts') ? [readFileSync(path, 'utf8')] : [];
  });
}
