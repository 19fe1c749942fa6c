/** `npm run check`: format and lint, types, boundaries, dead code, licences. Every check runs; the exit status is 1 if one fails. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format and lint', 'biome', 'ci', '--error-on-warnings', '.'],
  ['types', 'tsc', '--noEmit'],
  ['boundaries', 'node', 'scripts/boundaries/check.ts'],
  ['dead code', 'knip', '--no-progress'],
  ['licences', 'node', 'scripts/licences/check.ts'],
];

const failed: string[] = [];
for (const [name, command, ...args] of checks) {
  const started = performance.now();
  const run = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${run.status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (run.status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`);
  process.exit(1);
}
