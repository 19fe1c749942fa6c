import { readdirSync, readFileSync } from 'node:fs';
import { lazuliProgram } from '@lazuli/cli';
import { expect, it } from 'vitest';
import { commandLinePage } from './page.ts';

const docs = new URL('../../docs/', import.meta.url);

it('docs/command-line.md is what the code says (npm run command-line writes it)', () => {
  expect(readFileSync(new URL('command-line.md', docs), 'utf8')).toBe(commandLinePage());
});

it('no page names an option of lazuli that there is not', () => {
  const known = new Set(['--help', '--version']);
  const commands = [...lazuliProgram().commands];
  for (const command of commands) {
    commands.push(...command.commands);
    for (const option of command.options) known.add(option.long ?? '');
  }
  const pages = readdirSync(docs).filter((name) => name.endsWith('.md'));
  const named = [...pages.map((name) => new URL(name, docs)), new URL('../README.md', docs)].flatMap((url) => {
    const text = readFileSync(url, 'utf8');
    return [
      ...text.matchAll(
        /^.*\blazuli (?:-- )?(?:start|check|init|trust|publish|extract|diff|principal|audit|store)\b.*$/gm,
      ),
    ];
  });
  const options = named.flatMap(([line]) => line.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? []);
  expect(options.length).toBeGreaterThan(5);
  expect(options.filter((option) => !known.has(option))).toEqual([]);
});
