import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { InboundRequest, ResponseOutcome } from '@lazuli/http';
import {
  answer,
  bodyOfSize,
  echo,
  head,
  listening,
  ManualBody,
  selfSigned,
  standsStill,
  until,
} from '@lazuli/http/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { createHttp1Listener } from './listener.ts';

const get = (target = '/') => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
const handshake = `GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;

describe('connections over sockets', () => {
  const start = listening(createHttp1Listener);
  let certificate: { readonly certificatePem: string; readonly privateKeyPem: string };
  beforeAll(async () => {
    certificate = await selfSigned('localhost');
  });

  test('a client that closes its side behind the request still gets the answer', async () => {
    const waiting: InboundRequest[] = [];
    const { client } = await start((request) => waiting.push(request));
    const connection = client();
    connection.socket.end(get('/a'));
    await until(() => waiting.length === 1);
    await standsStill(() => waiting.length);
    for (const request of waiting) answer(request);
    const text = await connection.closed();
    expect(text).toContain('<GET /a>');
    expect(text).toContain('Connection: close');
  });

  test('a client that closes its side inside of a head is told so', async () => {
    const { client, refusals } = await start(answer);
    const connection = client();
    connection.socket.end('GET / HTTP/1.1\r\nHo');
    expect(await connection.closed()).toMatch(/^HTTP\/1\.1 400 /);
    expect(refusals).toMatchObject([{ status: 400 }]);
  });

  test('a client that left long ago has cancelled, whenever one asks', async () => {
    const { client, requests, listener } = await start(() => {});
    const connection = client().send(get());
    await until(() => requests.length === 1);
    connection.destroy();
    await until(() => listener.connections === 0);
    expect(requests[0]?.cancellation.isCancelled).toBe(true);
  });

  test('nothing behind a last request is looked at', async () => {
    const { client, requests } = await start(answer);
    const last = 'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    const text = await client()
      .send(last + get('/behind'))
      .closed();
    expect(text.match(/<.*?>/g)).toEqual(['<GET /last>']);
    expect(requests).toHaveLength(1);
  });

  test('a response that ends with the connection is the last one, whatever was sent ahead', async () => {
    const outcomes: ResponseOutcome[] = [];
    const waiting: InboundRequest[] = [];
    const { client } = await start((request) => waiting.push(request));
    const request = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n';
    const connection = client().send(request + request);
    await until(() => waiting.length === 2);
    const [first, second] = waiting;
    void first?.respond(head(200), new ManualBody(null, (body) => body.push('abc').end()));
    void second?.respond(head(200), Buffer.from('def')).then((outcome) => outcomes.push(outcome));
    expect(await connection.closed()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\r\n\r\nabc$/);
    expect(outcomes).toEqual([{ complete: false, bytesSent: 0 }]);
    expect(second?.cancellation.isCancelled).toBe(true);
  });

  test('a response that was under way when the drain began is the last one of its connection', async () => {
    const body = new ManualBody(null);
    const { client, listener } = await start((request) => void request.respond(head(200), body));
    const connection = client().send(get());
    await connection.until('\r\n\r\n');
    const drained = listener.drain(10_000);
    body.push('abc').end();
    expect(await connection.closed()).toMatch(/3\r\nabc\r\n0\r\n\r\n$/);
    await drained;
  });

  test('a response that was given just before the drain arrives', async () => {
    let drained: Promise<void> | undefined;
    const started = await start((request) => {
      void request.respond(head(200), Buffer.from('here'));
      drained = started.listener.drain(10_000);
    });
    expect(await started.client().send(get()).closed()).toMatch(/^HTTP\/1.1 200 [\s\S]*here$/);
    await drained;
  });

  test('a body of many tiny chunks is passed on in few pieces', async () => {
    let pieces = 0;
    let bytes = 0;
    const { client } = await start((request) => {
      request.body?.start({
        data: (chunk) => {
          pieces++;
          bytes += chunk.length;
        },
        end: () => void request.respond(head(200), null),
        error() {},
      });
    });
    const body = `${'1\r\nx\r\n'.repeat(10_000)}0\r\n\r\n`;
    await client().send(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}`).until('200 OK');
    expect(bytes).toBe(10_000);
    expect(pieces).toBeLessThan(100);
  });

  test('HTTP/1.0 keeps the connection when it asks to', async () => {
    const { client } = await start(answer);
    const request = 'GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n';
    const connection = client().send(request);
    expect(await connection.until('>')).toContain('\r\nConnection: keep-alive\r\n');
    await connection.send(request).until('>', 2);
    expect(await client().send('GET / HTTP/1.0\r\n\r\n').closed()).toContain('\r\nConnection: close\r\n');
  });

  test('a method that begins like the preface of HTTP/2 may come in pieces', async () => {
    const { client } = await start(answer);
    for (const [first, rest] of [
      ['P', 'UT / HTTP/1.1\r\nHost: a\r\n\r\n'],
      ['PRI', 'NT / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ] as const) {
      const connection = client().send(first);
      await new Promise((resolve) => setImmediate(resolve));
      expect(await connection.send(rest).until('>')).toMatch(/<P(UT|RINT) \/>/);
    }
  });

  test('the preface of HTTP/2 may come in pieces', async () => {
    const { client } = await start(answer);
    const connection = client();
    for (const piece of ['P', 'RI * HTTP/2.0\r\n\r\n', 'SM\r\n\r\n\0\0\0\x04\0\0\0\0\0']) {
      connection.send(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    // A SETTINGS frame of the server.
    await connection.when(() => connection.size >= 9 && connection.text.charCodeAt(3) === 4, 'SETTINGS');
  });

  test('an upgrade behind another request waits for its turn', async () => {
    const waiting: InboundRequest[] = [];
    const { client } = await start((request) => {
      if (!request.isUpgrade) waiting.push(request);
      else request.acceptUpgrade(head(101)).write('raw');
    });
    const connection = client().send(get('/first') + handshake);
    await until(() => waiting.length === 1);
    for (const request of waiting) answer(request);
    const text = await connection.until('raw');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*<GET \/first>HTTP\/1\.1 101 [\s\S]*raw$/);
  });

  test('an upgraded connection carries any number of bytes both ways, at the pace of the slower side', async () => {
    const { client } = await start((request) => {
      const socket = request.acceptUpgrade(head(101));
      socket.pipe(socket);
    });
    const connection = client().send(handshake);
    await connection.until('\r\n\r\n');
    const before = connection.size;
    const size = 5_000_000;
    connection.send(Buffer.alloc(size, 'x'));
    await connection.when(() => connection.size - before === size, 'everything back');
  });

  test('an upgraded connection ends when the client leaves, and the other way round', async () => {
    const closed: string[] = [];
    const { client, listener } = await start((request) => {
      const socket = request.acceptUpgrade(head(101));
      socket.on('close', () => closed.push(request.target));
      socket.on('error', () => {});
      socket.on('data', () => socket.destroy());
      // Either side may go on after the other has ended its own.
      socket.on('end', () => socket.end());
    });
    const leaving = client().send(handshake);
    await leaving.until('101');
    leaving.destroy();
    await until(() => closed.length === 1);
    await client().send(`${handshake}bye`).closed();
    await until(() => closed.length === 2 && listener.connections === 0);
  });

  test('an upgrade cannot be accepted twice, nor with a head that would split', async () => {
    const errors: unknown[] = [];
    const { client } = await start((request) => {
      for (const value of ['1\r\nX: 2', '1', '1']) {
        try {
          request.acceptUpgrade(head(101, 'X-A', value));
        } catch (error) {
          errors.push(error);
        }
      }
    });
    expect(await client().send(handshake).until('\r\n\r\n')).toMatch(/\r\nX-A: 1\r\n/);
    expect(errors).toHaveLength(2);
  });

  test('a client that sends requests and reads no answer is not served on and on', async () => {
    const { client, requests } = await start((request) => void request.respond(head(200), Buffer.alloc(10_000, 'x')));
    const connection = client();
    connection.socket.pause();
    const flood = 3000;
    connection.send(get().repeat(flood));
    await standsStill(() => requests.length);
    expect(requests.length).toBeLessThan(flood);
    connection.socket.resume();
    await until(() => connection.size > flood * 10_000);
    expect(requests).toHaveLength(flood);
  });

  test('a fixed answer larger than every buffer arrives whole, and the outcome waits for it', async () => {
    const outcomes: ResponseOutcome[] = [];
    const size = 30_000_000;
    const { client } = await start((request) => {
      void request.respond(head(200), Buffer.alloc(size, 'x')).then((outcome) => outcomes.push(outcome));
    });
    const connection = client();
    connection.socket.pause();
    connection.send(get());
    await standsStill(() => outcomes.length);
    expect(outcomes).toEqual([]);
    connection.socket.resume();
    await until(() => connection.size > size);
    await until(() => outcomes.length === 1);
    expect(outcomes).toEqual([{ complete: true, bytesSent: size }]);
  });

  test('trailers that cannot be written are left out', async () => {
    const { client } = await start((request) => {
      const body = new ManualBody(null, (started) =>
        started.push('x').end(['X-A', '1', 'X-B', '1\r\nX-C: 2', 'X D', '1']),
      );
      void request.respond(head(200), body);
    });
    expect(await client().send(get()).until('\r\n\r\n', 2)).toMatch(/\r\n\r\n1\r\nx\r\n0\r\nX-A: 1\r\n\r\n$/);
  });

  test('Date says the time', async () => {
    const { client } = await start(answer);
    const text = await client().send(get()).until('>');
    const date = Date.parse(/\r\nDate: (.*)\r\n/.exec(text)?.[1] ?? '');
    expect(Math.abs(date - Date.now())).toBeLessThan(3000);
  });

  describe('with TLS', () => {
    const secure = async (handler: (request: InboundRequest) => void, idleTimeoutMs = 60_000) => {
      const { address, ...rest } = await start(handler, {
        tls: { ...certificate, requestClientCertificate: false, http2: true },
        limits: { idleTimeoutMs },
      });
      const open = (session?: Buffer): TLSSocket =>
        connectTls({
          port: address.port,
          host: '127.0.0.1',
          rejectUnauthorized: false,
          ...(session ? { session } : {}),
        });
      return { ...rest, address, open };
    };

    test('bodies stream both ways', async () => {
      const { client } = await secure(echo);
      const size = 5_000_000;
      const connection = client();
      connection.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`).send('x'.repeat(size));
      await connection.when(() => connection.size > size, 'the body');
      await connection.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi`).until('hi');
    });

    test('a client may resume its session', async () => {
      const { open } = await secure(answer);
      const first = open();
      const session = new Promise<Buffer>((resolve) => first.once('session', resolve));
      first.write(get());
      await new Promise((resolve) => first.once('data', resolve));
      const second = open(await session);
      await new Promise((resolve) => second.once('secureConnect', resolve));
      expect(second.isSessionReused()).toBe(true);
      first.destroy();
      second.destroy();
    });

    test('a client that stops reading for good is given up', async () => {
      const body = bodyOfSize(200_000_000, null);
      const { client } = await secure((request) => void request.respond(head(200), body), 200);
      const connection = client();
      connection.socket.pause();
      connection.send(get());
      await body.whenAborted();
      expect(body.sent).toBeLessThan(200_000_000);
    });
  });
});
