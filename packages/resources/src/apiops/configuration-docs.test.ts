import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { propertyReference } from '../information/property-reference.ts';
import { informationFiles } from './information-files.ts';
import { layout } from './layout.ts';

const path = join(import.meta.dirname, '../../../../docs/configuration.md');
const docs = readFileSync(path, 'utf8');

/** Run vitest with `--update` to write the tables into the page. */
test('docs/configuration.md holds the table of every information file, as the code reads it', async () => {
  const written = informationFiles.reduce((page, file) => {
    const begin = `<!-- properties of ${file.name} -->`;
    const start = page.indexOf(begin);
    const end = page.indexOf('<!-- end -->', start);
    expect(start, `the page has no place for ${file.name}`).toBeGreaterThan(-1);
    return `${page.slice(0, start)}${begin}\n\n${propertyReference(file)}\n\n${page.slice(end)}`;
  }, docs);
  await expect(written).toMatchFileSnapshot(path);
});

test('docs/configuration.md names every folder that is read', () => {
  for (const { folders, informationFile } of layout) {
    for (const folder of folders) expect(docs).toContain(`\`${folder}/`);
    expect(docs).toContain(informationFile);
  }
});
