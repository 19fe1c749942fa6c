import { once } from 'node:events';
import { connect } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import {
  failureOf,
  ManualBody,
  ok,
  originOf,
  readBody,
  requestTo,
  selfSigned,
  sending,
  standsStill,
} from '@lazuli/http/contract';
import { CancelSource, HeaderList } from '@lazuli/policies';
import { describe, expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { Exchange } from './exchange.ts';
import { createHttp1Upstream } from './http1-upstream.ts';
import type { ReadTarget } from './read-socket.ts';

/** What happens to connections between requests, and when a backend closes them. */
describe('kept connections', () => {
  const { client, answering, scripted } = sending(createHttp1Upstream);

  test('one that the backend has closed is not used again', async () => {
    const server = await answering(ok);
    const upstream = client();
    await readBody((await upstream.request(requestTo(server.port))).body);
    server.connections[0]?.socket.end();
    await server.connections[0]?.closed();
    const request = requestTo(server.port, { method: 'POST', body: Buffer.from('x') });
    expect((await upstream.request(request)).status).toBe(200);
    expect(server.connections).toHaveLength(2);
  });

  test('the one that was used last is used next', async () => {
    const server = await answering('');
    const upstream = client();
    const first = upstream.request(requestTo(server.port, { target: '/0' }));
    const second = upstream.request(requestTo(server.port, { target: '/1' }));
    await (await server.connection(1)).until('\r\n\r\n');
    await server.connections[0]?.until('\r\n\r\n');
    for (const connection of server.connections) connection.onHead(() => connection.send(ok));
    server.connections[1]?.send(ok);
    await Promise.race([first, second]);
    server.connections[0]?.send(ok);
    await Promise.all([first, second]);
    await readBody((await upstream.request(requestTo(server.port, { target: '/next' }))).body);
    expect(server.connections[0]?.text).toContain('/next');
  });

  test('bytes on an idle connection close it', async () => {
    const server = await answering(ok, ok);
    const upstream = client();
    await readBody((await upstream.request(requestTo(server.port))).body);
    server.connections[0]?.send('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled');
    await server.connections[0]?.closed();
    expect(await readBody((await upstream.request(requestTo(server.port))).body)).toMatchObject({ text: 'ok' });
  });

  for (const [what, method, answer] of [
    ['to HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['with 204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\nok'],
    ['with 304', 'GET', 'HTTP/1.1 304 Not Modified\r\n\r\nok'],
    ['with 204 and a length', 'GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n'],
    ['with 103 and a length', 'GET', `HTTP/1.1 103 Hints\r\nContent-Length: 2\r\n\r\n${ok}`],
  ] as const) {
    test(`content in a response ${what} is refused, and the connection closed`, async () => {
      const server = await answering(answer);
      expect((await failureOf(client().request(requestTo(server.port, { method })))).failure).toBe('protocol');
      await server.connections[0]?.closed();
    });
  }

  for (const [what, head] of [
    ['Connection: close', 'HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nok'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['Keep-Alive: timeout=0', 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 2\r\n\r\nok'],
  ] as const) {
    test(`${what} ends the connection`, async () => {
      const server = await answering(head);
      const response = await client().request(requestTo(server.port));
      expect(await readBody(response.body)).toMatchObject({ text: 'ok' });
      await server.connections[0]?.closed();
    });
  }

  test('HTTP/1.0 with keep-alive is kept', async () => {
    const server = await answering('HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok');
    const upstream = client();
    for (let i = 0; i < 2; i++) await readBody((await upstream.request(requestTo(server.port))).body);
    expect(server.connections).toHaveLength(1);
  });

  test.each(['GET', 'PUT', 'DELETE'])(
    'a %s that just missed the end of a kept connection is not repeated',
    async (method) => {
      const server = await dyingAfterFirst();
      const upstream = client();
      await readBody((await upstream.request(requestTo(server.port))).body);
      expect((await failureOf(upstream.request(requestTo(server.port, { method })))).failure).toBe('reset');
      expect(server.connections).toHaveLength(1);
      // The next one gets a new connection.
      expect(await readBody((await upstream.request(requestTo(server.port))).body)).toMatchObject({ text: 'ok' });
    },
  );

  test('one that the kernel has not taken is sent again, whatever its method', async () => {
    const server = await answering(ok, ok);
    const upstream = client();
    await readBody((await upstream.request(requestTo(server.port))).body);
    const answered = upstream.request(requestTo(server.port, { method: 'DELETE' }));
    // In the same turn: the request is still here when the connection ends.
    server.connections[0]?.socket.resetAndDestroy();
    expect(await readBody((await answered).body)).toMatchObject({ text: 'ok' });
    expect(server.connections).toHaveLength(2);
    expect(server.connections[0]?.text).not.toContain('DELETE');
  });

  test('a response that comes before its request has left belongs to nothing', async () => {
    const server = await scripted(() => {});
    const socket = connect({ port: server.port, host: '127.0.0.1' });
    await once(socket, 'connect');
    const told: string[] = [];
    const owner = { free: () => told.push('free'), gone: () => told.push('gone'), repeat: () => told.push('repeat') };
    let target: ReadTarget | null = null;
    const readInto = (reader: ReadTarget) => {
      target = reader;
    };
    const limits = { fields: { headerBytes: 1000, headerCount: 10 }, idleMs: 1000, bodyIdleMs: 0 };
    const connection = new Connection({ socket, readsAhead: false, readInto }, owner, limits);
    const unexpected = () => told.push('answered');
    const exchange = new Exchange(
      requestTo(server.port),
      'GET / HTTP/1.1\r\n\r\n',
      { forget() {} },
      unexpected,
      null,
      unexpected,
    );
    connection.send(exchange);
    const bytes = Buffer.from(ok);
    expect((target as ReadTarget | null)?.received(bytes, bytes.length)).toBe(false);
    expect(told).toEqual(['gone', 'repeat']);
    expect(socket.destroyed).toBe(true);
  });

  test('one with a body is not', async () => {
    const server = await dyingAfterFirst();
    const upstream = client();
    await readBody((await upstream.request(requestTo(server.port))).body);
    const request = requestTo(server.port, { method: 'POST', body: Buffer.from('x') });
    expect((await failureOf(upstream.request(request))).failure).toBe('reset');
    expect(server.connections).toHaveLength(1);
  });

  test('one whose body is gone is not', async () => {
    const server = await dyingAfterFirst();
    const upstream = client();
    await readBody((await upstream.request(requestTo(server.port))).body);
    const body = new ManualBody(1, (started) => started.push('x').end());
    expect((await failureOf(upstream.request(requestTo(server.port, { method: 'PUT', body })))).failure).toBe('reset');
    expect(server.connections).toHaveLength(1);
  });

  test('after the first byte of a response nothing is repeated', async () => {
    const server = await scripted((connection) => {
      let count = 0;
      connection.onHead(() => {
        if (count++ === 0) connection.send(ok);
        else {
          connection.send('H');
          connection.socket.end();
        }
      });
    });
    const upstream = client();
    await readBody((await upstream.request(requestTo(server.port))).body);
    expect((await failureOf(upstream.request(requestTo(server.port)))).failure).toBe('reset');
    expect(server.connections).toHaveLength(1);
  });

  test('a response that nobody reads does not hold its connection for ever', async () => {
    const server = await answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello', ok);
    const upstream = client({ connectionsPerOrigin: 1, bodyIdleTimeoutMs: 50 });
    const response = await upstream.request(requestTo(server.port));
    expect((await upstream.request(requestTo(server.port))).status).toBe(200);
    expect((await failureOf(readBody(response.body))).failure).toBe('timeout');
  });

  test('a small response that nobody reads holds nothing, and can be read later', async () => {
    const server = await answering(ok);
    const upstream = client({ connectionsPerOrigin: 1, queuePerOrigin: 0 });
    const first = await upstream.request(requestTo(server.port));
    const second = await upstream.request(requestTo(server.port));
    expect(server.connections).toHaveLength(1);
    expect(await readBody(first.body)).toMatchObject({ text: 'ok' });
    expect(await readBody(second.body)).toMatchObject({ text: 'ok' });
  });

  test('a caller that leaves is told of once, and not listened to afterwards', async () => {
    const server = await answering(ok);
    const source = new CancelSource();
    const upstream = client();
    const response = await upstream.request(requestTo(server.port, { cancellation: source }));
    source.cancel();
    expect(await readBody(response.body)).toMatchObject({ text: 'ok' });
    await readBody((await upstream.request(requestTo(server.port))).body);
    expect(server.connections).toHaveLength(1);
  });

  test('an upgrade to another protocol than was asked for is refused', async () => {
    const server = await answering('HTTP/1.1 101 Go\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n');
    expect((await failureOf(client().upgrade(requestTo(server.port)))).failure).toBe('protocol');
  });

  test('without Host the origin names it', async () => {
    const server = await answering(ok);
    await client().request(requestTo(server.port, { headers: new HeaderList([]) }));
    expect(server.connections[0]?.text).toContain(`\r\nHost: 127.0.0.1:${server.port}\r\n`);
  });

  test('a later connection resumes the TLS session', async () => {
    const certificate = await selfSigned('localhost');
    const resumed: boolean[] = [];
    const sockets = new Set<TLSSocket>();
    const server = createTlsServer({ cert: certificate.certificatePem, key: certificate.privateKeyPem }, (socket) => {
      sockets.add(socket);
      resumed.push(socket.isSessionReused());
      socket.on('error', () => {});
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const origin = originOf(port, { scheme: 'https', validateCertificateChain: false, validateCertificateName: false });
    const upstream = client();
    for (let i = 0; i < 3; i++) await readBody((await upstream.request(requestTo(port, { origin }))).body);
    expect(resumed).toEqual([false, true, true]);
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  test('one TLS connection is enough for requests one after the other', async () => {
    const certificate = await selfSigned('localhost');
    const sockets = new Set<TLSSocket>();
    const server = createTlsServer({ cert: certificate.certificatePem, key: certificate.privateKeyPem }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('data', () => socket.write(ok));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const origin = originOf(port, { scheme: 'https', validateCertificateChain: false, validateCertificateName: false });
    const upstream = client();
    for (let i = 0; i < 5; i++) await readBody((await upstream.request(requestTo(port, { origin }))).body);
    expect(sockets.size).toBe(1);
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  test('an upgraded connection carries much both ways, at the pace of whoever reads', async () => {
    const size = 32 * 1024 * 1024;
    const server = await scripted((connection) => {
      connection.onHead(() => {
        connection.send('HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
        connection.socket.removeAllListeners('data');
        connection.socket.pipe(connection.socket);
      });
    });
    const outcome = await client().upgrade(requestTo(server.port));
    if (!outcome.accepted) throw new Error('not accepted');
    const { socket } = outcome;
    const chunk = Buffer.alloc(256 * 1024, 'x');
    let sent = 0;
    let isFull = false;
    const write = () => {
      isFull = false;
      while (sent < size && !isFull) {
        sent += chunk.length;
        isFull = !socket.write(chunk);
      }
    };
    socket.on('drain', write);
    write();
    await standsStill(() => sent);
    expect(sent).toBeLessThan(size);
    let received = 0;
    for await (const part of socket) {
      received += (part as Buffer).length;
      if (received === size) break;
    }
    expect(received).toBe(size);
    await server.connections[0]?.closed();
  });

  test('hostile answers never stop the client', async () => {
    const server = await scripted((connection) => {
      connection.onHead((head) => {
        const seed = Number(/\/(\d+)/.exec(head)?.[1]);
        connection.send(hostile(seed));
        if (seed % 3 === 0) connection.socket.end();
      });
    });
    const upstream = client({
      connectionsPerOrigin: 8,
      queuePerOrigin: 1000,
      headerBytes: 2048,
      bodyIdleTimeoutMs: 100,
    });
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, (_, seed) =>
        upstream
          .request(requestTo(server.port, { target: `/${seed}`, timeoutMs: 5000 }))
          .then(({ body }) => readBody(body))
          .then(
            () => 'read',
            () => 'refused',
          ),
      ),
    );
    expect(outcomes).toHaveLength(400);
    const good = await answering(ok);
    expect((await upstream.request(requestTo(good.port))).status).toBe(200);
  });

  /** Answers the first request; hangs up when the second one comes on the same connection. */
  function dyingAfterFirst() {
    let isFirst = true;
    return scripted((connection) => {
      let count = 0;
      connection.onHead(() => {
        if (count++ === 0 || !isFirst) connection.send(ok);
        else {
          isFirst = false;
          connection.socket.destroy();
        }
      });
    });
  }
});

/** A response with random faults, always the same for one seed. */
function hostile(seed: number): string {
  let state = seed * 2654435761 + 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
  const pieces = [
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'Content-Length: 5\r\n',
    'Transfer-Encoding: chunked\r\n',
    '\r\n',
    'hello',
    '5\r\nhello\r\n',
    '0\r\n\r\n',
    'X: \0\r\n',
    '\n',
    ' folded\r\n',
    `X: ${'a'.repeat(3000)}\r\n`,
    'ffffffffffff\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
    ok,
  ];
  let text = next(4) === 0 ? '' : 'HTTP/1.1 200 OK\r\n';
  for (let i = next(8); i >= 0; i--) text += pieces[next(pieces.length)] ?? '';
  return `${text}\r\n\r\n`;
}
