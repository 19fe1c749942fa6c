/**
 * What the gateway itself costs, without sockets: requests that are already parsed go through routing, keys, policies and
 * the access record to a backend that answers at once.
 *
 *   node bench/pipeline.ts [seconds per measurement, 1] [rounds, 5]
 *
 * CPU microseconds of this process for one request, medians.
 */
import { buildSnapshot, createGateway } from '@lazuli/gateway';
import type { InboundRequest, ResponseHead, UpstreamClient } from '@lazuli/http';
import {
  type BodySink,
  type BodySource,
  CancelSource,
  HeaderList,
  MemoryCache,
  MemoryCounters,
} from '@lazuli/policies';
import { createFolderReader, folderFromDisk } from '@lazuli/resources';
import { writeBenchApis } from './kit/bench-apis.ts';
import { median } from './kit/load.ts';

const seconds = Number(process.argv[2] ?? 1);
const rounds = Number(process.argv[3] ?? 5);
const { folder, key, token } = writeBenchApis('http://127.0.0.1:1');
const content = Buffer.alloc(1024, 'x');

/** The backend's body: all of it at once, as it is when head and body arrive together. */
class WholeBody implements BodySource {
  readonly length = content.length;
  start(sink: BodySink): void {
    sink.data(content);
    sink.end([]);
  }
  pause(): void {}
  resume(): void {}
  abort(): void {}
}

const upstream: UpstreamClient = {
  request: async () => ({
    status: 200,
    reason: 'OK',
    httpVersion: '1.1',
    headers: new HeaderList(['Content-Type', 'application/json', 'Content-Length', '1024', 'Server', 'backend']),
    body: new WholeBody(),
  }),
  upgrade: () => Promise.reject(new TypeError('not here')),
  close: async () => {},
};

class ParsedRequest implements InboundRequest {
  readonly method = 'GET';
  readonly httpVersion = '1.1';
  readonly scheme = 'http';
  readonly authority = '127.0.0.1:8080';
  readonly body = null;
  readonly remoteAddress = '127.0.0.1';
  readonly localPort = 8080;
  readonly cancellation = new CancelSource();
  readonly isUpgrade = false;
  readonly target: string;
  readonly headers: HeaderList;
  readonly #done: () => void;

  constructor(target: string, headers: readonly string[], done: () => void) {
    this.target = target;
    this.headers = new HeaderList(['Host', this.authority, 'Accept', '*/*', 'User-Agent', 'bench', ...headers]);
    this.#done = done;
  }

  clientCertificate(): null {
    return null;
  }

  sendContinue(): void {}

  async respond(
    head: ResponseHead,
    body: Uint8Array | BodySource | null,
  ): Promise<{ complete: true; bytesSent: number }> {
    if (head.status !== 200) throw new Error(`the gateway answered ${head.status}`);
    let bytesSent = 0;
    if (body !== null && !(body instanceof Uint8Array))
      body.start({
        data: (chunk) => {
          bytesSent += chunk.length;
        },
        end: () => {},
        error: () => {},
      });
    queueMicrotask(this.#done);
    return { complete: true, bytesSent };
  }

  acceptUpgrade(): never {
    throw new TypeError('not here');
  }
}

const { model } = await createFolderReader(folderFromDisk(folder), { environment: {} }).read();
const { snapshot, diagnostics } = buildSnapshot(model, { allowUnsupported: false });
if (diagnostics.length > 0) throw new Error(diagnostics[0]?.message);
const clock = { now: Date.now, sleep: async () => {}, random: Math.random };
let records = 0;
const gateway = createGateway({
  snapshot,
  upstream,
  identity: { region: '', serviceName: '', serviceId: '', gatewayId: '', instanceId: '', isManaged: true },
  limits: { policyBodyBytes: 1 << 20 },
  ports: {
    cache: new MemoryCache({ now: clock.now, maxBytes: 1 << 20 }),
    counters: new MemoryCounters({ now: clock.now }),
    clock,
    log: { write: (_, message) => console.error(message) },
    metrics: { emit: () => {} },
    tokens: { acquire: () => Promise.reject(new TypeError('not here')) },
  },
  onComplete: () => {
    records++;
  },
});

const only = process.argv[4];
const paths: readonly (readonly [string, string, readonly string[]])[] = [
  ['plain proxy', '/plain/x', []],
  ['key + rate limit + headers', '/keyed/x', ['Ocp-Apim-Subscription-Key', key]],
  [
    'key + rate limit + headers + JWT',
    '/token/x',
    ['Ocp-Apim-Subscription-Key', key, 'Authorization', `Bearer ${token}`],
  ],
];

console.log('| path | CPU µs |\n|---|---|');
for (const [name, target, headers] of paths.filter(([name]) => only === undefined || name === only)) {
  const measured: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const spent = await load(target, headers);
    if (round > 0) measured.push(spent);
  }
  console.log(`| ${name} | ${median(measured).toFixed(2)} |`);
}
if (records === 0) throw new Error('no access record was made');

/** 64 requests at a time, until the time is over. */
function load(target: string, headers: readonly string[]): Promise<number> {
  const until = performance.now() + seconds * 1000;
  const before = process.cpuUsage();
  let requests = 0;
  let running = 64;
  return new Promise((resolve) => {
    const next = (): void => {
      requests++;
      if ((requests & 63) === 0 && performance.now() > until) {
        running = 0;
        const { user, system } = process.cpuUsage(before);
        resolve((user + system) / requests);
      }
      if (running > 0) gateway.handler(new ParsedRequest(target, headers, next));
    };
    for (let i = 0; i < running; i++) gateway.handler(new ParsedRequest(target, headers, next));
  });
}
