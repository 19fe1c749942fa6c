import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UpstreamClient } from '@lazuli/http';
import { createUndiciUpstream } from '@lazuli/http';
import type { HttpPort } from '@lazuli/policies';
import { FakeClock } from '@lazuli/policies/testing';
import type { Logger } from '@lazuli/resources';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { createHttpPort } from '../backends/http-port.ts';
import { eventHubAddress } from './event-hub-address.ts';
import { EventHubs } from './event-hubs.ts';
import { EventQueue } from './event-queue.ts';

const key = randomBytes(32).toString('base64');

interface Received {
  readonly url: string;
  readonly authorization: string;
  readonly contentType: string;
  readonly messages: readonly { readonly Body: string; readonly BrokerProperties?: unknown }[];
}

/** A real peer: answers with the next status, or 201. */
class Hub {
  readonly received: Received[] = [];
  readonly answers: number[] = [];
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.received.push({
        url: request.url ?? '',
        authorization: request.headers.authorization ?? '',
        contentType: request.headers['content-type'] ?? '',
        messages: JSON.parse(Buffer.concat(chunks).toString()),
      });
      response.writeHead(this.answers.shift() ?? 201).end('answer');
    });
  });

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }
  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let hub: Hub;
let upstream: UpstreamClient;
let http: HttpPort;
let hubs: EventHubs;
let clock: FakeClock;
const logged: Readonly<Record<string, unknown>>[] = [];

beforeEach(async () => {
  hub = new Hub();
  await hub.open();
  upstream = createUndiciUpstream();
  http = createHttpPort(upstream);
  clock = new FakeClock();
  logged.length = 0;
  hubs = new EventHubs({
    http,
    clock,
    log: { write: (_level, _message, fields) => logged.push(fields) },
    tokens: { acquire: () => ({ accessToken: 'identity-token', expiresOn: 0 }) },
  });
  return async () => {
    await upstream.close();
    await hub.close();
  };
});

const loggerOf = (credentials: Record<string, string>, over: Partial<Logger> = {}): Logger => ({
  name: 'hub-logger',
  loggerType: 'azureEventHub',
  description: null,
  credentials: new Map(Object.entries(credentials)),
  isBuffered: true,
  resourceId: null,
  ...over,
});
const connection = (endpoint: string) => `Endpoint=${endpoint}/;SharedAccessKeyName=sender;SharedAccessKey=${key}`;
const serve = (more: Record<string, string> = {}) =>
  hubs.serve([loggerOf({ name: 'orders', connectionString: connection(hub.endpoint), ...more })], []);
const event = (body: string, partitionId: string | null = null, partitionKey: string | null = null) => ({
  body,
  partitionId,
  partitionKey,
});

test('events of one moment go in one signed request', async () => {
  const port = serve();
  for (const body of ['a', '{"b":"é"}']) port.send('hub-logger', event(body));
  await hubs.drain();
  expect(hub.received).toMatchObject([
    {
      url: '/orders/messages?timeout=60&api-version=2014-01',
      contentType: 'application/vnd.microsoft.servicebus.json',
      messages: [{ Body: 'a' }, { Body: '{"b":"é"}' }],
    },
  ]);
  const parts = new URLSearchParams(hub.received[0]?.authorization.replace('SharedAccessSignature ', ''));
  const expiry = String(clock.now() / 1000 + 3_600);
  const signed = `${encodeURIComponent(`${hub.endpoint}/orders`)}\n${expiry}`;
  expect(Object.fromEntries(parts)).toEqual({
    sr: `${hub.endpoint}/orders`,
    sig: createHmac('sha256', key).update(signed).digest('base64'),
    se: expiry,
    skn: 'sender',
  });
});

test('partitions have requests of their own', async () => {
  const port = serve();
  port.send('hub-logger', event('a', '3'));
  port.send('hub-logger', event('b', null, 'k'));
  port.send('hub-logger', event('c', '3'));
  await hubs.drain();
  expect(hub.received.map(({ url, messages }) => [url.split('?')[0], messages])).toEqual([
    ['/orders/partitions/3/messages', [{ Body: 'a' }, { Body: 'c' }]],
    ['/orders/messages', [{ Body: 'b', BrokerProperties: { PartitionKey: 'k' } }]],
  ]);
});

test('a hub that is busy is tried again, later and later', async () => {
  hub.answers.push(503, 500, 201);
  serve().send('hub-logger', event('a'));
  await expect.poll(() => hub.received.length).toBe(3);
  await hubs.drain();
  expect([clock.slept, logged]).toEqual([[500, 1_000], []]);
});

test('after five attempts the events are given up, and the next ones go', async () => {
  hub.answers.push(503, 503, 503, 503, 503);
  const port = serve();
  port.send('hub-logger', event('secret'));
  await expect.poll(() => logged.length).toBe(1);
  expect(logged).toEqual([{ logger: 'hub-logger', events: 1, reason: 'the event hub answered 503' }]);
  port.send('hub-logger', event('next'));
  await hubs.drain();
  expect(hub.received.at(-1)?.messages).toEqual([{ Body: 'next' }]);
});

test('what will not get better is not tried again', async () => {
  hub.answers.push(404);
  serve().send('hub-logger', event('a'));
  await hubs.drain();
  expect([hub.received.length, logged[0]?.reason]).toEqual([1, 'the event hub answered 404']);
});

test('a hub that cannot be reached does not hold up the end', async () => {
  const port = serve();
  await hub.close();
  port.send('hub-logger', event('a'));
  await hubs.drain();
  expect(logged).toMatchObject([{ events: 1 }]);
  hub = new Hub();
  await hub.open();
});

test('tokens are used again until they are old', async () => {
  const port = serve();
  const send = async () => {
    const count = hub.received.length;
    port.send('hub-logger', event('a'));
    await expect.poll(() => hub.received.length).toBe(count + 1);
    return hub.received.at(-1)?.authorization;
  };
  const first = await send();
  clock.time += 1_000;
  expect(await send()).toBe(first);
  clock.time += 3_400_000;
  expect(await send()).not.toBe(first);
});

test('a new configuration keeps the queue of a hub that stays, and lets another go', async () => {
  const old = serve();
  old.send('hub-logger', event('a'));
  serve().send('hub-logger', event('b'));
  await expect.poll(() => hub.received.flatMap(({ messages }) => messages).length).toBe(2);
  expect(hub.received.flatMap(({ messages }) => messages.map(({ Body }) => Body))).toEqual(['a', 'b']);
  expect(hubs.serve([], []).has('hub-logger')).toBe(false);
  old.send('hub-logger', event('late'));
  await expect.poll(() => hub.received.at(-1)?.messages).toEqual([{ Body: 'late' }]);
});

test('a managed identity', async () => {
  hubs
    .serve([loggerOf({ name: 'orders', endpointAddress: hub.endpoint, identityClientId: 'SystemAssigned' })], [])
    .send('hub-logger', event('a'));
  await hubs.drain();
  expect(hub.received[0]?.authorization).toBe('Bearer identity-token');
});

test('addresses', () => {
  const named = { name: 'n', displayName: 'Logger-Credentials--1', secret: true, tags: [] };
  const of = (credentials: Record<string, string>, over: Partial<Logger> = {}) =>
    eventHubAddress(loggerOf(credentials, over), [{ ...named, value: connection('sb://ns.servicebus.windows.net') }]);
  expect(of({ name: 'h', connectionString: '{{Logger-Credentials--1}}' })).toEqual({
    url: 'https://ns.servicebus.windows.net/h',
    credential: { kind: 'key', keyName: 'sender', key },
  });
  expect(of({ connectionString: `${connection('sb://ns.servicebus.windows.net')};EntityPath=e` })?.url).toBe(
    'https://ns.servicebus.windows.net/e',
  );
  expect(of({ name: 'h', endpointAddress: 'ns.servicebus.windows.net', identityClientId: 'id' })).toEqual({
    url: 'https://ns.servicebus.windows.net/h',
    credential: { kind: 'identity', clientId: 'id' },
  });
  const broken: Record<string, string>[] = [
    {},
    { name: 'h' },
    { name: 'h', connectionString: 'x' },
    { name: 'h', connectionString: 'Endpoint=ftp://x/' },
  ];
  for (const one of broken) expect(of(one)).toBeNull();
  expect(of({ instrumentationKey: 'x' }, { loggerType: 'applicationInsights' })).toBeNull();
});

test('the queue keeps order within a place, its bounds, and loses nothing', () => {
  const limits = { events: 20, characters: 60, batchEvents: 3, batchCharacters: 10 };
  const events = fc.array(fc.record({ place: fc.nat(2), body: fc.string({ maxLength: 12 }) }));
  fc.assert(
    fc.property(events, (all) => {
      const queue = new EventQueue(limits);
      const kept = all.filter(({ place, body }) => queue.add(event(body, String(place))));
      expect(queue.size).toBe(kept.length);
      expect(kept.length).toBeLessThanOrEqual(20);
      const out = new Map<string, string[]>();
      for (let batch = queue.take(); batch; batch = queue.take()) {
        expect(batch.bodies.length).toBeLessThanOrEqual(3);
        expect(batch.bodies.length === 1 || batch.bodies.join('').length <= 10).toBe(true);
        const place = batch.partitionId ?? '';
        out.set(place, [...(out.get(place) ?? []), ...batch.bodies]);
      }
      for (const place of ['0', '1', '2'])
        expect(out.get(place) ?? []).toEqual(kept.filter((one) => String(one.place) === place).map(({ body }) => body));
      expect(queue.size).toBe(0);
    }),
  );
});

test('a full queue drops and says so', async () => {
  const port = serve();
  for (let i = 0; i < 10_007; i++) port.send('hub-logger', event('x'));
  await hubs.drain();
  expect(hub.received.flatMap(({ messages }) => messages).length).toBe(10_000);
  expect(logged).toEqual([{ logger: 'hub-logger', events: 7, reason: 'the queue is full' }]);
});
