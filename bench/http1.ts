// What a listener alone spends on a request: a fixed response of 1 KiB, 64 kept connections, no gateway behind it.
// `node bench/http1.ts [seconds a round] [rounds]`; needs `wrk`.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createNodeListener, defaultListenerLimits, type ListenerOptions } from '@lazuli/http';
import { createHttp1Listener } from '@lazuli/http1';
import { HeaderList } from '@lazuli/policies';
import { applyLoad, median } from './kit/load.ts';
import type { Measured } from './kit/processes.ts';
import { requirePrograms } from './kit/processes.ts';

const body = Buffer.alloc(1024, 'x');
const fields = ['Content-Type', 'application/json', 'Cache-Control', 'no-cache', 'X-Request-Id', '0123456789abcdef'];
const headers = { Accept: 'application/json', 'User-Agent': 'bench/1.0', 'X-Forwarded-For': '192.0.2.1' };
const kinds = ['sockets', 'reference', 'node:http'] as const;

type Kind = (typeof kinds)[number];

const [mode, ...rest] = process.argv.slice(2);
if (mode === 'serve') await serve(rest[0] as Kind);
else await compare(Number(mode ?? 4), Number(rest[0] ?? 3));

async function serve(kind: Kind): Promise<void> {
  if (kind === 'node:http') {
    const server = createServer((_request, response) => {
      response.writeHead(200, [...fields, 'Content-Length', '1024']);
      response.end(body);
    });
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') process.stdout.write(`listening ${address.port}\n`);
    });
    return;
  }
  const options: ListenerOptions = {
    host: '127.0.0.1',
    port: 0,
    tls: null,
    limits: defaultListenerLimits,
    handler: (request) => {
      void request.respond({ status: 200, reason: 'OK', headers: new HeaderList(fields.slice()) }, body);
    },
    onRefused() {},
  };
  const listener = kind === 'sockets' ? createHttp1Listener(options) : createNodeListener(options);
  const { port } = await listener.listen();
  process.stdout.write(`listening ${port}\n`);
}

async function compare(seconds: number, rounds: number): Promise<void> {
  requirePrograms({ wrk: 'wrk' });
  const servers = new Map<Kind, Measured & { readonly port: number }>();
  const results = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]));
  for (const kind of kinds) servers.set(kind, await start(kind));
  for (let round = 0; round <= rounds; round++) {
    for (const [kind, server] of servers) {
      const load = { url: `http://127.0.0.1:${server.port}/orders/42?expand=lines`, connections: 64, headers };
      const { cpuMicroseconds, failures, perSecond } = applyLoad(server, {
        ...load,
        seconds: round === 0 ? 1 : seconds,
      });
      if (failures > 0) throw new Error(`${kind}: ${failures} requests failed`);
      // The first round warms up.
      if (round === 0) continue;
      results.get(kind)?.push(cpuMicroseconds);
      console.log(`${kind.padEnd(10)} ${cpuMicroseconds.toFixed(1)} µs a request, ${perSecond} a second`);
    }
  }
  for (const [kind, values] of results) console.log(`median ${kind.padEnd(10)} ${median(values).toFixed(1)} µs`);
  for (const server of servers.values()) await server.stop();
}

async function start(kind: Kind): Promise<Measured & { readonly port: number }> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve', kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve) => {
    child.stdout.once('data', (text: Buffer) => resolve(Number(text.toString().split(' ')[1])));
  });
  return {
    name: kind,
    pid: child.pid ?? 0,
    port,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill();
      }),
  };
}
