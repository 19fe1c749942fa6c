import { HeaderList } from '@lazuli/policies';
import { describe, expect, test } from 'vitest';
import { readBody } from './bodies.ts';
import { failureOf, type MakeUpstream, ok, requestTo, sending } from './sending.ts';

/** Heads of requests and responses. */
export function describeUpstreamMessages(make: MakeUpstream): void {
  describe('messages', () => {
    const { client, answering, scripted } = sending(make);

    test('the request arrives as it was given, on a connection that is kept', async () => {
      const server = await answering(ok);
      const upstream = client();
      const headers = new HeaderList(['Host', 'Back.End:1', 'X-b', '1', 'x-A', '2', 'X-B', '\xfc']);
      for (let i = 0; i < 2; i++) {
        const response = await upstream.request(requestTo(server.port, { target: '/a%2F/../b?c=%20', headers }));
        expect(await readBody(response.body)).toEqual({ text: 'ok', trailers: [] });
        // The connection may be free again only a turn of the event loop later.
        await turn();
        await turn();
      }
      expect(server.connections).toHaveLength(1);
      const [head] = server.connections[0]?.text.split('\r\n\r\n') ?? [];
      expect(head).toMatch(/^GET \/a%2F\/\.\.\/b\?c=%20 HTTP\/1\.1\r\n/);
      expect(head?.match(/^host: .*$/gim)).toEqual([expect.stringMatching(/^host: Back\.End:1$/i)]);
      expect(head?.match(/^x-.*$/gim)).toEqual(['X-b: 1', 'x-A: 2', 'X-B: \xfc']);
      expect(head).not.toMatch(/content-length|transfer-encoding|expect/i);
    });

    test('the response arrives as it was sent', async () => {
      const server = await answering(
        'HTTP/1.1 299 Quite Fine\r\nX-b: 1\r\nSet-Cookie: a\r\nx-B: \xfc\r\nset-cookie: b\r\nContent-Length: 0\r\n\r\n',
      );
      const response = await client().request(requestTo(server.port));
      expect(response).toMatchObject({ status: 299, reason: 'Quite Fine', httpVersion: '1.1', body: null });
      expect(response.headers.flat).toEqual([
        'X-b',
        '1',
        'Set-Cookie',
        'a',
        'x-B',
        '\xfc',
        'set-cookie',
        'b',
        'Content-Length',
        '0',
      ]);
    });

    test('framing and connection headers of the caller are not sent', async () => {
      const server = await answering(ok);
      const headers = new HeaderList([
        'Host',
        'a',
        'Content-Length',
        '99',
        'Transfer-Encoding',
        'gzip',
        'Connection',
        'X-A',
        'Keep-Alive',
        '1',
        'Upgrade',
        'x',
        'Expect',
        '100-continue',
        'Proxy-Connection',
        'y',
        'X-A',
        '1',
      ]);
      await client().request(requestTo(server.port, { method: 'POST', headers, body: Buffer.from('abc') }));
      const { text } = server.connections[0] ?? { text: '' };
      expect(text).not.toMatch(/99|gzip|upgrade|expect|proxy-connection|connection: X-A/i);
      expect(text.match(/content-length: .*/gi)).toEqual([expect.stringMatching(/: 3$/)]);
      expect(text).toMatch(/\r\nX-A: 1\r\n[\s\S]*\r\n\r\nabc$/);
    });

    for (const [what, change] of [
      ['CR LF in a value', { headers: new HeaderList(['Host', 'a', 'X-A', '1\r\nX-Injected: 1']) }],
      ['LF in a value', { headers: new HeaderList(['Host', 'a', 'X-A', '1\nX-Injected: 1']) }],
      ['a name with a space', { headers: new HeaderList(['Host', 'a', 'X A', '1']) }],
      ['a value beyond Latin-1', { headers: new HeaderList(['Host', 'a', 'X-A', '\u010d\u010aX-Injected: 1']) }],
      ['CR LF in Host', { headers: new HeaderList(['Host', 'a\r\nX-Injected: 1']) }],
      ['two Hosts', { headers: new HeaderList(['Host', 'a', 'Host', 'b']) }],
      ['a space in the target', { target: '/a HTTP/1.1\r\nX-Injected: 1\r\n\r\n' }],
      ['a space in the method', { method: 'GET /x HTTP/1.1\r\nX-Injected: 1\r\n\r\n' }],
    ] as const) {
      test(`${what} is refused before a byte is sent`, async () => {
        const server = await answering(ok);
        const error = await failureOf(client().request(requestTo(server.port, change)));
        expect(error.failure).toBe('protocol');
        expect(server.connections.map(({ text }) => text).join('')).toBe('');
      });
    }

    test('informational responses are passed over', async () => {
      const server = await answering(
        `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}`,
      );
      const response = await client().request(requestTo(server.port));
      expect(response.status).toBe(200);
      expect(response.headers.flat).toEqual(['Content-Length', '2']);
      expect(await readBody(response.body)).toMatchObject({ text: 'ok' });
    });

    for (const [what, method, answer] of [
      ['HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n'],
      ['204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
      ['304', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\n\r\n'],
      ['Content-Length: 0', 'GET', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ] as const) {
      test(`the response to ${what} has no body, and the next request is understood`, async () => {
        const server = await answering(answer, ok);
        const upstream = client();
        const first = await upstream.request(requestTo(server.port, { method }));
        expect(first.body).toBeNull();
        expect(first.headers.get('content-length')).toBe(/Content-Length: (\d+)/.exec(answer)?.[1]);
        const second = await upstream.request(requestTo(server.port));
        expect(await readBody(second.body)).toMatchObject({ text: 'ok' });
      });
    }

    test('a body without a length ends with the connection', async () => {
      const server = await scripted((connection) => {
        connection.onHead(() => {
          connection.send('HTTP/1.1 200 OK\r\n\r\nall of it');
          connection.socket.end();
        });
      });
      const response = await client().request(requestTo(server.port));
      expect(response.body?.length).toBeNull();
      expect(await readBody(response.body)).toMatchObject({ text: 'all of it' });
    });

    test('trailers of the response arrive, those that could change it do not', async () => {
      const server = await answering(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\nSet-Cookie: a\r\nx-more: 2\r\n\r\n',
      );
      const response = await client().request(requestTo(server.port));
      expect(await readBody(response.body)).toEqual({ text: 'ok', trailers: ['X-Sum', '1', 'x-more', '2'] });
    });

    test('content codings are not touched', async () => {
      const server = await answering(
        'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00',
      );
      const response = await client().request(requestTo(server.port));
      expect(response.headers.get('content-encoding')).toBe('gzip');
      expect(await readBody(response.body)).toMatchObject({ text: '\x1f\x8b\x08\x00' });
    });
  });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
