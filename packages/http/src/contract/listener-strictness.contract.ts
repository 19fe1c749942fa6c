import { describe, expect, test } from 'vitest';
import type { InboundRequest } from '../listener.ts';
import { readBody } from './bodies.ts';
import { answer, listening, type MakeListener } from './listening.ts';
import { until } from './waiting.ts';

/** RFC 9110 and 9112 read strictly: what two readers could understand differently is refused. */
export function describeStrictness(make: MakeListener): void {
  describe('strictness', () => {
    const start = listening(make);

    for (const [what, request, status] of refused) {
      test(`refuses ${what} with ${status} and closes`, async () => {
        const { client, requests, refusals } = await start(readThenAnswer);
        const text = await client().send(`${request}${smuggled}`).closed();
        expect(text.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
        expect(text).toMatch(/\r\nConnection: close\r\n/);
        expect(text).toMatch(/\r\nContent-Type: application\/json\r\n/);
        const body = text.slice(text.indexOf('\r\n\r\n') + 4);
        expect(body).toMatch(new RegExp(`^\\{ "statusCode": ${status}, "message": ".+" \\}$`));
        expect(JSON.parse(body)).toMatchObject({ statusCode: status });
        expect(requests.map((r) => r.target)).not.toContain('/smuggled');
        expect(refusals).toMatchObject([{ status }]);
      });
    }

    for (const [what, request, target] of accepted) {
      test(`accepts ${what}`, async () => {
        const { client, requests } = await start(answer);
        const text = await client().send(request).until('>');
        expect(text.slice(0, 12)).toBe('HTTP/1.1 200');
        expect(requests[0]?.target).toBe(target);
      });
    }

    test('a body that breaks its chunked framing is refused once it shows', async () => {
      const { client, requests, refusals } = await start((request) => {
        request.body?.start({ data() {}, end() {}, error: (error) => errors.push(error) });
      });
      const errors: Error[] = [];
      const connection = client().send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
      await until(() => requests.length === 1);
      const text = await connection.send(`zz\r\n${smuggled}`).closed();
      expect(text.slice(0, 12)).toBe('HTTP/1.1 400');
      expect(errors).toHaveLength(1);
      expect(requests).toHaveLength(1);
      expect(refusals).toMatchObject([{ status: 400 }]);
      expect(requests[0]?.cancellation.isCancelled).toBe(true);
    });

    test('what follows a valid request is refused after its response, not in place of it', async () => {
      const { client, requests } = await start((request) => {
        setImmediate(() => answer(request));
      });
      const text = await client().send(`GET /first HTTP/1.1\r\nHost: a\r\n\r\nGARBAGE\r\n\r\n${smuggled}`).closed();
      expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
      expect(text).toContain('<GET /first>');
      expect(requests).toHaveLength(1);
    });

    test('requests pipelined behind a refused one are dropped with the connection', async () => {
      const { client, requests } = await start(answer);
      const text = await client()
        .send(`GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${smuggled}`)
        .closed();
      expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
      expect(requests.map((r) => r.target)).toEqual(['/1']);
    });

    test('the Host of a request is its authority', async () => {
      const { client, requests } = await start(answer);
      await client().send('GET / HTTP/1.1\r\nHOST: Api.Example.com:8080\r\n\r\n').until('>');
      expect(requests[0]).toMatchObject({ authority: 'Api.Example.com:8080', scheme: 'http', httpVersion: '1.1' });
      expect(requests[0]?.remoteAddress).toBe('127.0.0.1');
    });

    test('headers keep their order, spelling and repetition', async () => {
      const { client, requests } = await start(answer);
      await client().send('GET / HTTP/1.1\r\nHost: a\r\nx-A: 1\r\nX-b:2\r\nX-a: \xfc \r\n\r\n').until('>');
      expect(requests[0]?.headers.flat).toEqual(['Host', 'a', 'x-A', '1', 'X-b', '2', 'X-a', '\xfc']);
    });
  });
}

function readThenAnswer(request: InboundRequest): void {
  readBody(request.body).then(
    () => answer(request),
    () => answer(request),
  );
}

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
const get = 'GET / HTTP/1.1\r\n';
const post = 'POST / HTTP/1.1\r\nHost: a\r\n';

const refused: readonly (readonly [string, string, number])[] = [
  [
    'Content-Length with Transfer-Encoding',
    `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'Transfer-Encoding with Content-Length',
    `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['two different Content-Lengths', `${post}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`, 400],
  ['two equal Content-Lengths', `${post}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, 400],
  ['a list as Content-Length', `${post}Content-Length: 5, 5\r\n\r\nhello`, 400],
  ['a signed Content-Length', `${post}Content-Length: +5\r\n\r\nhello`, 400],
  ['a negative Content-Length', `${post}Content-Length: -5\r\n\r\nhello`, 400],
  ['a hexadecimal Content-Length', `${post}Content-Length: 0x5\r\n\r\nhello`, 400],
  ['a Content-Length with a fraction', `${post}Content-Length: 5.0\r\n\r\nhello`, 400],
  ['an empty Content-Length', `${post}Content-Length: \r\n\r\nhello`, 400],
  ['a Content-Length beyond 64 bits', `${post}Content-Length: 18446744073709551621\r\n\r\nhello`, 400],
  ['Transfer-Encoding: identity', `${post}Transfer-Encoding: identity\r\n\r\n`, 400],
  ['Transfer-Encoding: identity, chunked', `${post}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding: gzip, chunked', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding: chunked, identity', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding: chunked, chunked', `${post}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding twice', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding: xchunked', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding: "chunked"', `${post}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`, 400],
  ['a Transfer-Encoding with a vertical tab', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`, 400],
  ['a tab behind chunked', `${post}Transfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n`, 400],
  ['a space before the colon', `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, 400],
  ['an obsolete line folding', `${post}X-A: 1\r\n 2\r\n\r\n`, 400],
  ['a folded Transfer-Encoding', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`, 400],
  ['a bare CR in a value', `${get}Host: a\r\nX-A: 1\rX-B: 2\r\n\r\n`, 400],
  ['a bare LF as line end', `GET / HTTP/1.1\nHost: a\n\n`, 400],
  ['a bare LF behind a field', `${get}Host: a\nX-A: 1\r\n\r\n`, 400],
  ['a NUL in a value', `${get}Host: a\r\nX-A: 1\x002\r\n\r\n`, 400],
  ['a field without a colon', `${get}Host: a\r\nX-A\r\n\r\n`, 400],
  ['a field with an empty name', `${get}Host: a\r\n: 1\r\n\r\n`, 400],
  ['a space in front of the first field', `${get} Host: a\r\nX-A: 1\r\n\r\n`, 400],
  ['a field name with a bracket', `${get}Host: a\r\nX(A): 1\r\n\r\n`, 400],
  ['a chunk size that is no number', `${post}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, 400],
  ['a chunk size with a sign', `${post}Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n`, 400],
  ['a chunk size with 0x', `${post}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n`, 400],
  [
    'a chunk size beyond 64 bits',
    `${post}Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n`,
    400,
  ],
  ['a chunk longer than its size', `${post}Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n`, 400],
  ['a bare LF in a chunk extension', `${post}Transfer-Encoding: chunked\r\n\r\n5;a\nhello\r\n0\r\n\r\n`, 400],
  ['a bare CR in a chunk extension', `${post}Transfer-Encoding: chunked\r\n\r\n5;a\rb\r\nhello\r\n0\r\n\r\n`, 400],
  ['a chunk size that ends with LF', `${post}Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n`, 400],
  ['no Host', `${get}\r\n`, 400],
  ['an empty Host', `${get}Host: \r\n\r\n`, 400],
  ['two Hosts', `${get}Host: a\r\nHost: a\r\n\r\n`, 400],
  ['two Hosts in different spellings', `${get}Host: a\r\nhOST: b\r\n\r\n`, 400],
  ['a Host with a path', `${get}Host: a/b\r\n\r\n`, 400],
  ['a Host with user information', `${get}Host: u@a\r\n\r\n`, 400],
  ['a Host with a space', `${get}Host: a b\r\n\r\n`, 400],
  ['a Host with a list', `${get}Host: a, b\r\n\r\n`, 400],
  ['a Host with a port that is no number', `${get}Host: a:b\r\n\r\n`, 400],
  ['an absolute target of another host', 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['an absolute target of another port', 'GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['an absolute target with user information', 'GET http://a@b/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['an absolute target of another scheme', 'GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a target of an unknown scheme', 'GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a fragment in the target', 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a target without a slash', 'GET a HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['* for GET', 'GET * HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['CONNECT', 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n', 501],
  ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ['chunked on HTTP/1.0', 'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
  ['HTTP/0.9', 'GET /\r\n\r\n', 505],
  ['HTTP/1.2', 'GET / HTTP/1.2\r\nHost: a\r\n\r\n', 505],
  ['HTTP/3.0', 'GET / HTTP/3.0\r\nHost: a\r\n\r\n', 505],
  ['a version in lower case', 'GET / http/1.1\r\nHost: a\r\n\r\n', 400],
  ['an expectation nobody knows', `${post}Expect: cookies\r\nContent-Length: 0\r\n\r\n`, 417],
  ['a TLS hello on a plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
];

const accepted: readonly (readonly [string, string, string])[] = [
  ['a path and query untouched', 'GET /a%2Fb/../c?d=%20&e HTTP/1.1\r\nHost: a\r\n\r\n', '/a%2Fb/../c?d=%20&e'],
  ['an absolute target of the same host', 'GET http://A:80/b?c HTTP/1.1\r\nHost: a\r\n\r\n', '/b?c'],
  ['an absolute target without a path', 'GET http://a HTTP/1.1\r\nHost: a\r\n\r\n', '/'],
  ['an absolute target with a query only', 'GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n', '/?b'],
  ['* for OPTIONS', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', '*'],
  ['an IPv6 Host', 'GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n', '/'],
  ['HTTP/1.0 without Host', 'GET / HTTP/1.0\r\n\r\n', '/'],
  ['Chunked in capitals', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n', '/'],
  [
    'an upgrade it does not know as a plain request',
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n\r\n',
    '/',
  ],
];
