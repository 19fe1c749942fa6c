import { X509Certificate } from 'node:crypto';
import { connect as connectTls } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultListenerLimits } from '../limits.ts';
import type { InboundRequest, ResponseOutcome } from '../listener.ts';
import { ManualBody } from './bodies.ts';
import { selfSigned, type TestCertificate } from './certificates.ts';
import { answer, head, listening, type MakeListener } from './listening.ts';
import { until } from './waiting.ts';
import { WireClient } from './wire.ts';

const get = (target = '/') => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
const handshake = `GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

/** Clients that leave, upgrades, TLS, drain. */
export function describeConnections(make: MakeListener): void {
  describe('connections', () => {
    const start = listening(make);
    let server: TestCertificate;
    let other: TestCertificate;
    beforeAll(async () => {
      server = await selfSigned('localhost');
      other = await selfSigned('client');
    });

    test('a client that leaves before the response cancels', async () => {
      const { client, requests } = await start(() => {});
      const connection = client().send(get());
      await until(() => requests.length === 1);
      const aborted = abortion(requests[0]);
      connection.destroy();
      await aborted;
      expect(await requests[0]?.respond(head(200), null)).toEqual({ complete: false, bytesSent: 0 });
    });

    test('a client that leaves inside of the response aborts the source', async () => {
      const body = new ManualBody(null);
      const outcomes: ResponseOutcome[] = [];
      const { client, requests } = await start((request) => {
        void request.respond(head(200), body).then((outcome) => outcomes.push(outcome));
      });
      const connection = client().send(get());
      await connection.until('\r\n\r\n');
      const aborted = abortion(requests[0]);
      connection.destroy();
      await Promise.all([aborted, body.whenAborted()]);
      await until(() => outcomes.length === 1);
      expect(outcomes).toEqual([{ complete: false, bytesSent: 0 }]);
    });

    test('a response that nobody can take any more lets go of its body', async () => {
      const { client, requests } = await start(() => {});
      const connection = client().send(get());
      await until(() => requests.length === 1);
      const aborted = abortion(requests[0]);
      connection.destroy();
      await aborted;
      const body = new ManualBody(null);
      await requests[0]?.respond(head(200), body);
      expect(body.aborted).not.toBeNull();
    });

    test('a complete exchange does not cancel', async () => {
      const { client, requests } = await start((request) => {
        request.cancellation.signal.addEventListener('abort', () => {
          aborted = true;
        });
        answer(request);
      });
      let aborted = false;
      const connection = client().send(get());
      await connection.until('>');
      await connection.send(get('/2')).until('<GET /2>');
      connection.destroy();
      await until(() => requests.length === 2);
      expect(aborted).toBe(false);
    });

    test('an upgrade gives the raw connection over', async () => {
      const { client, requests } = await start((request) => {
        const socket = request.acceptUpgrade({
          ...head(101, 'Sec-WebSocket-Accept', 'x', 'Connection', 'close'),
          reason: 'Go',
        });
        socket.on('data', (chunk: Buffer) => socket.write(`<${chunk.toString()}>`));
      });
      const connection = client().send(`${handshake}early`);
      const text = await connection.until('<early>');
      expect(text).toMatch(
        /^HTTP\/1\.1 101 Go\r\nSec-WebSocket-Accept: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n/,
      );
      expect(text).not.toMatch(/Content-Length|Transfer-Encoding|close/);
      await connection.send(get()).until(`<${get()}>`);
      expect(requests).toHaveLength(1);
      expect(requests[0]).toMatchObject({ isUpgrade: true, target: '/chat', body: null });
    });

    test('a refused upgrade gets an ordinary response and the connection is closed', async () => {
      const { client } = await start((request) => void request.respond(head(401), Buffer.from('no')));
      const text = await client()
        .send(`${handshake}${get('/smuggled')}`)
        .closed();
      expect(text).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n[\s\S]*\r\n\r\nno$/);
    });

    test('an upgrade has the same rules as every request', async () => {
      const { client, requests } = await start(answer);
      const text = await client().send(handshake.replace('Host: a', 'Host: a\r\nHost: b')).closed();
      expect(text).toMatch(/^HTTP\/1\.1 400 /);
      expect(requests).toHaveLength(0);
    });

    for (const [what, change] of [
      ['a body', (text: string) => text.replace('Host', 'Content-Length: 2\r\nHost')],
      ['POST', (text: string) => text.replace('GET', 'POST')],
      ['HTTP/1.0', (text: string) => text.replace('HTTP/1.1', 'HTTP/1.0')],
    ] as const) {
      test(`an upgrade with ${what} is a plain request`, async () => {
        const { client, requests } = await start(answer);
        await client().send(change(handshake)).until('>');
        expect(requests[0]?.isUpgrade).toBe(false);
      });
    }

    test('TLS: certificates of clients arrive, trusted or not', async () => {
      const { address, requests } = await start(answer, {
        tls: { ...server, requestClientCertificate: true, http2: true },
      });
      expect(address.secure).toBe(true);
      for (const certificate of [other, null]) {
        const socket = connectTls({
          port: address.port,
          host: '127.0.0.1',
          rejectUnauthorized: false,
          ...(certificate ? { cert: certificate.certificatePem, key: certificate.privateKeyPem } : {}),
        });
        socket.write(get());
        await new Promise((resolve) => socket.once('data', resolve));
        socket.destroy();
      }
      expect(requests.map((request) => request.scheme)).toEqual(['https', 'https']);
      const [with_, without] = requests.map((request) => request.clientCertificate());
      expect(Buffer.from(with_ ?? [])).toEqual(new X509Certificate(other.certificatePem).raw);
      expect(without).toBeNull();
    });

    test('TLS: a client that speaks HTTP in the clear is dropped', async () => {
      const { address, requests, listener } = await start(answer, {
        tls: { ...server, requestClientCertificate: false, http2: true },
      });
      expect(await WireClient.connect(address.port).send(get()).closed()).not.toContain('200');
      expect(requests).toHaveLength(0);
      await until(() => listener.connections === 0);
    });

    test('a plain request has no certificate', async () => {
      const { client, requests } = await start(answer);
      await client().send(get()).until('>');
      expect(requests[0]?.clientCertificate()).toBeNull();
    });

    test('drain lets running requests finish and closes idle connections at once', async () => {
      const running: InboundRequest[] = [];
      const { client, listener } = await start((request) => {
        if (request.target === '/slow') running.push(request);
        else answer(request);
      });
      const idle = client();
      await idle.send(get()).until('>');
      const busy = client().send(get('/slow'));
      await until(() => running.length === 1);
      const drained = listener.drain(10_000);
      await idle.closed();
      for (const request of running) answer(request);
      const text = await busy.closed();
      expect(text).toContain('<GET /slow>');
      expect(text).toMatch(/Connection: close/i);
      await drained;
      expect(listener.connections).toBe(0);
    });

    test('drain closes what is left after the grace', async () => {
      const { client, listener, requests } = await start(() => {});
      const connection = client().send(get());
      await until(() => requests.length === 1);
      await listener.drain(50);
      expect(await connection.closed()).toBe('');
    });

    test('an address in use is named', async () => {
      const { address } = await start(answer);
      const second = make({
        host: '127.0.0.1',
        port: address.port,
        tls: null,
        limits: defaultListenerLimits,
        handler: answer,
        onRefused() {},
      });
      await expect(second.listen()).rejects.toThrow(`127.0.0.1:${address.port}`);
    });
  });
}

function abortion(request: InboundRequest | undefined): Promise<void> {
  return new Promise((resolve) => {
    request?.cancellation.signal.addEventListener('abort', () => resolve());
  });
}
