import { createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defaultListenerLimits } from '../limits.ts';
import type { HttpListener, ListenerLimits } from '../listener.ts';
import { selfSigned, type TestCertificate } from './certificates.ts';
import { answer, type MakeListener } from './listening.ts';
import { until } from './waiting.ts';
import { WireClient } from './wire.ts';

/** Connections that somebody else accepted, by a listener that has no port. */
export function describeAccepting(make: MakeListener): void {
  describe('connections that somebody else accepted', () => {
    let certificate: TestCertificate;
    beforeAll(async () => {
      certificate = await selfSigned('localhost');
    });
    const closing: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const close of closing.splice(0)) await close();
    });

    /** Looks at the first byte of what comes before it hands it on. */
    async function start(secure: boolean, limits: Partial<ListenerLimits> = {}) {
      const listener = make({
        host: '127.0.0.1',
        port: 0,
        tls: secure ? { ...certificate, requestClientCertificate: false, http2: false } : null,
        limits: { ...defaultListenerLimits, ...limits },
        handler: answer,
        onRefused: () => {},
      });
      const server = createServer((socket) => {
        socket.on('error', () => {});
        if (secure) shakeHands(socket, certificate, (secured) => handOver(secured, listener));
        else handOver(socket, listener);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no port');
      const clients: WireClient[] = [];
      closing.push(async () => {
        for (const client of clients) client.destroy();
        await new Promise((resolve) => server.close(resolve));
        await listener.drain(0);
      });
      const client = () => {
        const made = secure ? WireClient.connectTls(address.port) : WireClient.connect(address.port);
        clients.push(made);
        return made;
      };
      return { listener, client };
    }

    test.each([false, true])('are served, request after request (TLS: %s)', async (secure) => {
      const { listener, client } = await start(secure);
      const connection = client().send('GET /1 HTTP/1.1\r\nHost: a\r\n\r\n');
      await connection.until('<GET /1>');
      await connection.send('GET /2 HTTP/1.1\r\nHost: a\r\n\r\n').until('<GET /2>');
      expect(listener.connections).toBe(1);
      connection.destroy();
      await until(() => listener.connections === 0);
    });

    test.each([false, true])('are closed where the head does not come in time (TLS: %s)', async (secure) => {
      const { listener, client } = await start(secure, { headTimeoutMs: 100 });
      client().send('GET / HTTP/1.1\r\nHost:');
      await until(() => listener.connections === 1);
      await until(() => listener.connections === 0);
    });

    test('are closed when it drains', async () => {
      const { listener, client } = await start(false);
      await client().send('GET /1 HTTP/1.1\r\nHost: a\r\n\r\n').until('<GET /1>');
      client().send('GET / HTTP/1.1\r\nHost:');
      await until(() => listener.connections === 2);
      await listener.drain(20);
      expect(listener.connections).toBe(0);
    });
  });
}

function handOver(socket: Socket, listener: HttpListener): void {
  socket.once('readable', () => {
    const bytes: Buffer | null = socket.read();
    if (bytes === null) return;
    socket.unshift(bytes);
    listener.accept(socket);
  });
}

function shakeHands(socket: Socket, certificate: TestCertificate, done: (secured: TLSSocket) => void): void {
  const secureContext = createSecureContext({ cert: certificate.certificatePem, key: certificate.privateKeyPem });
  const secured = new TLSSocket(socket, { isServer: true, secureContext });
  secured.on('error', () => {});
  secured.once('secure', () => done(secured));
}
