import { spawn } from 'node:child_process';
import { defaultListenerLimits } from '@lazuli/http';
import { selfSigned } from '@lazuli/http/contract';
import { createHttp1Listener } from '@lazuli/http1';
import { HeaderList } from '@lazuli/policies';

/**
 * `node tests/http/run-h2spec.ts [--tls] [ARGUMENTS]`: runs summerwind/h2spec, when it is on the PATH, against Lazuli's listener. It
 * is a Go program that neither npm nor Debian has; `http2.test.ts` has a case for each of its sections without it.
 */
const secure = process.argv[2] === '--tls';
const listener = createHttp1Listener({
  host: '127.0.0.1',
  port: 0,
  tls: secure ? { ...(await selfSigned('127.0.0.1')), requestClientCertificate: false, http2: true } : null,
  limits: defaultListenerLimits,
  onRefused: () => {},
  handler: (request) => {
    const respond = () => {
      const headers = new HeaderList(['content-type', 'text/plain']);
      void request.respond({ status: 200, reason: 'OK', headers }, Buffer.from('some bytes that take a window\n'));
    };
    if (request.body === null) respond();
    else request.body.start({ data: () => {}, end: respond, error: () => {} });
  },
});
const { port } = await listener.listen();
const forwarded = process.argv.slice(secure ? 3 : 2);
const target = ['--host', '127.0.0.1', '--port', String(port), ...(secure ? ['--tls', '--insecure'] : [])];
const child = spawn('h2spec', [...target, ...forwarded], { stdio: 'inherit' });
process.exitCode = await new Promise<number>((resolve) => {
  child.once('error', ({ message }) => {
    console.error(`h2spec cannot be run: ${message}`);
    resolve(2);
  });
  child.once('close', (code) => resolve(code ?? 1));
});
await listener.drain(0);
