import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTurns } from './kit/in-turns.ts';
import { readingOf, type SeeingServer, startOurs } from './kit/seeing-servers.ts';

/**
 * The checks of uNetworking/h1spec, written anew: 15 beginnings of a request that a server must wait behind, and 17 whole ones
 * of which it must accept the good and refuse the bad. (The original runs under Deno; it is in no registry.)
 */
let server: SeeingServer;
beforeAll(async () => {
  server = await startOurs();
});
afterAll(() => server.close());

const request = 'GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n';
const cuts = ['G', 'GET ', 'GET /hello', 'GET /hello ', 'GET /hello HTTP', 'GET /hello HTTP/1.1'];
const lineEnd = ['\r', '\r\n', '\r\nHos', '\r\nHost:', '\r\nHost: ', '\r\nHost: localhost'];
const fieldEnd = ['\r', '\r\n', '\r\n\r'];
const beginnings = [
  ...cuts,
  ...lineEnd.map((end) => `GET /hello HTTP/1.1${end}`),
  ...fieldEnd.map((end) => `GET /hello HTTP/1.1\r\nHost: localhost${end}`),
];

test('15 of 15: waits behind the beginning of a request, and answers when the rest comes', async () => {
  expect(beginnings).toHaveLength(15);
  const outcomes = await inTurns(beginnings, 15, (beginning) =>
    waitsBehind(beginning, request.slice(beginning.length)),
  );
  expect(outcomes).toEqual(beginnings.map(() => 'waited, then 200'));
});

const get = 'GET / HTTP/1.1\r\nHost: example.com\r\n';
const whole: readonly (readonly [string, string, 'accepted' | 'refused'])[] = [
  ['no version', 'GET / \r\n\r\n', 'refused'],
  ['Expect', `${get}Expect: 100-continue\r\n\r\n`, 'accepted'],
  ['a plain GET', `${get}\r\n`, 'accepted'],
  ['odd but good fields', 'GET / HTTP/1.1\r\nhoSt:\texample.com\r\nempty:\r\n\r\n', 'accepted'],
  ['brackets in a name', `${get}X-Invalid[]: test\r\n\r\n`, 'refused'],
  ['no Host', 'GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\n', 'refused'],
  ['two Hosts', `${get}Host: example.org\r\n\r\n`, 'refused'],
  ['a large negative length', `${get}Content-Length: -123456789123456789123456789\r\n\r\n`, 'refused'],
  ['a negative length', `${get}Content-Length: -1234\r\n\r\n`, 'refused'],
  ['a length of letters', `${get}Content-Length: abc\r\n\r\n`, 'refused'],
  ['an empty value', `${get}X-Empty-Header: \r\n\r\n`, 'accepted'],
  ['a bell in a value', `${get}X-Bad-Control-Char: test\x07\r\n\r\n`, 'refused'],
  ['version 9.9', 'GET / HTTP/9.9\r\nHost: example.com\r\n\r\n', 'refused'],
  ['words in front', 'Extra lineGET / HTTP/1.1\r\nHost: example.com\r\n\r\n', 'refused'],
  ['a CR at the end of the head', `${get}\rSome-Header: Test\r\n\r\n`, 'refused'],
  ['a POST with its body', 'POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\n\r\nhello', 'accepted'],
  [
    'Transfer-Encoding beside Content-Length',
    `${get}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n`,
    'refused',
  ],
];

test.each(whole)('%s', async (_, bytes, expected) => {
  const [first = ''] = await readingOf(server.port, bytes);
  expect(/^[45]\d\d$/.test(first) ? 'refused' : 'accepted').toBe(expected);
});

/**
 * Whether a server waits is seen without a clock: a whole request on another connection, sent later, is answered while this
 * one has got nothing.
 */
async function waitsBehind(beginning: string, rest: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  let text = '';
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes('\r\n\r\n')) resolve();
    });
    socket.on('close', () => resolve());
  });
  await new Promise<void>((resolve) => socket.write(beginning, () => resolve()));
  await readingOf(server.port, request);
  await readingOf(server.port, request);
  const before = text === '' && !socket.destroyed ? 'waited' : 'did not wait';
  socket.write(rest);
  await answered;
  socket.destroy();
  return `${before}, then ${text.slice(9, 12)}`;
}
