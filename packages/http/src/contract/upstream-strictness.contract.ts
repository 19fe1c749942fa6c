import { describe, expect, test } from 'vitest';
import { readBody } from './bodies.ts';
import { failureOf, type MakeUpstream, ok, requestTo, sending } from './sending.ts';

const head = 'HTTP/1.1 200 OK\r\n';

/** A response whose end two readers could see in different places is no response. */
export function describeUpstreamStrictness(make: MakeUpstream): void {
  describe('strictness', () => {
    const { client, answering } = sending(make);

    for (const [what, answer] of refused) {
      test(`${what} is a failure, and the connection is not used again`, async () => {
        const server = await answering(answer, ok);
        const upstream = client();
        const outcome = upstream.request(requestTo(server.port)).then(({ body }) => readBody(body));
        const error = await failureOf(outcome);
        expect(error.failure).toMatch(/^(protocol|reset)$/);
        const next = await upstream.request(requestTo(server.port));
        expect(await readBody(next.body)).toMatchObject({ text: 'ok' });
        expect(server.connections).toHaveLength(2);
      });
    }

    test('bytes behind a complete response are no response to the next request', async () => {
      const smuggled = 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled';
      const server = await answering(`${ok}${smuggled}`, ok);
      const upstream = client();
      const first = await upstream.request(requestTo(server.port));
      expect(await readBody(first.body)).toMatchObject({ text: 'ok' });
      const second = await upstream.request(requestTo(server.port));
      expect(await readBody(second.body)).toMatchObject({ text: 'ok' });
    });

    test('header fields that are too large are a failure', async () => {
      const server = await answering(`${head}X-A: ${'a'.repeat(5000)}\r\n\r\n`);
      const error = await failureOf(client({ headerBytes: 4096 }).request(requestTo(server.port)));
      expect(error.failure).toBe('protocol');
    });

    test('a body shorter than its Content-Length is an error, not an end', async () => {
      const server = await answering(`${head}Content-Length: 10\r\n\r\nshort`);
      const response = await client().request(requestTo(server.port));
      server.connections[0]?.socket.end();
      expect((await failureOf(readBody(response.body))).failure).toBe('reset');
    });

    test('a chunked body without its last chunk is an error, not an end', async () => {
      const server = await answering(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n`);
      const response = await client().request(requestTo(server.port));
      server.connections[0]?.socket.end();
      expect((await failureOf(readBody(response.body))).failure).toMatch(/^(reset|protocol)$/);
    });
  });
}

const chunked = '5\r\nhello\r\n0\r\n\r\n';
const refused: readonly (readonly [string, string])[] = [
  ['Content-Length with Transfer-Encoding', `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`],
  ['Transfer-Encoding with Content-Length', `${head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n${chunked}`],
  ['two different Content-Lengths', `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`],
  ['two equal Content-Lengths', `${head}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`],
  ['a list as Content-Length', `${head}Content-Length: 5, 5\r\n\r\nhello`],
  ['a signed Content-Length', `${head}Content-Length: +5\r\n\r\nhello`],
  ['a negative Content-Length', `${head}Content-Length: -5\r\n\r\nhello`],
  ['an empty Content-Length', `${head}Content-Length: \r\n\r\nhello`],
  ['a tab behind chunked', `${head}Transfer-Encoding: chunked\t\r\n\r\n${chunked}`],
  ['Transfer-Encoding: gzip, chunked', `${head}Transfer-Encoding: gzip, chunked\r\n\r\n${chunked}`],
  ['Transfer-Encoding: chunked, identity', `${head}Transfer-Encoding: chunked, identity\r\n\r\n${chunked}`],
  ['Transfer-Encoding: identity', `${head}Transfer-Encoding: identity\r\n\r\n${chunked}`],
  ['Transfer-Encoding: xchunked', `${head}Transfer-Encoding: xchunked\r\n\r\n${chunked}`],
  ['a vertical tab before chunked', `${head}Transfer-Encoding: \x0bchunked\r\n\r\n${chunked}`],
  ['Transfer-Encoding twice', `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`],
  ['a space before the colon', `${head}Transfer-Encoding : chunked\r\n\r\n${chunked}`],
  ['an obsolete line folding', `${head}X-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n`],
  ['a bare CR in a value', `${head}X-A: 1\rX-B: 2\r\nContent-Length: 0\r\n\r\n`],
  ['a NUL in a value', `${head}X-A: 1\x002\r\nContent-Length: 0\r\n\r\n`],
  ['a bare LF behind a field', `${head}X-A: 1\nContent-Length: 0\r\n\r\n`],
  ['a chunk size that is no number', `${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
  ['a chunk longer than its size', `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n`],
  ['a chunk size beyond 64 bits', `${head}Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n`],
  ['a bare LF behind a chunk size', `${head}Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n`],
  ['a bare LF in a chunk extension', `${head}Transfer-Encoding: chunked\r\n\r\n5;a\nhello\r\n0\r\n\r\n`],
  ['something that is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['a version that nobody speaks', 'HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a status that is no number', 'HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n'],
  [
    'a switch of protocols nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
  ],
];
