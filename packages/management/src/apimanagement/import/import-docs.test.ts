import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exportFormats } from '../export/export-formats.ts';
import { graphQlContentType } from './graphql.ts';
import { protoContentType } from './grpc.ts';
import { importers } from './import-api.ts';
import { odataContentType } from './odata.ts';
import { wadlContentType } from './wadl.ts';
import { wsdlContentType } from './wsdl.ts';

const page = readFileSync(new URL('../../../../../docs/import.md', import.meta.url), 'utf8');

/** First cells of the first table of a section. */
function formatsIn(heading: string): string[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/^\| `([^`]+)` \|/gm)].map(([, format = '']) => format);
}

test('the page names every format that is imported and exported, and no other', () => {
  expect(formatsIn('Formats')).toEqual(Object.keys(importers));
  expect(formatsIn('Export')).toEqual(Object.keys(exportFormats));
});

test('the page says which of them are links', () => {
  for (const [format, { isLink }] of Object.entries(importers)) expect(/link/.test(format) || !isLink).toBe(true);
  for (const [format, { isLink }] of Object.entries(exportFormats)) expect(/link/.test(format)).toBe(isLink);
});

test.each([graphQlContentType, protoContentType, odataContentType, wadlContentType, wsdlContentType])(
  'the page names %s',
  (contentType) => {
    expect(page).toContain(`\`${contentType}\``);
  },
);
