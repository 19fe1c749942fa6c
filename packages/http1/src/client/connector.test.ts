import { once } from 'node:events';
import { createServer } from 'node:net';
import { failureOf, ok, originOf, readBody, requestTo, sending, until } from '@lazuli/http/contract';
import { afterEach, describe, expect, test } from 'vitest';
import type { ResolveHost } from './address-cache.ts';
import { createHttp1Upstream } from './http1-upstream.ts';

describe('connecting', () => {
  let resolve: ResolveHost = (_host, done) => done(new Error('not set'), []);
  const { client, answering } = sending((limits) => createHttp1Upstream(limits, (host, done) => resolve(host, done)));
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });
  const named = (port: number, timeoutMs = 0) =>
    requestTo(port, { origin: originOf(port, { host: 'backend.test' }), timeoutMs });

  test('an address that refuses is passed over, and tried last from then on', async () => {
    const server = await answering(ok);
    let asked = 0;
    resolve = (_host, done) => {
      asked++;
      done(null, ['127.0.0.9', '127.0.0.1']);
    };
    const upstream = client();
    for (let i = 0; i < 3; i++) expect((await upstream.request(named(server.port))).status).toBe(200);
    expect(asked).toBe(1);
  });

  test('when no address can be reached it is a failure to connect', async () => {
    const server = await answering(ok);
    const { port } = server;
    await server.close();
    resolve = (_host, done) => done(null, ['127.0.0.1', '127.0.0.9', '127.0.0.8']);
    expect((await failureOf(client().request(named(port)))).failure).toBe('connect');
  });

  test('a failure that the resolver remembers fails many at once without growing the stack', async () => {
    let asked = 0;
    resolve = (_host, done) => {
      asked++;
      setImmediate(() => done(new Error('ENOTFOUND'), []));
    };
    const upstream = client({ connectionsPerOrigin: 4, queuePerOrigin: 5000 });
    const failures = await Promise.all(Array.from({ length: 5000 }, () => failureOf(upstream.request(named(1)))));
    expect(new Set(failures.map(({ failure }) => failure))).toEqual(new Set(['connect']));
    expect(asked).toBe(1);
  });

  test('the timeout of a request covers the resolver', async () => {
    resolve = () => {};
    expect((await failureOf(client().request(named(1, 50)))).failure).toBe('timeout');
    expect((await failureOf(client({ connectTimeoutMs: 50 }).request(named(1)))).failure).toBe('connect');
  });

  test('IPv6 literals, with and without brackets', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).on('data', () => socket.write(ok)));
    server.listen(0, '::1');
    const listening = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    closing.push(() => server.close());
    // A machine without IPv6 has nothing to test here.
    if (!listening) return;
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const upstream = client();
    for (const host of ['::1', '[::1]']) {
      const response = await upstream.request(requestTo(port, { origin: originOf(port, { host }) }));
      expect(await readBody(response.body)).toMatchObject({ text: 'ok' });
    }
    await upstream.close();
  });

  test('a backend that speaks before it is asked is not a backend', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220 mail.test ESMTP\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const failure = await failureOf(client().request(requestTo(port)));
    expect(failure.failure).toMatch(/^(protocol|reset)$/);
  });

  test('requests that leave while a connection is being opened leave nothing behind', async () => {
    const server = await answering(ok);
    let answerResolver: () => void = () => {};
    resolve = (_host, done) => {
      answerResolver = () => done(null, ['127.0.0.1']);
    };
    const upstream = client({ connectionsPerOrigin: 1, queuePerOrigin: 0 });
    expect((await failureOf(upstream.request(named(server.port, 30)))).failure).toBe('timeout');
    answerResolver();
    await until(() => server.connections.length === 1);
    expect((await upstream.request(named(server.port))).status).toBe(200);
    expect(server.connections).toHaveLength(1);
  });
});
