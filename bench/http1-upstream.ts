/**
 * CPU of one request of an upstream client alone: Lazuli's sockets against undici's dispatch and node:http with an
 * agent, against the same backend, alternating, medians. The response has 1 KiB.
 *
 *   node bench/http1-upstream.ts [requests per measurement, 100000] [rounds, 5] [in flight, 64]
 *   node --cpu-prof bench/http1-upstream.ts lazuli [requests] [in flight]        one client, to profile
 *
 * The backend is a process of its own (this file with `--backend`): a bare socket server that costs next to nothing.
 */
import { spawn } from 'node:child_process';
import { Agent, request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { defaultUpstreamLimits, type UpstreamOrigin, type UpstreamRequest } from '@lazuli/http';
import { createHttp1Upstream } from '@lazuli/http1';
import { type BodySink, HeaderList } from '@lazuli/policies';
import { Pool } from 'undici';
import { median } from './kit/load.ts';

const headers = [
  'Host',
  '127.0.0.1:8080',
  'User-Agent',
  'bench/1.0 (a user agent of ordinary length)',
  'Accept',
  'application/json, text/plain, */*',
  'Accept-Encoding',
  'gzip, deflate, br',
  'X-Forwarded-For',
  '192.0.2.1',
];

interface Client {
  readonly name: string;
  /** Calls `done` with the number of body bytes when the response is complete. */
  send(done: (bytes: number) => void): void;
  close(): Promise<void>;
}

async function measure(): Promise<void> {
  const one = process.argv[2] !== undefined && !/^\d/.test(process.argv[2]) ? process.argv[2] : null;
  const [requests = 100_000, rounds = 5, inFlight = 64] = process.argv.slice(one === null ? 2 : 3).map(Number);
  const backend = spawn(process.execPath, [fileURLToPath(import.meta.url), '--backend'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve) => backend.stdout.once('data', (text) => resolve(Number(text))));
  const make: Record<string, () => Client> = {
    lazuli: () => lazuli(port),
    undici: () => undici(port, inFlight),
    'node:http': () => nodeHttp(port, inFlight),
  };
  try {
    const names = one === null ? Object.keys(make) : [one];
    const clients = names.map((name) => {
      const client = make[name];
      if (!client) throw new Error(`There is no client '${name}'.`);
      return client();
    });
    const results = new Map<Client, number[]>(clients.map((client) => [client, []]));
    for (const client of clients) await run(client, Math.min(requests, 20_000), inFlight);
    for (let round = 0; round < rounds; round++) {
      for (const client of clients) results.get(client)?.push(await run(client, requests, inFlight));
    }
    console.log('| client | CPU µs/request | rounds |\n|---|---|---|');
    for (const [client, values] of results) {
      console.log(`| ${client.name} | ${median(values).toFixed(1)} | ${values.map((v) => v.toFixed(1)).join(' ')} |`);
    }
    for (const client of clients) await client.close();
  } finally {
    backend.kill();
  }
}

/** CPU microseconds of this process for one request. */
function run(client: Client, requests: number, inFlight: number): Promise<number> {
  const before = process.cpuUsage();
  let started = 0;
  let ended = 0;
  return new Promise((resolve, reject) => {
    const next = () => {
      started++;
      client.send(done);
    };
    const done = (bytes: number) => {
      if (bytes !== 1024) reject(new Error(`${client.name} gave ${bytes} bytes.`));
      if (++ended === requests) {
        const spent = process.cpuUsage(before);
        resolve((spent.user + spent.system) / requests);
      } else if (started < requests) next();
    };
    for (let i = 0; i < inFlight; i++) next();
  });
}

function lazuli(port: number): Client {
  const upstream = createHttp1Upstream();
  const origin: UpstreamOrigin = {
    scheme: 'http',
    host: '127.0.0.1',
    port,
    validateCertificateChain: true,
    validateCertificateName: true,
    certificate: null,
    proxy: null,
  };
  return {
    name: 'lazuli',
    send(done) {
      const request: UpstreamRequest = {
        method: 'GET',
        origin,
        target: '/some/path?and=query',
        headers: new HeaderList(headers),
        body: null,
        timeoutMs: 30_000,
        continueTimeoutMs: null,
        httpVersion: '1',
        cancellation: null,
      };
      void upstream.request(request).then((response) => response.body?.start(new Counter(done)));
    },
    close: () => upstream.close(),
  };
}

class Counter implements BodySink {
  #bytes = 0;
  #done: (bytes: number) => void;
  constructor(done: (bytes: number) => void) {
    this.#done = done;
  }
  data(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
  }
  end(): void {
    this.#done(this.#bytes);
  }
  error(error: Error): void {
    throw error;
  }
}

function undici(port: number, inFlight: number): Client {
  const pool = new Pool(`http://127.0.0.1:${port}`, {
    connections: inFlight,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: defaultUpstreamLimits.bodyIdleTimeoutMs,
  });
  return {
    name: 'undici',
    send(done) {
      let bytes = 0;
      pool.dispatch(
        { method: 'GET', path: '/some/path?and=query', headers },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData(_controller, chunk) {
            bytes += chunk.length;
          },
          onResponseEnd() {
            done(bytes);
          },
          onResponseError(_controller, error) {
            throw error;
          },
        },
      );
    },
    close: () => pool.close(),
  };
}

function nodeHttp(port: number, inFlight: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  return {
    name: 'node:http',
    send(done) {
      httpRequest({ host: '127.0.0.1', port, path: '/some/path?and=query', headers, agent }, (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        response.on('end', () => done(bytes));
      }).end();
    },
    async close() {
      agent.destroy();
    },
  };
}

function runBackend(): void {
  const response = Buffer.from(
    'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\nContent-Type: application/json\r\n' +
      `Content-Length: 1024\r\nConnection: keep-alive\r\n\r\n${'x'.repeat(1024)}`,
  );
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    // Every client sends a request as one piece and waits for the answer.
    socket.on('data', () => socket.write(response));
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    console.log(address !== null && typeof address === 'object' ? address.port : 0);
  });
}

if (process.argv[2] === '--backend') runBackend();
else await measure();
