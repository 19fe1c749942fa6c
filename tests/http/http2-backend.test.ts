import { type AddressInfo, createServer, type Server } from 'node:net';
import { createHttp1Upstream } from '@lazuli/http1';
import { type BodySource, HeaderList } from '@lazuli/policies';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { block, flag, frame, frameTypes, settings, uint32 } from './kit/http2-wire.ts';

/** What a backend answers in frames of HTTP/2, right and wrong: the request settles, and the process lives. */
const { headers, data, reset, goaway, pushPromise } = frameTypes;
const hello = frame(frameTypes.settings, flag.ack, 0);
const head = frame(headers, flag.endHeaders, 1, Buffer.concat([Buffer.from([0x88]), block(['x-a', 'b'])]));
const pushed = block([':method', 'GET'], [':path', '/'], [':scheme', 'http'], [':authority', 'a']);

const answers: Readonly<Record<string, readonly [readonly Buffer[], string]>> = {
  'a good answer': [[head, frame(data, flag.endStream, 1, 'hello')], '200 hello'],
  'an answer with trailers': [
    [head, frame(data, 0, 1, 'hello'), frame(headers, flag.endHeaders | flag.endStream, 1, block(['x-t', '1']))],
    '200 hello',
  ],
  'an answer and a goodbye': [
    [head, frame(data, flag.endStream, 1, 'hello'), frame(goaway, 0, 0, uint32(1, 0))],
    '200 hello',
  ],
  'a body that is reset': [[head, frame(data, 0, 1, 'hel'), frame(reset, 0, 1, uint32(2))], 'refused'],
  'a goodbye with an error': [[frame(goaway, 0, 0, uint32(0, 2))], 'refused'],
  'a goodbye and a frame of 5 MiB': [[frame(goaway, 0, 0, uint32(0, 0)), Buffer.from('TTP/2.0\r\n')], 'refused'],
  'a frame of 5 MiB': [[Buffer.from('TTP/2.0\r\n')], 'refused'],
  'a promise that nobody wants': [
    [frame(pushPromise, flag.endHeaders, 1, Buffer.concat([uint32(2), pushed]))],
    'refused',
  ],
  'data before the head': [[frame(data, flag.endStream, 1, 'hello')], 'refused'],
  'a head without a status': [[frame(headers, flag.endHeaders | flag.endStream, 1, block(['x-a', 'b']))], 'refused'],
  'two lengths': [
    [
      frame(
        headers,
        flag.endHeaders,
        1,
        Buffer.concat([Buffer.from([0x88]), block(['content-length', '1'], ['content-length', '2'])]),
      ),
      frame(data, flag.endStream, 1, 'x'),
    ],
    'refused',
  ],
  'a length that is not that of the body': [
    [
      frame(headers, flag.endHeaders, 1, Buffer.concat([Buffer.from([0x88]), block(['content-length', '9'])])),
      frame(data, flag.endStream, 1, 'hello'),
    ],
    'refused',
  ],
  'Transfer-Encoding': [
    [
      frame(headers, flag.endHeaders, 1, Buffer.concat([Buffer.from([0x88]), block(['transfer-encoding', 'chunked'])])),
      frame(data, flag.endStream, 1, '0\r\n\r\n'),
    ],
    'refused',
  ],
  'a block that cannot be decompressed': [
    [frame(headers, flag.endHeaders | flag.endStream, 1, Buffer.from([0x88, 0xff, 0xff, 0xff, 0xff]))],
    'refused',
  ],
  'HTTP/1.1': [[Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')], 'refused'],
};

let server: Server;
let bytes: readonly Buffer[] = [];
beforeAll(async () => {
  server = createServer((socket) => {
    const mine = Buffer.concat(bytes);
    let received = 0;
    let isAnswered = false;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (received === 0) socket.write(Buffer.concat([settings(), hello]));
      received += chunk.length;
      // Behind the preface, two SETTINGS and perhaps a WINDOW_UPDATE: the request.
      if (isAnswered || received < 24 + 9 + 9 + 40) return;
      isAnswered = true;
      socket.end(mine);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

test.each(Object.entries(answers))('%s', async (_, [frames, expected]) => {
  expect(await ask(frames)).toBe(expected);
});

async function ask(frames: readonly Buffer[]): Promise<string> {
  bytes = frames;
  const client = createHttp1Upstream();
  try {
    const { status, body } = await client.request({
      method: 'GET',
      origin: {
        scheme: 'http',
        host: '127.0.0.1',
        port: (server.address() as AddressInfo).port,
        validateCertificateChain: true,
        validateCertificateName: true,
        certificate: null,
        proxy: null,
      },
      target: '/a-target-that-is-long-enough',
      headers: new HeaderList(['Host', 'a']),
      body: null,
      timeoutMs: 1000,
      continueTimeoutMs: null,
      httpVersion: '2',
      cancellation: null,
    });
    return `${status} ${await textOf(body)}`;
  } catch {
    return 'refused';
  } finally {
    await client.close();
  }
}

function textOf(body: BodySource | Uint8Array | null): Promise<string> {
  return new Promise((resolve, reject) => {
    if (body === null) return resolve('');
    if (body instanceof Uint8Array) return resolve(Buffer.from(body).toString('latin1'));
    let text = '';
    body.start({
      data: (chunk) => {
        text += Buffer.from(chunk).toString('latin1');
      },
      end: () => resolve(text),
      error: reject,
    });
  });
}
