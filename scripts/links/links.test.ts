import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { deadLinks } from './links.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('every link of every page leads somewhere', () => {
  const pages = [...markdown('')].map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  expect(pages.length).toBeGreaterThan(15);
  expect(deadLinks(pages, (path) => existsSync(join(root, path)))).toEqual([]);
});

it('docs/adr/README.md lists every decision, README.md names every page', () => {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const decisions = readdirSync(join(root, 'docs/adr')).filter((name) => /^\d{4}-/.test(name));
  expect(decisions.filter((name) => !read('docs/adr/README.md').includes(`](${name})`))).toEqual([]);
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  expect(pages.filter((name) => !read('README.md').includes(`](docs/${name})`))).toEqual([]);
});

it('finds a link without a file and one without a heading', () => {
  const pages = [
    { path: 'a.md', text: '# One `two`\n[x](docs/b.md#three) [y](#one-two) [z](#four) `[no](link)`\n' },
    { path: 'docs/b.md', text: '# Three\n[a](../a.md) [c](c.md) [web](https://contoso.example/)\n' },
  ];
  expect(deadLinks(pages, (path) => path === 'a.md' || path === 'docs/b.md')).toEqual([
    'a.md: #four leads to no heading',
    'docs/b.md: c.md leads to no file',
  ]);
});

function* markdown(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* markdown(path);
    else if (entry.name.endsWith('.md')) yield path.split(sep).join('/');
  }
}
