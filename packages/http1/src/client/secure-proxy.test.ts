import { once } from 'node:events';
import { connect, type Server } from 'node:net';
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { failureOf, ok, originOf, readBody, requestTo, selfSigned, sending } from '@lazuli/http/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttp1Upstream } from './http1-upstream.ts';

/** With an authority that is trusted: what is checked is accepted too, also behind a proxy that speaks TLS itself. */
describe('trusted certificates', () => {
  const { client } = sending(createHttp1Upstream);
  const before = getCACertificates('default');
  const servers: Server[] = [];
  const tunnels: string[] = [];
  let backend = 0;
  let proxy = 0;

  beforeAll(async () => {
    const certificate = await selfSigned('localhost');
    setDefaultCACertificates([...before, certificate.certificatePem]);
    const tls = { cert: certificate.certificatePem, key: certificate.privateKeyPem };
    backend = await listen(
      createServer(tls, (socket) => {
        socket.on('error', () => {});
        socket.on('data', () => socket.write(ok));
      }),
    );
    proxy = await listen(
      createServer(tls, (socket) => {
        socket.on('error', () => {});
        socket.once('data', (head: Buffer) => {
          tunnels.push(head.toString('latin1'));
          if (!head.toString('latin1').startsWith('CONNECT ')) {
            socket.write(ok);
            return;
          }
          const behind = connect(backend, '127.0.0.1');
          behind.on('error', () => socket.destroy());
          socket.once('close', () => behind.destroy());
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          socket.pipe(behind).pipe(socket);
        });
      }),
    );
  });

  afterAll(() => {
    setDefaultCACertificates(before);
    for (const server of servers) server.close();
  });

  test('chain and name are accepted; another name is not', async () => {
    const upstream = client();
    const origin = originOf(backend, { scheme: 'https', host: 'localhost' });
    expect(await readBody((await upstream.request(requestTo(0, { origin }))).body)).toMatchObject({ text: 'ok' });
    const other = originOf(backend, { scheme: 'https', host: '127.0.0.1' });
    expect((await failureOf(upstream.request(requestTo(0, { origin: other })))).failure).toBe('tls');
  });

  test('a tunnel through a proxy with TLS carries TLS', async () => {
    const proxied = { url: `https://localhost:${proxy}`, username: 'u', password: 'p' };
    const upstream = client();
    const origin = originOf(backend, { scheme: 'https', host: 'localhost', proxy: proxied });
    for (let i = 0; i < 2; i++)
      expect(await readBody((await upstream.request(requestTo(0, { origin }))).body)).toMatchObject({ text: 'ok' });
    expect(tunnels).toHaveLength(1);
    expect(tunnels[0]).toMatch(/^CONNECT localhost:\d+ HTTP\/1\.1\r\n[\s\S]*Proxy-Authorization: Basic dTpw\r\n/);
  });

  test('such a proxy gets plain requests in absolute form', async () => {
    tunnels.length = 0;
    const proxied = { url: `https://localhost:${proxy}`, username: null, password: null };
    const origin = originOf(80, { host: 'backend.invalid', proxy: proxied });
    expect((await client().request(requestTo(0, { origin, target: '/x' }))).status).toBe(200);
    expect(tunnels[0]).toMatch(/^GET http:\/\/backend\.invalid:80\/x HTTP\/1\.1\r\n/);
  });

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }
});
