import { expect, it } from 'vitest';
import { libraryPageProblems, licenceProblems } from './rules.ts';

it.each(['MIT', '0BSD', '(MIT OR GPL-2.0)', 'MIT AND ISC'])('takes %s', (license) => {
  expect(licenceProblems([{ name: 'a', version: '1.0.0', license }])).toEqual([]);
});

it.each(['GPL-3.0', 'MIT AND GPL-2.0', 'SEE LICENSE IN x', undefined, { type: 'MIT' }])('refuses %j', (license) => {
  expect(licenceProblems([{ name: 'a', version: '1.0.0', license }])).toEqual([
    expect.stringMatching(/^a 1\.0\.0 states/),
  ]);
});

it('compares the libraries of the packages with their page', () => {
  const page = '| library | licence |\n|---|---|\n| `a`, `b` | MIT |\n| `c` | ISC |\n';
  expect(libraryPageProblems(new Set(['a', 'b', 'c']), page)).toEqual([]);
  expect(libraryPageProblems(new Set(['a', 'b', 'd']), page)).toEqual([
    'docs/adr/0004-libraries.md does not list d',
    'docs/adr/0004-libraries.md lists c, which no package uses',
  ]);
});
