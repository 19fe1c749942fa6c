import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPolicyText } from './reader.ts';

const folder = join(import.meta.dirname, 'fixtures', 'broken');
const documents = readdirSync(folder).filter((name) => name.endsWith('.xml'));

/** Each document's problems stand beside it. After a change on purpose: `vitest run -u`, and read the difference. */
test.each(documents)('%s', async (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const namedValues = new Map([['token', 't']]);
  const { problems } = readPolicyText(text, { file: name, format: 'rawxml', kind: 'policies', namedValues });
  const lines = problems.map(
    (problem) => `${problem.line}:${problem.column} ${problem.code} ${problem.target} | ${problem.message}\n`,
  );
  expect(problems.length).toBeGreaterThan(0);
  await expect(lines.join('')).toMatchFileSnapshot(join(folder, name.replace('.xml', '.problems.txt')));
});
