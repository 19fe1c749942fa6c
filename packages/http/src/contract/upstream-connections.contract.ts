import { cancellationOf, HeaderList } from '@lazuli/policies';
import { describe, expect, test } from 'vitest';
import { ManualBody, readBody } from './bodies.ts';
import { failureOf, type MakeUpstream, ok, originOf, requestTo, sending } from './sending.ts';
import { until } from './waiting.ts';

/** Pools, limits, timeouts, callers that leave, upgrades, proxies. */
export function describeUpstreamConnections(make: MakeUpstream): void {
  describe('connections', () => {
    const { client, answering, scripted } = sending(make);

    test('a caller that leaves before the answer cancels the request and frees its connection', async () => {
      const server = await answering('', ok);
      const upstream = client({ connectionsPerOrigin: 1 });
      const caller = new AbortController();
      const failure = failureOf(
        upstream.request(requestTo(server.port, { cancellation: cancellationOf(caller.signal) })),
      );
      const connection = await server.connection(0);
      await connection.until('\r\n\r\n');
      caller.abort();
      expect((await failure).failure).toBe('aborted');
      await connection.closed();
      expect((await upstream.request(requestTo(server.port))).status).toBe(200);
    });

    test('a caller that leaves inside of a response nobody reads frees its connection', async () => {
      const server = await answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello', ok);
      const upstream = client({ connectionsPerOrigin: 1 });
      const caller = new AbortController();
      const response = await upstream.request(requestTo(server.port, { cancellation: cancellationOf(caller.signal) }));
      caller.abort();
      await server.connections[0]?.closed();
      expect((await upstream.request(requestTo(server.port))).status).toBe(200);
      expect((await failureOf(readBody(response.body))).failure).toBe('aborted');
    });

    test('a body that is not wanted any more frees its connection', async () => {
      const server = await answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello', ok);
      const upstream = client({ connectionsPerOrigin: 1 });
      const response = await upstream.request(requestTo(server.port));
      response.body?.abort(new Error('not wanted'));
      await server.connections[0]?.closed();
      expect((await upstream.request(requestTo(server.port))).status).toBe(200);
    });

    test('a caller that has left already sends nothing', async () => {
      const server = await answering(ok);
      const body = new ManualBody(5);
      const request = requestTo(server.port, {
        method: 'POST',
        body,
        cancellation: cancellationOf(AbortSignal.abort()),
      });
      expect((await failureOf(client().request(request))).failure).toBe('aborted');
      expect(server.connections).toHaveLength(0);
      expect(body.aborted).not.toBeNull();
    });

    test('no answer in time is a timeout, and the connection is closed', async () => {
      const server = await answering('');
      const failure = failureOf(client().request(requestTo(server.port, { timeoutMs: 50 })));
      expect((await failure).failure).toBe('timeout');
      await server.connections[0]?.closed();
    });

    test('the timeout ends with the headers', async () => {
      const server = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n');
      const silent = await answering('');
      const upstream = client();
      const response = await upstream.request(requestTo(server.port, { timeoutMs: 50 }));
      await failureOf(upstream.request(requestTo(silent.port, { timeoutMs: 100 })));
      server.connections[0]?.send('ok');
      expect(await readBody(response.body)).toMatchObject({ text: 'ok' });
    });

    test('silence inside of a response is a timeout of its own', async () => {
      const server = await answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello');
      const response = await client({ bodyIdleTimeoutMs: 100 }).request(requestTo(server.port));
      expect((await failureOf(readBody(response.body))).failure).toBe('timeout');
      await server.connections[0]?.closed();
    });

    test('requests beyond the limit wait in turn; those beyond the queue fail at once', async () => {
      const server = await answering('');
      const upstream = client({ connectionsPerOrigin: 2, queuePerOrigin: 1 });
      const running = [0, 1, 2].map((i) => upstream.request(requestTo(server.port, { target: `/${i}` })));
      const body = new ManualBody(1);
      const failure = await failureOf(upstream.request(requestTo(server.port, { method: 'POST', body })));
      expect(failure.failure).toBe('limit');
      expect(body.aborted).not.toBeNull();
      await server.connection(1);
      await until(() => server.connections.every(({ text }) => text.includes('\r\n\r\n')));
      expect(server.connections).toHaveLength(2);
      for (const connection of server.connections) {
        connection.onHead(() => connection.send(ok));
        connection.send(ok);
      }
      for (const each of running) expect(await readBody((await each).body)).toMatchObject({ text: 'ok' });
      expect(server.connections).toHaveLength(2);
    });

    test('the timeout covers the wait for a connection', async () => {
      const server = await answering('', ok);
      const upstream = client({ connectionsPerOrigin: 1 });
      const first = upstream.request(requestTo(server.port));
      const second = await failureOf(upstream.request(requestTo(server.port, { timeoutMs: 50 })));
      expect(second.failure).toBe('timeout');
      server.connections[0]?.send(ok);
      expect(await readBody((await first).body)).toMatchObject({ text: 'ok' });
      expect(await readBody((await upstream.request(requestTo(server.port))).body)).toMatchObject({ text: 'ok' });
    });

    test('a caller that leaves the queue leaves no gap in it', async () => {
      const server = await answering('', ok);
      const upstream = client({ connectionsPerOrigin: 1, queuePerOrigin: 1 });
      const first = upstream.request(requestTo(server.port));
      const caller = new AbortController();
      const second = failureOf(
        upstream.request(requestTo(server.port, { cancellation: cancellationOf(caller.signal) })),
      );
      caller.abort();
      expect((await second).failure).toBe('aborted');
      const third = upstream.request(requestTo(server.port));
      await (await server.connection(0)).until('\r\n\r\n');
      server.connections[0]?.send(ok);
      expect(await readBody((await first).body)).toMatchObject({ text: 'ok' });
      expect((await third).status).toBe(200);
    });

    test('an idle connection is closed', async () => {
      const server = await answering(ok);
      const response = await client({ idleTimeoutMs: 50 }).request(requestTo(server.port));
      await readBody(response.body);
      await server.connections[0]?.closed();
    });

    test('the pool that was idle the longest makes room for another origin', async () => {
      const servers = [await answering(ok), await answering(ok), await answering(ok)];
      const upstream = client({ origins: 2 });
      for (const server of servers) await readBody((await upstream.request(requestTo(server.port))).body);
      await servers[0]?.connections[0]?.closed();
      expect(servers[1]?.connections[0]?.isClosed).toBe(false);
      for (const server of servers) await readBody((await upstream.request(requestTo(server.port))).body);
    });

    test('more origins at a time than pools is a limit', async () => {
      const [first, second] = [await answering(''), await answering(ok)];
      const upstream = client({ origins: 1 });
      const running = failureOf(upstream.request(requestTo(first.port, { timeoutMs: 200 })));
      expect((await failureOf(upstream.request(requestTo(second.port)))).failure).toBe('limit');
      await running;
      expect((await upstream.request(requestTo(second.port))).status).toBe(200);
    });

    test('a refused connection and an unknown host are failures to connect', async () => {
      const server = await answering(ok);
      const { port } = server;
      await server.close();
      expect((await failureOf(client().request(requestTo(port)))).failure).toBe('connect');
      const unknown = requestTo(port, { origin: originOf(port, { host: 'host.invalid' }) });
      expect((await failureOf(client().request(unknown))).failure).toBe('connect');
    });

    test('a handshake that never ends is a failure to connect', async () => {
      const server = await scripted(() => {});
      const request = requestTo(server.port, { origin: originOf(server.port, { scheme: 'https' }) });
      expect((await failureOf(client({ connectTimeoutMs: 50 }).request(request))).failure).toBe('connect');
      await server.connections[0]?.closed();
    });

    test('a backend that hangs up without an answer is a reset', async () => {
      const server = await scripted((connection) => connection.onHead(() => connection.socket.destroy()));
      expect((await failureOf(client().request(requestTo(server.port)))).failure).toBe('reset');
    });

    test('close cancels what runs and refuses what comes', async () => {
      const server = await answering('');
      const upstream = client();
      const running = failureOf(upstream.request(requestTo(server.port)));
      await (await server.connection(0)).until('\r\n\r\n');
      await upstream.close();
      expect((await running).failure).toBe('aborted');
      await server.connections[0]?.closed();
      expect((await failureOf(upstream.request(requestTo(server.port)))).failure).toBe('aborted');
    });

    test('an accepted upgrade gives the raw connection', async () => {
      const server = await answering(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nearly',
      );
      const headers = new HeaderList(['Host', 'a', 'Sec-WebSocket-Key', 'k']);
      const outcome = await client().upgrade(requestTo(server.port, { headers }));
      expect(outcome.response.status).toBe(101);
      expect(outcome.response.headers.get('sec-websocket-accept')).toBe('x');
      if (!outcome.accepted) throw new Error('not accepted');
      let text = '';
      outcome.socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      await until(() => text === 'early');
      outcome.socket.write('ping');
      await server.connections[0]?.until('ping');
      expect(server.connections[0]?.text).toMatch(/\r\nconnection: upgrade\r\nupgrade: websocket\r\n/i);
      server.connections[0]?.socket.end();
      await new Promise((resolve) => outcome.socket.once('close', resolve));
    });

    test('a refused upgrade gives the response', async () => {
      const server = await answering('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
      const outcome = await client().upgrade(requestTo(server.port));
      expect(outcome).toMatchObject({ accepted: false, response: { status: 403 } });
      expect(await readBody(outcome.response.body)).toMatchObject({ text: 'no' });
    });

    test('an upgrade counts as a connection until it ends', async () => {
      const server = await answering('HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n', ok);
      const upstream = client({ connectionsPerOrigin: 1, queuePerOrigin: 0 });
      const outcome = await upstream.upgrade(requestTo(server.port));
      expect((await failureOf(upstream.request(requestTo(server.port)))).failure).toBe('limit');
      if (outcome.accepted) outcome.socket.destroy();
      await server.connections[0]?.closed();
      await until(() => outcome.accepted && outcome.socket.closed);
      expect((await upstream.request(requestTo(server.port))).status).toBe(200);
    });

    test('a proxy gets plain requests in absolute form, with credentials', async () => {
      const proxy = await answering(ok);
      const origin = originOf(81, {
        host: 'backend.invalid',
        proxy: { url: `http://127.0.0.1:${proxy.port}`, username: 'us\u00e9r', password: 'p:w' },
      });
      const response = await client().request(requestTo(0, { origin, target: '/a?b' }));
      expect(response.status).toBe(200);
      const credentials = Buffer.from('us\u00e9r:p:w').toString('base64');
      expect(proxy.connections[0]?.text).toMatch(/^GET http:\/\/backend\.invalid:81\/a\?b HTTP\/1\.1\r\n/);
      expect(proxy.connections[0]?.text).toContain(`\r\nProxy-Authorization: Basic ${credentials}\r\n`);
    });

    test('a proxy that refuses the tunnel is a failure to connect that names the status', async () => {
      const proxy = await answering('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
      const origin = originOf(443, {
        scheme: 'https',
        host: 'backend.invalid',
        proxy: { url: `http://127.0.0.1:${proxy.port}`, username: null, password: null },
      });
      const failure = await failureOf(client().request(requestTo(0, { origin })));
      expect(failure.failure).toBe('connect');
      expect(failure.message).toContain('407');
      expect(proxy.connections[0]?.text).toMatch(
        /^CONNECT backend\.invalid:443 HTTP\/1\.1\r\nHost: backend\.invalid:443\r\n\r\n$/,
      );
    });

    test('a proxy with an unusable URL is a failure to connect', async () => {
      const origin = originOf(80, { proxy: { url: 'socks5://127.0.0.1', username: null, password: null } });
      expect((await failureOf(client().request(requestTo(80, { origin })))).failure).toBe('connect');
    });
  });
}
