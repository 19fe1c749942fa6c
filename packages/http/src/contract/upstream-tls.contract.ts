import { createServer, type Server } from 'node:https';
import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UpstreamOrigin } from '../upstream.ts';
import { readBody } from './bodies.ts';
import { selfSigned, type TestCertificate } from './certificates.ts';
import { failureOf, type MakeUpstream, originOf, requestTo, sending } from './sending.ts';

/** TLS to backends: what is checked, what is shown, tunnels. */
export function describeUpstreamTls(make: MakeUpstream): void {
  describe('TLS', () => {
    const { client } = sending(make);
    let server: Server;
    let own: TestCertificate;
    const sockets = new Set<Socket>();
    const seen: { name: string | false | null; subject: string | undefined; protocol: string | false | null }[] = [];

    beforeAll(async () => {
      const certificate = await selfSigned('backend.test');
      own = await selfSigned('gateway');
      server = createServer(
        {
          cert: certificate.certificatePem,
          key: certificate.privateKeyPem,
          requestCert: true,
          rejectUnauthorized: false,
        },
        (request, response) => {
          const { socket } = request;
          if (socket instanceof TLSSocket) {
            seen.push({
              name: Reflect.get(socket, 'servername'),
              subject: socket.getPeerX509Certificate()?.subject,
              protocol: socket.alpnProtocol,
            });
          }
          response.end('secret');
        },
      );
      server.on('connection', (socket: Socket) => sockets.add(socket));
      server.on('tlsClientError', () => {});
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const port = () => {
      const address = server.address();
      return address !== null && typeof address === 'object' ? address.port : 0;
    };
    const secure = (change: Partial<UpstreamOrigin>) =>
      requestTo(port(), { origin: originOf(port(), { scheme: 'https', ...change }) });

    test('a chain that nobody trusts is refused', async () => {
      const failure = await failureOf(client().request(secure({})));
      expect(failure.failure).toBe('tls');
      expect(failure.message).toMatch(/self-signed/);
    });

    test('without the check of the chain the name is still checked', async () => {
      const failure = await failureOf(client().request(secure({ validateCertificateChain: false })));
      expect(failure.failure).toBe('tls');
      expect(failure.message).toMatch(/127\.0\.0\.1/);
    });

    test('without the check of the name the chain is still checked', async () => {
      const failure = await failureOf(client().request(secure({ validateCertificateName: false })));
      expect(failure.failure).toBe('tls');
    });

    test('without both checks it works, over and over', async () => {
      const upstream = client({ idleTimeoutMs: 1 });
      for (let i = 0; i < 3; i++) {
        const request = secure({ validateCertificateChain: false, validateCertificateName: false });
        expect(await readBody((await upstream.request(request)).body)).toMatchObject({ text: 'secret' });
      }
    });

    test('switches and certificates of one origin do not leak into another', async () => {
      const upstream = client();
      const lenient = secure({ validateCertificateChain: false, validateCertificateName: false });
      expect((await upstream.request(lenient)).status).toBe(200);
      expect((await failureOf(upstream.request(secure({})))).failure).toBe('tls');
      seen.length = 0;
      const certified = secure({ validateCertificateChain: false, validateCertificateName: false, certificate: own });
      await readBody((await upstream.request(certified)).body);
      await readBody((await upstream.request(lenient)).body);
      expect(seen.map(({ subject }) => subject)).toEqual(['CN=gateway', undefined]);
    });

    test('the host name is shown to the server, an address is not; HTTP/1.1 is offered', async () => {
      seen.length = 0;
      const change = { validateCertificateChain: false, validateCertificateName: false };
      await readBody((await client().request(secure({ ...change, host: 'localhost' }))).body);
      await readBody((await client().request(secure(change))).body);
      expect(seen).toMatchObject([
        { name: 'localhost', protocol: 'http/1.1' },
        { name: false, protocol: 'http/1.1' },
      ]);
    });

    test('a backend without TLS is a failure of TLS', async () => {
      const plain = createTcpServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
      const address = plain.address();
      const at = address !== null && typeof address === 'object' ? address.port : 0;
      const request = requestTo(at, { origin: originOf(at, { scheme: 'https' }) });
      expect((await failureOf(client().request(request))).failure).toBe('tls');
      plain.close();
    });

    test('HTTP/2 that the backend does not speak is a failure; 2or1 falls back', async () => {
      const change = { validateCertificateChain: false, validateCertificateName: false };
      const strict = await failureOf(client().request({ ...secure(change), httpVersion: '2' }));
      expect(strict.failure).toMatch(/^(protocol|tls)$/);
      const fallback = await client().request({ ...secure(change), httpVersion: '2or1' });
      expect(fallback.httpVersion).toBe('1.1');
      expect(await readBody(fallback.body)).toMatchObject({ text: 'secret' });
    });

    test('a proxy tunnels TLS, with credentials that the backend never sees', async () => {
      let head = '';
      const proxy = createTcpServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', (chunk: Buffer) => {
          head = chunk.toString();
          const backend = connectTcp(port(), '127.0.0.1');
          backend.on('error', () => {});
          socket.write('HTTP/1.1 200 Connection established\r\nX-A: 1\r\n\r\n');
          socket.pipe(backend).pipe(socket);
        });
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      const address = proxy.address();
      const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
      const request = secure({
        host: 'backend.test',
        validateCertificateChain: false,
        proxy: { url, username: 'u', password: 'p' },
      });
      const upstream = client();
      expect(await readBody((await upstream.request(request)).body)).toMatchObject({ text: 'secret' });
      expect(head).toMatch(/^CONNECT backend\.test:\d+ HTTP\/1\.1\r\n/);
      expect(head).toContain(`\r\nProxy-Authorization: Basic ${Buffer.from('u:p').toString('base64')}\r\n`);
      await upstream.close();
      proxy.close();
    });
  });
}
