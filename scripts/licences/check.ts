/** Prints every library that Lazuli runs on whose licence is not allowed or whose reason is not written down; exits with 1 if there is one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InstalledPackage, libraryPageProblems, licenceProblems } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

interface LockEntry {
  readonly dev?: boolean;
  readonly link?: boolean;
}
const lock: { packages: Record<string, LockEntry> } = readJson('package-lock.json');
const installed: InstalledPackage[] = Object.entries(lock.packages)
  .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.dev && !entry.link)
  // Optional packages for other systems are in the lock file only.
  .filter(([path]) => existsSync(join(root, path, 'package.json')))
  .map(([path]) => readJson(`${path}/package.json`));

const libraries = new Set<string>();
for (const name of readdirSync(join(root, 'packages'))) {
  const { dependencies = {}, optionalDependencies = {} } = readJson(`packages/${name}/package.json`);
  for (const library of Object.keys({ ...dependencies, ...optionalDependencies }))
    if (!library.startsWith('@lazuli/')) libraries.add(library);
}
const page = readFileSync(join(root, 'docs/adr/0004-libraries.md'), 'utf8');

const problems = [...licenceProblems(installed), ...libraryPageProblems(libraries, page)];
if (installed.length < 20)
  problems.push(`only ${installed.length} packages were found: the check looks in the wrong place`);
for (const line of problems) console.error(line);
if (problems.length > 0) process.exit(1);
console.log(`licences: ${installed.length} packages, ${libraries.size} of them chosen, no problem`);
