import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { cancellationOf, HeaderList } from '@lazuli/policies';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { UpstreamRequest } from '../upstream.ts';
import { ManualBody, readBody } from './bodies.ts';
import { selfSigned, type TestCertificate } from './certificates.ts';
import { failureOf, type MakeUpstream, originOf, requestTo, sending } from './sending.ts';
import { until } from './waiting.ts';

/** HTTP/2 to backends: over TLS by ALPN, in the clear by prior knowledge. */
export function describeUpstreamHttp2(make: MakeUpstream): void {
  describe('HTTP/2', () => {
    const { client } = sending(make);
    const servers: Http2Server[] = [];
    const sessions: ServerHttp2Session[] = [];
    let certificate: TestCertificate;
    beforeAll(async () => {
      certificate = await selfSigned('localhost');
    });
    afterEach(() => {
      for (const session of sessions.splice(0)) session.destroy();
      for (const server of servers.splice(0)) server.close();
    });
    const start = async (
      secure: boolean,
      handle: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
    ): Promise<UpstreamRequest> => {
      const server = secure
        ? createSecureServer({ cert: certificate.certificatePem, key: certificate.privateKeyPem })
        : createServer();
      servers.push(server);
      server.on('session', (session) => sessions.push(session));
      server.on('stream', (stream, headers) => {
        stream.on('error', () => {});
        handle(stream, headers);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      const origin = originOf(port, {
        scheme: secure ? 'https' : 'http',
        validateCertificateChain: false,
        validateCertificateName: false,
      });
      return requestTo(port, { origin, httpVersion: '2' });
    };

    for (const secure of [true, false]) {
      test(`${secure ? 'with TLS' : 'in the clear'}: request and response, many at a time on one connection`, async () => {
        const request = await start(secure, (stream, headers) => {
          stream.respond({ ':status': 200, 'x-a': ['1', '2'], 'set-cookie': ['a', 'b'] });
          stream.end(`${headers[':method']} ${headers[':path']} ${headers[':authority']}`);
        });
        const upstream = client();
        const replies = await Promise.all([1, 2, 3].map((i) => upstream.request({ ...request, target: `/${i}?a` })));
        const texts = await Promise.all(replies.map(async ({ body }) => (await readBody(body)).text));
        expect(texts).toEqual(['GET /1?a backend', 'GET /2?a backend', 'GET /3?a backend']);
        expect(replies[0]).toMatchObject({ status: 200, httpVersion: '2.0' });
        expect(replies[0]?.headers.getAll('set-cookie')).toEqual(['a', 'b']);
        expect(replies[0]?.headers.flat.some((name) => name.startsWith(':'))).toBe(false);
        expect(sessions).toHaveLength(1);
      });
    }

    test('2or1 chooses HTTP/2 when the backend speaks it', async () => {
      const request = await start(true, (stream) => {
        stream.respond({ ':status': 204 }, { endStream: true });
      });
      const response = await client().request({ ...request, httpVersion: '2or1' });
      expect(response).toMatchObject({ status: 204, httpVersion: '2.0', body: null });
    });

    test('bodies stream, and trailers of the response arrive', async () => {
      const request = await start(false, (stream) => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.pipe(stream);
      });
      const body = new ManualBody(null);
      const headers = new HeaderList(['Host', 'a', 'TE', 'trailers', 'Content-Type', 'application/grpc']);
      const pending = client().request({ ...request, method: 'POST', body, headers });
      await until(() => body.sink !== null);
      body.push('hello ');
      const response = await pending;
      const read = readBody(response.body);
      body.push('world').end();
      expect(await read).toEqual({ text: 'hello world', trailers: ['grpc-status', '0'] });
    });

    test('a caller that leaves resets its stream, and the connection goes on', async () => {
      const resets: number[] = [];
      const request = await start(false, (stream, headers) => {
        stream.on('close', () => resets.push(stream.rstCode));
        if (headers[':path'] === '/next') stream.respond({ ':status': 204 }, { endStream: true });
      });
      const upstream = client({ connectionsPerOrigin: 1 });
      const caller = new AbortController();
      const failure = failureOf(upstream.request({ ...request, cancellation: cancellationOf(caller.signal) }));
      await until(() => sessions.length === 1 && (sessions[0]?.state.nextStreamID ?? 0) >= 0);
      await new Promise((resolve) => servers[0]?.once('stream', resolve));
      caller.abort();
      expect((await failure).failure).toBe('aborted');
      await until(() => resets.length === 1);
      expect((await upstream.request({ ...request, target: '/next' })).status).toBe(204);
    });

    test('a stream that the backend resets is a failure', async () => {
      const request = await start(false, (stream) => stream.close(2));
      expect((await failureOf(client().request(request))).failure).toMatch(/^(reset|protocol)$/);
    });

    test('no answer in time is a timeout', async () => {
      const request = await start(false, () => {});
      expect((await failureOf(client().request({ ...request, timeoutMs: 50 }))).failure).toBe('timeout');
    });
  });
}
