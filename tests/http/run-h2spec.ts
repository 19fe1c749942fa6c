import { spawn } from 'node:child_process';
import { startOurs } from './kit/seeing-servers.ts';

/**
 * `node tests/http/run-h2spec.ts [ARGUMENTS]`: runs summerwind/h2spec, when it is on the PATH, against Lazuli's listener. It
 * is a Go program that neither npm nor Debian has; `http2.test.ts` has a case for each of its sections without it.
 */
const { port, close } = await startOurs();
const child = spawn('h2spec', ['--host', '127.0.0.1', '--port', String(port), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = await new Promise<number>((resolve) => {
  child.once('error', ({ message }) => {
    console.error(`h2spec cannot be run: ${message}`);
    resolve(2);
  });
  child.once('close', (code) => resolve(code ?? 1));
});
await close();
