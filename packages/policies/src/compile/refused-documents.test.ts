import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentFor } from '../testing/index.ts';
import { compileDocument } from './compile-document.ts';
import { testPolicies } from './policies-for-tests.ts';

const folder = join(import.meta.dirname, 'fixtures', 'refused');
const documents = readdirSync(folder).filter((name) => name.endsWith('.xml'));
const environment = environmentFor({
  fragments: {
    nested:
      '<fragment>\n  <base />\n  <inbound />\n  <include-fragment fragment-id="nested" />\n  <trace />\n</fragment>',
    'not-xml': '<fragment>\n  <trace name=x />\n</fragment>',
  },
});

/** Each document's problems stand beside it. After a change on purpose: `vitest run -u`, and read the difference. */
test.each(documents)('%s', async (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const { compiled, problems } = compileDocument(
    { file: name, format: 'rawxml', text },
    { kind: 'policies', scope: 'api', environment, policies: testPolicies },
  );
  expect(compiled).toBeNull();
  const lines = problems.map(
    (one) => `${one.file}:${one.line}:${one.column} ${one.code} ${one.target} | ${one.message}\n`,
  );
  await expect(lines.join('')).toMatchFileSnapshot(join(folder, name.replace('.xml', '.problems.txt')));
});
