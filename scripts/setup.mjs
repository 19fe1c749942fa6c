// Installs what the project needs, once for each state of package-lock.json. Runs on any Node from 20 on;
// everything after it runs on the Node that the `node` package pins (node_modules/.bin comes first in npm scripts).
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = createHash('sha256')
  .update(readFileSync(`${root}/package-lock.json`))
  .digest('hex');
const stamp = `${root}/node_modules/.lazuli-setup`;
const pinned = `${root}/node_modules/.bin/node`;

const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(pinned);
if (!installed) {
  process.stderr.write('Installing dependencies (once) ...\n');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const run = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (run.status !== 0) {
    process.stderr.write('npm ci failed: see its messages above. Lazuli needs the npm registry for its first start.\n');
    process.exit(run.status ?? 1);
  }
  const version = execFileSync(pinned, ['--version'], { encoding: 'utf8' }).trim();
  if (!version.startsWith('v24.')) {
    process.stderr.write(`Expected Node 24 from the "node" package, found ${version} at ${pinned}.\n`);
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
