import { afterEach, describe, expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { listening } from '../contract/listening.ts';
import { ok, originOf, requestTo, sending } from '../contract/sending.ts';
import { standsStill, until } from '../contract/waiting.ts';
import { WireClient } from '../contract/wire.ts';
import { endToEndHeaders } from '../hop-by-hop.ts';
import type { InboundRequest } from '../listener.ts';
import type { UpstreamClient } from '../upstream.ts';
import { createNodeListener } from './listener.ts';
import { createUndiciUpstream } from './upstream.ts';

/** The two sides joined as a gateway without policies joins them. */
describe('a listener in front of an upstream client', () => {
  const start = listening(createNodeListener);
  const { client, answering, scripted } = sending(createUndiciUpstream);
  const sockets: WebSocketServer[] = [];
  afterEach(() => {
    for (const server of sockets.splice(0)) server.close();
  });

  test('a client that leaves before the answer cancels the request to the backend', async () => {
    const backend = await answering('', ok);
    const upstream = client({ connectionsPerOrigin: 1 });
    const gateway = await start((request) => void forward(request, upstream, backend.port));
    const caller = gateway.client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const connection = await backend.connection(0);
    await connection.until('\r\n\r\n');
    caller.destroy();
    await connection.closed();
    await gateway.client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').until('\r\n\r\nok');
  });

  test('a client that leaves inside of a response cancels it and frees the pool', async () => {
    const backend = await answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello', ok);
    const upstream = client({ connectionsPerOrigin: 1 });
    const gateway = await start((request) => void forward(request, upstream, backend.port));
    const caller = gateway.client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await caller.until('hello');
    caller.destroy();
    await backend.connections[0]?.closed();
    await gateway.client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').until('\r\n\r\nok');
  });

  test('a client that leaves inside of its request cancels the request to the backend', async () => {
    const backend = await answering('');
    const gateway = await start((request) => void forward(request, client(), backend.port));
    const caller = gateway.client().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
    const connection = await backend.connection(0);
    await connection.until('hello');
    caller.destroy();
    await connection.closed();
  });

  test('a stalled client of a 200 MB response stops the backend; memory stays bounded', async () => {
    const size = 200 * 1024 * 1024;
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let written = 0;
    const backend = await scripted((connection) => {
      connection.onHead(() => {
        connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
        const write = () => {
          while (written < size) {
            written += chunk.length;
            if (!connection.socket.write(chunk)) return;
          }
        };
        connection.socket.on('drain', write);
        write();
      });
    });
    const gateway = await start((request) => void forward(request, client(), backend.port));
    const caller = gateway.client();
    caller.socket.pause();
    const before = process.memoryUsage().rss;
    caller.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await until(() => written > 0);
    await standsStill(() => written);
    expect(written).toBeLessThan(40 * 1024 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    let received = 0;
    caller.socket.removeAllListeners('data');
    caller.socket.on('data', (data: Buffer) => {
      received += data.length;
    });
    caller.socket.resume();
    await until(() => received > size);
  });

  test('server-sent events arrive one by one', async () => {
    const backend = await answering(
      'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const gateway = await start((request) => void forward(request, client(), backend.port));
    const caller = gateway.client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await caller.until('text/event-stream');
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      backend.connections[0]?.send(`${event.length.toString(16)}\r\n${event}\r\n`);
      await caller.until(event);
    }
    caller.destroy();
    await backend.connections[0]?.closed();
  });

  test('trailers pass both ways', async () => {
    const backend = await scripted((connection) => {
      void connection
        .until('X-Up: 1')
        .then(() =>
          connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Down: 2\r\n\r\n'),
        );
    });
    const gateway = await start((request) => void forward(request, client(), backend.port));
    const text = await gateway
      .client()
      .send('POST / HTTP/1.1\r\nHost: a\r\nTrailer: X-Up\r\nTransfer-Encoding: chunked\r\n\r\n')
      .send('5\r\nhello\r\n0\r\nX-Up: 1\r\n\r\n')
      .until('X-Down: 2');
    expect(text).toContain('2\r\nok\r\n0\r\nX-Down: 2');
  });

  test('a client cannot strip headers of others with Connection, nor smuggle hop-by-hop ones', async () => {
    const backend = await answering(ok);
    const gateway = await start((request) => void forward(request, client(), backend.port));
    await gateway
      .client()
      .send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Own, Host\r\nX-Own: 1\r\nX-Kept: 1\r\n')
      .send('Keep-Alive: 5\r\nProxy-Authorization: Basic x\r\nTE: gzip, trailers\r\nUpgrade: h2c\r\n\r\n')
      .until('ok');
    const { text } = backend.connections[0] ?? { text: '' };
    expect(text).toMatch(/\r\nX-Kept: 1\r\n/);
    expect(text).toMatch(/\r\nTE: trailers\r\n/);
    expect(text).not.toMatch(/X-Own|Proxy-Authorization|h2c|Keep-Alive: 5/);
    expect(text).toMatch(/^host: a\r$/im);
  });

  test('a response with a hidden second one reaches no other client', async () => {
    const hidden = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhidden';
    const backend = await answering(`${ok}${hidden}`, ok);
    const upstream = client({ connectionsPerOrigin: 1 });
    const gateway = await start((request) => void forward(request, upstream, backend.port));
    for (let i = 0; i < 2; i++) {
      const text = await gateway.client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').until('\r\n\r\nok');
      expect(text).not.toContain('hidden');
    }
  });

  test('a misframed response is a failure for the client and closes the connection to the backend', async () => {
    const backend = await answering(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\t\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
      ok,
    );
    const upstream = client();
    const gateway = await start((request) => void forward(request, upstream, backend.port));
    const caller = gateway.client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await caller.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 502 /);
    await caller.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').until('\r\n\r\nok');
    expect(backend.connections).toHaveLength(2);
  });

  test('WebSockets: text, binary and the close code pass both ways', async () => {
    const { port, gateway } = await webSockets();
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.address.port}/chat`, ['a', 'b']);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    expect(socket.protocol).toBe('b');
    expect(port).toBeGreaterThan(0);
    for (const message of ['x'.repeat(200_000), Buffer.alloc(100_000, 7)]) {
      socket.send(message);
      const [data] = await new Promise<[Buffer]>((resolve) => socket.once('message', (got: Buffer) => resolve([got])));
      expect(Buffer.compare(data, Buffer.from(message))).toBe(0);
    }
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send('bye');
    expect(await closed).toBe(4001);
  });

  test('WebSockets: a client that vanishes closes the connection to the backend', async () => {
    const { server, gateway } = await webSockets();
    const gone = new Promise((resolve) => server.once('connection', (peer) => peer.once('close', resolve)));
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.address.port}/chat`);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.terminate();
    await gone;
    await until(() => gateway.listener.connections === 0);
  });

  test('WebSockets: a refusal of the backend reaches the client', async () => {
    const backend = await answering('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno');
    const gateway = await start((request) => void forward(request, client(), backend.port));
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.address.port}/chat`);
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toContain('401');
  });

  test('many clients at a time, in order on each connection', async () => {
    const backend = await scripted((connection) => {
      connection.onHead((head) => {
        const body = /^GET (\S+)/.exec(head.trimStart())?.[1] ?? '?';
        connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length + 1}\r\n\r\n${body};`);
      });
    });
    const upstream = client({ connectionsPerOrigin: 8 });
    const gateway = await start((request) => void forward(request, upstream, backend.port));
    const clients = Array.from({ length: 20 }, (_, i) => ({ i, wire: WireClient.connect(gateway.address.port) }));
    for (const { i, wire } of clients)
      for (let n = 0; n < 20; n++) wire.send(`GET /${i}/${n} HTTP/1.1\r\nHost: a\r\n\r\n`);
    for (const { i, wire } of clients) {
      const text = await wire.until(`/${i}/19;`);
      expect(text.match(/\/\d+\/\d+;/g)).toEqual(Array.from({ length: 20 }, (_, n) => `/${i}/${n};`));
      wire.destroy();
    }
    expect(backend.connections.length).toBeLessThanOrEqual(8);
  });

  async function webSockets() {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      handleProtocols: (offered) => [...offered].at(-1) ?? false,
    });
    sockets.push(server);
    server.on('connection', (peer) => {
      peer.on('error', () => {});
      peer.on('message', (data, isBinary) => {
        if (!isBinary && String(data) === 'bye') peer.close(4001);
        else peer.send(data, { binary: isBinary });
      });
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const gateway = await start((request) => void forward(request, client(), port));
    return { server, port, gateway };
  }
});

async function forward(request: InboundRequest, upstream: UpstreamClient, port: number): Promise<void> {
  const outgoing = requestTo(port, {
    method: request.method,
    origin: originOf(port),
    target: request.target,
    headers: endToEndHeaders(request.headers),
    body: request.body,
    cancellation: request.cancellation,
  });
  try {
    if (request.isUpgrade) {
      const outcome = await upstream.upgrade(outgoing);
      if (outcome.accepted) {
        const { socket, response } = outcome;
        const inbound = request.acceptUpgrade({ ...response, headers: endToEndHeaders(response.headers) });
        inbound.pipe(socket).pipe(inbound);
        inbound.once('close', () => socket.destroy());
        socket.once('close', () => inbound.destroy());
        return;
      }
      await request.respond(outcome.response, outcome.response.body);
      return;
    }
    const response = await upstream.request(outgoing);
    await request.respond({ ...response, headers: endToEndHeaders(response.headers) }, response.body);
  } catch {
    await request.respond({ status: 502, reason: 'Bad Gateway', headers: endToEndHeaders(request.headers) }, null);
  }
}
