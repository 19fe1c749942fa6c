import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bodyOfSize, ManualBody } from './bodies.ts';
import { selfSigned, type TestCertificate } from './certificates.ts';
import { answer, echo, head, type Listening, listening, type MakeListener } from './listening.ts';
import { until } from './waiting.ts';
import { WireClient } from './wire.ts';

/** HTTP/2 over TLS (ALPN) and in the clear (prior knowledge) on the same port as HTTP/1.1. */
export function describeHttp2(make: MakeListener): void {
  describe('HTTP/2', () => {
    const start = listening(make);
    const sessions: ClientHttp2Session[] = [];
    let certificate: TestCertificate;
    beforeAll(async () => {
      certificate = await selfSigned('localhost');
    });
    afterEach(() => {
      for (const session of sessions.splice(0)) session.destroy();
    });
    const open = ({ address }: Listening): ClientHttp2Session => {
      const session = connect(`${address.secure ? 'https' : 'http'}://127.0.0.1:${address.port}`, {
        rejectUnauthorized: false,
      });
      session.on('error', () => {});
      sessions.push(session);
      return session;
    };

    test('both versions share a plain port', async () => {
      const server = await start(answer);
      const reply = await exchange(open(server).request({ ':path': '/h2?a=b' }));
      expect(reply).toMatchObject({ status: 200, text: '<GET /h2?a=b>' });
      await server.client().send('GET /h1 HTTP/1.1\r\nHost: a\r\n\r\n').until('<GET /h1>');
      expect(server.requests.map((request) => request.httpVersion)).toEqual(['2.0', '1.1']);
    });

    test('both versions share a TLS port, and HTTP/2 brings client certificates, too', async () => {
      const server = await start(answer, { tls: { ...certificate, requestClientCertificate: true, http2: true } });
      const session = connect(`https://127.0.0.1:${server.address.port}`, {
        rejectUnauthorized: false,
        cert: certificate.certificatePem,
        key: certificate.privateKeyPem,
      });
      sessions.push(session);
      expect(await exchange(session.request({ ':path': '/h2' }))).toMatchObject({ text: '<GET /h2>' });
      await server.client().send('GET /h1 HTTP/1.1\r\nHost: a\r\n\r\n').until('<GET /h1>');
      expect(server.requests[0]).toMatchObject({ scheme: 'https', httpVersion: '2.0' });
      expect(server.requests[0]?.clientCertificate()?.length).toBeGreaterThan(100);
    });

    test('a request and a broken frame in one packet end that connection and nothing else', async () => {
      const server = await start(answer);
      // Preface, SETTINGS, a GET of literal and indexed fields on stream 1, and DATA on the stream that it has closed.
      const packet =
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0' +
        '\0\0\x06\x01\x05\0\0\0\x01\x82\x86\x84\x01\x01a\0\0\x01\0\x01\0\0\0\x01x';
      await server.client().send(packet).closed();
      expect(await exchange(open(server).request({ ':path': '/after' }))).toMatchObject({ status: 200 });
    });

    test.each(['plain', 'TLS'])('a client that ends its side ends the connection (%s)', async (kind) => {
      const tls = { ...certificate, requestClientCertificate: false, http2: true };
      const server = await start(answer, kind === 'TLS' ? { tls } : {});
      const client = kind === 'TLS' ? WireClient.connectTls(server.address.port, 'h2') : server.client();
      client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0');
      await client.when(() => client.size > 9, 'SETTINGS');
      client.socket.end();
      await client.closed();
      await until(() => server.listener.connections === 0);
    });

    test('a client that says goodbye and then breaks the rules is let go of after the idle time', async () => {
      const server = await start(answer, { limits: { idleTimeoutMs: 200 } });
      // Preface, SETTINGS, a GET, GOAWAY without an error, and the head of a frame of 5 MiB.
      const client = server
        .client()
        .send(
          'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0' +
            '\0\0\x06\x01\x05\0\0\0\x01\x82\x86\x84\x01\x01a\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\0' +
            'TTP/2.0\r\n',
        );
      await client.closed();
      await until(() => server.listener.connections === 0);
    });

    test('without http2 a TLS listener does not offer it', async () => {
      const server = await start(answer, { tls: { ...certificate, requestClientCertificate: false, http2: false } });
      const session = open(server);
      await new Promise((resolve) => session.once('close', resolve));
      expect(server.requests).toHaveLength(0);
    });

    test('the request reads as one of HTTP/1.1: Host, one Cookie, no pseudo-headers', async () => {
      const server = await start(answer);
      const request = open(server).request(
        [
          ':method',
          'GET',
          ':path',
          '/',
          ':scheme',
          'http',
          ':authority',
          'a:1',
          'x-a',
          '1',
          'cookie',
          'a=1',
          'cookie',
          'b=2',
          'x-a',
          '2',
        ],
        {},
      );
      await exchange(request);
      expect(server.requests[0]).toMatchObject({ authority: 'a:1', target: '/', isUpgrade: false, body: null });
      expect(server.requests[0]?.headers.flat).toEqual(['host', 'a:1', 'x-a', '1', 'x-a', '2', 'cookie', 'a=1; b=2']);
    });

    test('bodies and trailers go through', async () => {
      const server = await start(echo);
      const request = open(server).request({ ':method': 'POST', ':path': '/' }, { waitForTrailers: true });
      request.on('wantTrailers', () => request.sendTrailers({ 'x-sum': '42' }));
      request.write('hello ');
      request.end('world');
      expect(await exchange(request)).toMatchObject({ status: 200, text: 'hello world', trailers: { 'x-sum': '42' } });
    });

    test('a response without a body ends with its head; hop-by-hop headers cannot slip in', async () => {
      const server = await start((request) => {
        void request.respond(head(204, 'X-A', '1', 'Connection', 'close', 'Keep-Alive', '1', 'Upgrade', 'x'), null);
      });
      const reply = await exchange(open(server).request({ ':path': '/' }));
      expect(reply.status).toBe(204);
      expect(Object.keys(reply.headers).sort()).toEqual([':status', 'date', 'x-a']);
    });

    test('repeated headers stay repeated', async () => {
      const server = await start((request) => {
        void request.respond(head(200, 'Set-Cookie', 'a=1', 'X-A', '1', 'Set-Cookie', 'b=2', 'x-a', '2'), null);
      });
      const { headers } = await exchange(open(server).request({ ':path': '/' }));
      expect(headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-a': '1, 2' });
    });

    test('an invalid response head is a 500', async () => {
      const server = await start((request) => void request.respond(head(200, 'X-A', '1\r\nX-B: 2'), null));
      const reply = await exchange(open(server).request({ ':path': '/' }));
      expect(reply).toMatchObject({ status: 500, text: '{ "statusCode": 500, "message": "Internal server error" }' });
    });

    test('a client that resets the stream aborts the source and cancels', async () => {
      const body = new ManualBody(null);
      const server = await start((request) => void request.respond(head(200), body));
      const request = open(server).request({ ':path': '/' });
      request.on('error', () => {});
      await new Promise((resolve) => request.once('response', resolve));
      const aborted = new Promise((resolve) =>
        server.requests[0]?.cancellation.signal.addEventListener('abort', resolve),
      );
      request.close(constants.NGHTTP2_CANCEL);
      await Promise.all([aborted, body.whenAborted()]);
    });

    test('a source that breaks resets the stream', async () => {
      const body = new ManualBody(null);
      const server = await start((request) => void request.respond(head(200), body));
      const request = open(server).request({ ':path': '/' });
      const failed = new Promise((resolve) => request.once('error', resolve));
      await new Promise((resolve) => request.once('response', resolve));
      body.sink?.error(new Error('backend gone'));
      await failed;
      expect(request.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    });

    test('a stream that is not read stops its source', async () => {
      const body = bodyOfSize(200_000_000, null);
      const server = await start((request) => void request.respond(head(200), body));
      const request = open(server).request({ ':path': '/' });
      await new Promise((resolve) => request.once('response', resolve));
      await until(() => body.isPaused);
      for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve));
      expect(body.sent).toBeLessThan(20_000_000);
      let received = 0;
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      await new Promise((resolve) => request.once('end', resolve));
      expect(received).toBe(200_000_000);
    });

    test('an early answer ends a stream whose body is still coming', async () => {
      const server = await start((request) => void request.respond(head(401), Buffer.from('no')));
      const request = open(server).request({ ':method': 'POST', ':path': '/' });
      request.on('error', () => {});
      request.write('x'.repeat(1000));
      expect(await exchange(request)).toMatchObject({ status: 401, text: 'no' });
      await new Promise<void>((resolve) => (request.closed ? resolve() : request.once('close', resolve)));
    });

    test('100-continue is sent when the body is read', async () => {
      const server = await start(echo);
      const request = open(server).request({ ':method': 'POST', ':path': '/', expect: '100-continue' });
      await new Promise((resolve) => request.once('continue', resolve));
      request.end('hi');
      expect(await exchange(request)).toMatchObject({ status: 200, text: 'hi' });
    });

    for (const [what, headers, status] of [
      ['an :authority that differs from Host', { ':authority': 'a', host: 'b' }, 400],
      ['an invalid :authority', { ':authority': 'a:b' }, 400],
      ['a fragment', { ':path': '/a#b' }, 400],
      ['TRACE', { ':method': 'TRACE' }, 501],
      ['an expectation nobody knows', { expect: 'cookies' }, 417],
      ['a URL that is too long', { ':path': `/${'a'.repeat(600)}` }, 414],
      ['header fields that are too large', { 'x-a': 'a'.repeat(2100) }, 431],
      ['too many header fields', Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`x-${i}`, '1'])), 431],
    ] as const) {
      test(`refuses ${what} with ${status}`, async () => {
        const server = await start(answer, { limits: { urlBytes: 512, headerBytes: 2048, headerCount: 20 } });
        const reply = await exchange(open(server).request({ ':path': '/', ...headers }));
        expect(reply.status).toBe(status);
        expect(JSON.parse(reply.text)).toMatchObject({ statusCode: status });
        expect(server.refusals).toMatchObject([{ status }]);
        expect(server.requests).toHaveLength(0);
      });
    }

    test('a body that does not arrive in time is 408', async () => {
      const server = await start(() => {}, { limits: { requestTimeoutMs: 100, headTimeoutMs: 100 } });
      const request = open(server).request({ ':method': 'POST', ':path': '/' });
      request.on('error', () => {});
      request.write('x');
      expect((await exchange(request)).status).toBe(408);
    });

    test('a session without a stream is closed', async () => {
      const server = await start(answer, { limits: { idleTimeoutMs: 100 } });
      const session = open(server);
      await exchange(session.request({ ':path': '/' }));
      await new Promise((resolve) => session.once('close', resolve));
    });

    test('drain lets running streams finish', async () => {
      const server = await start(() => {});
      const session = open(server);
      const request = session.request({ ':path': '/' });
      await until(() => server.requests.length === 1);
      const drained = server.listener.drain(10_000);
      await new Promise((resolve) => session.once('goaway', resolve));
      const [running] = server.requests;
      if (running) answer(running);
      expect(await exchange(request)).toMatchObject({ status: 200 });
      await drained;
    });
  });
}

interface Reply {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  readonly trailers: Record<string, unknown>;
}

function exchange(request: ClientHttp2Stream): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let headers: Record<string, unknown> = {};
    let trailers: Record<string, unknown> = {};
    let text = '';
    request.on('response', (received) => {
      headers = { ...received };
    });
    request.on('trailers', (received) => {
      trailers = { ...received };
    });
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => resolve({ status: Number(headers[':status']), headers, text, trailers }));
    request.on('error', reject);
  });
}
