import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultListenerLimits, type HttpListener, type ListenerOptions, type UpstreamClient } from '@lazuli/http';
import { type ClockPort, MemoryCache, MemoryCounters } from '@lazuli/policies';
import type { ServiceModel } from '@lazuli/resources';
import { afterEach } from 'vitest';
import { createGateway, type Gateway } from '../gateway.ts';
import type { AccessRecord } from '../request/access-record.ts';
import { buildSnapshot, type Snapshot } from '../snapshot/snapshot.ts';
import { serviceModel } from './model.ts';

/** What arrived at a test backend. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestBackend {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** How it answers from now on. */
  answer: (request: Received, response: ServerResponse) => void;
}

export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ServedGateway {
  readonly port: number;
  readonly gateway: Gateway;
  readonly records: AccessRecord[];
  /** Milliseconds to be added to the clock. */
  readonly clock: { ahead: number };
  /** `send('GET /orders/1', { headers: {...} })` */
  send(line: string, options?: { headers?: Record<string, string>; body?: string }): Promise<Answer>;
  swap(model: Partial<ServiceModel>): void;
}

/** Real listeners, real sockets, real backends; closed after each test. */
/** What stands between the sockets and the gateway. */
export interface Http {
  readonly name: string;
  readonly createListener: (options: ListenerOptions) => HttpListener;
  readonly createUpstream: () => UpstreamClient;
}

export function serving(http: Http) {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function backend(): Promise<TestBackend> {
    const received: Received[] = [];
    const server = createServer((incoming, response) => {
      void readAll(incoming).then((body) => {
        const request = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body };
        received.push(request);
        it.answer(request, response);
      });
    });
    server.on('upgrade', (incoming, socket) => {
      received.push({ method: 'UPGRADE', url: incoming.url ?? '', headers: incoming.headers, body: '' });
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      socket.pipe(socket);
      closers.push(() => void socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const it: TestBackend = {
      url: `http://127.0.0.1:${port}`,
      port,
      received,
      answer: (_, response) => response.end('ok'),
    };
    return it;
  }

  async function gateway(parts: Partial<ServiceModel>): Promise<ServedGateway> {
    const clock = { ahead: 0 };
    const now = () => Date.now() + clock.ahead;
    const records: AccessRecord[] = [];
    const upstream = http.createUpstream();
    let snapshot = snapshotOf(parts);
    const served = createGateway({
      snapshot,
      upstream,
      identity: {
        region: 'local',
        serviceName: 'test',
        serviceId: 'test',
        gatewayId: 'managed',
        instanceId: 'one',
        isManaged: true,
      },
      limits: { policyBodyBytes: 1 << 20 },
      ports: {
        cache: new MemoryCache({ now, maxBytes: 1 << 20 }),
        counters: new MemoryCounters({ now }),
        clock: { now, sleep: async () => {}, random: () => 0.5 } satisfies ClockPort,
        log: { write: () => {} },
        metrics: { emit: () => {} },
        tokens: { acquire: (resource) => ({ accessToken: `token-for-${resource}`, expiresOn: now() + 3_600_000 }) },
      },
      onComplete: (record) => records.push(record),
    });
    const listener = http.createListener({
      host: '127.0.0.1',
      port: 0,
      tls: null,
      limits: defaultListenerLimits,
      handler: served.handler,
      onRefused: () => {},
    });
    const { port } = await listener.listen();
    closers.push(
      () => upstream.close(),
      () => listener.drain(0),
    );
    return {
      port,
      gateway: served,
      records,
      clock,
      send: (line, options = {}) => send(port, line, options),
      swap(model) {
        snapshot = snapshotOf(model, snapshot);
        served.swap(snapshot);
      },
    };
  }

  return { backend, gateway };
}

function snapshotOf(parts: Partial<ServiceModel>, previous?: Snapshot): Snapshot {
  const { snapshot, diagnostics } = buildSnapshot(serviceModel(parts), { allowUnsupported: false }, previous);
  const [problem] = diagnostics;
  if (problem) throw new Error(`${problem.file}:${problem.line}:${problem.column} ${problem.message}`);
  return snapshot;
}

function send(
  port: number,
  line: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string },
): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ');
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      readAll(response).then(
        (text) =>
          resolve({
            status: response.statusCode ?? 0,
            reason: response.statusMessage ?? '',
            headers: response.headers,
            body: text,
          }),
        reject,
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readAll(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
