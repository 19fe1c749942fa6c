/** Prints every import that crosses a border of the house; exits with 1 if there is one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PackageManifest, violations } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifests = new Map<string, PackageManifest>();
for (const entry of readdirSync(join(root, 'packages'))) {
  const json = JSON.parse(readFileSync(join(root, 'packages', entry, 'package.json'), 'utf8'));
  manifests.set(entry, {
    name: json.name,
    exports: json.exports ?? {},
    dependencies: Object.keys(json.dependencies ?? {}),
    devDependencies: Object.keys(json.devDependencies ?? {}),
  });
}

const found: string[] = [];
let files = 0;
for (const folder of ['packages', 'tests', 'bench', 'scripts', 'examples']) {
  for (const path of sources(join(root, folder))) {
    files++;
    found.push(...violations({ path: relative(root, path), text: readFileSync(path, 'utf8') }, manifests));
  }
}
if (files < 20) found.push(`only ${files} source files were found: the check looks in the wrong place`);
for (const line of found) console.error(line);
if (found.length > 0) process.exit(1);
console.log(`boundaries: ${files} files, no violation`);

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.[cm]?tsx?$/.test(entry.name) && path !== join(root, 'scripts/boundaries/rules.test.ts')) yield path;
  }
}
