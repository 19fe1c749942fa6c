import { readFileSync } from 'node:fs';
import { surface } from '@lazuli/expressions';
import { knownPolicies, policies } from '@lazuli/policies';
import { describe, expect, it } from 'vitest';
import { compatibilityPage } from './page.ts';

const page = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');

describe('docs/compatibility.md', () => {
  it('is what the code says (npm run compatibility writes it)', () => {
    expect(page === compatibilityPage()).toBe(true);
  });

  it('has a row for every policy that Azure has and a section for every one that is built', () => {
    for (const name of knownPolicies) expect(page).toMatch(new RegExp(`^\\| \\[?\`${name}\`.* \\| (yes|no) \\|`, 'm'));
    for (const { name } of policies) expect(page).toContain(`\n### ${name}\n`);
  });

  it('has every declared type with its members', () => {
    for (const { name, members } of surface) {
      expect(page).toContain(`<code>${name.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</code>`);
      for (const signature of Object.keys(members ?? {})) expect(page).toContain(`- \`${signature}\``);
    }
  });
});
