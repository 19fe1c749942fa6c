import {
  block,
  data,
  type ErrorCode,
  flag,
  frame,
  frameTypes,
  get,
  open,
  preface,
  pseudo,
  request,
  settings,
  uint32,
} from '../kit/http2-wire.ts';

/** What a client sends behind preface and SETTINGS, and what must come of it. */
export interface Http2Case {
  /** Of RFC 9113 (or 7541), and the situation. */
  readonly name: string;
  readonly send: readonly Buffer[];
  /** Without preface and SETTINGS in front. */
  readonly isBare?: true;
  /**
   * `ok`: the request on that stream is answered with 200. `stream`: it is not; an error of the stream or of the connection.
   * `connection`: an error of the connection. `dropped`: answered with 200, and the field reached nobody (nghttp2 leaves out
   * fields of such names and values instead of refusing the message).
   */
  readonly expected: 'ok' | 'dropped' | 'stream' | 'connection';
  /** Which codes are right. A connection that is closed without one is right, too (RFC 9113 section 5.4.1). */
  readonly codes?: readonly ErrorCode[];
  readonly stream?: number;
}

const { headers, continuation, priority, reset, ping, goaway, windowUpdate, pushPromise } = frameTypes;
const end = flag.endStream | flag.endHeaders;
const withField = (name: string, value: string) => get(1, request([name, value]));
const withPseudo = (...fields: readonly (readonly [string, string])[]) => get(1, block(...fields));
const post = (length: string) => open(1, block(...pseudo('POST'), ['content-length', length]));

const ok = (name: string, send: readonly Buffer[], stream = 1): Http2Case => ({ name, send, expected: 'ok', stream });
const stream = (name: string, send: readonly Buffer[], ...codes: ErrorCode[]): Http2Case => ({
  name,
  send,
  expected: 'stream',
  codes,
});
const dropped = (name: string, send: readonly Buffer[]): Http2Case => ({ name, send, expected: 'dropped' });
const connection = (name: string, send: readonly Buffer[], ...codes: ErrorCode[]): Http2Case => ({
  name,
  send,
  expected: 'connection',
  codes,
});
const bare = (one: Http2Case): Http2Case => ({ ...one, isBare: true });

/** GET of `/` at `a`, in the representations that a client with a table uses; the authority is added to the table. */
const root = Buffer.from([0x82, 0x86, 0x84, 0x41, 1, 0x61]);
/** A field of one character each, in the representation of this first byte. */
const literal = (first: number, name: string, value: string) =>
  Buffer.from([first, 1, name.charCodeAt(0), 1, value.charCodeAt(0)]);

const protocol = 'PROTOCOL_ERROR';
const size = 'FRAME_SIZE_ERROR';
const flow = 'FLOW_CONTROL_ERROR';
const compression = 'COMPRESSION_ERROR';

export const http2Cases: readonly Http2Case[] = [
  // Preface (3.4)
  ok('3.4 a request right behind the preface', [get(1)]),
  bare(connection('3.4 the preface without SETTINGS behind it', [preface, get(1)], protocol)),
  bare(
    connection(
      '3.4 the preface and then nonsense',
      [preface, Buffer.from('nonsense that is no frame at all')],
      protocol,
      size,
    ),
  ),
  bare(
    connection(
      '3.4 SETTINGS with ACK as the first frame',
      [preface, frame(frameTypes.settings, flag.ack, 0)],
      protocol,
    ),
  ),

  // Frames (4.1, 4.2)
  ok('4.1 a frame of an unknown type is ignored', [frame(0xee, 0xff, 1, 'unknown'), get(1)]),
  ok('4.1 unknown flags are ignored', [frame(ping, 0xfe, 0, 'eight by'), get(1)]),
  ok('4.1 the reserved bit of a stream identifier is ignored', [frame(headers, end, 0x80000001, request())]),
  connection('4.2 DATA larger than 16 KiB', [open(1), data(1, Buffer.alloc(16_385))], size),
  connection(
    '4.2 HEADERS larger than 16 KiB',
    [get(1, Buffer.concat([request(), Buffer.alloc(20_000)]))],
    size,
    compression,
  ),
  ok('4.2 DATA of exactly 16 KiB', [open(1), data(1, Buffer.alloc(16_384))]),
  connection('4.2 a PING larger than 16 KiB', [frame(ping, 0, 0, Buffer.alloc(16_385))], size),

  // HPACK (4.3 and RFC 7541)
  connection(
    '4.3 a block that ends inside a field',
    [get(1, Buffer.concat([request(), Buffer.from([0, 5, 0x78])]))],
    compression,
  ),
  connection('HPACK 2.3.3 index 0', [get(1, Buffer.concat([request(), Buffer.from([0x80])]))], compression),
  connection(
    'HPACK 2.3.3 an index beyond the tables',
    [get(1, Buffer.concat([request(), Buffer.from([0xff, 0x50])]))],
    compression,
  ),
  connection(
    'HPACK 2.3.3 a literal whose name lies beyond the tables',
    [get(1, Buffer.concat([request(), Buffer.from([0x7f, 0x50, 1, 0x61])]))],
    compression,
  ),
  connection(
    'HPACK 4.2 a size update behind a field',
    [get(1, Buffer.concat([request(), Buffer.from([0x20])]))],
    compression,
  ),
  connection(
    'HPACK 6.3 a table larger than allowed',
    [get(1, Buffer.concat([Buffer.from([0x3f, 0xe1, 0xff, 0x03]), request()]))],
    compression,
  ),
  connection(
    'HPACK 5.2 Huffman padding of more than 7 bits',
    [get(1, Buffer.concat([request(), Buffer.from([0, 1, 0x78, 0x82, 0x1f, 0xff])]))],
    compression,
  ),
  connection(
    'HPACK 5.2 Huffman padding that is not ones',
    [get(1, Buffer.concat([request(), Buffer.from([0, 1, 0x78, 0x81, 0x18])]))],
    compression,
  ),
  connection(
    'HPACK 5.2 the end-of-string symbol in Huffman',
    [get(1, Buffer.concat([request(), Buffer.from([0, 1, 0x78, 0x84, 0xff, 0xff, 0xff, 0xff])]))],
    compression,
  ),
  connection(
    'HPACK 5.1 an integer without end',
    [get(1, Buffer.concat([request(), Buffer.from([0x7f, ...Array<number>(20).fill(0xff), 0x7f])]))],
    compression,
  ),

  connection(
    '4.3 PRIORITY inside a block',
    [frame(headers, flag.endStream, 1, request()), frame(priority, 0, 1, Buffer.alloc(5))],
    protocol,
  ),
  ok('HPACK 6.1 fields of the static table', [get(1, root)]),
  ok(
    'HPACK 6.2.1 fields that are added to the table, and their indices',
    [
      get(1, Buffer.concat([root, literal(0x40, 'x', 'y')])),
      get(3, Buffer.concat([root.subarray(0, 3), Buffer.from([0x80 | 63, 0x80 | 62])])),
    ],
    3,
  ),
  ok('HPACK 6.2.2 literals that are not added, with a name and an index', [
    get(1, Buffer.concat([root.subarray(0, 3), Buffer.from([0x01, 1, 0x61]), literal(0x00, 'x', 'y')])),
  ]),
  ok('HPACK 6.2.3 literals that are never added, with a name and an index', [
    get(1, Buffer.concat([root.subarray(0, 3), Buffer.from([0x11, 1, 0x61]), literal(0x10, 'x', 'y')])),
  ]),
  ok('HPACK 6.3 an update of the table size', [get(1, Buffer.concat([Buffer.from([0x20]), root]))]),
  ok('HPACK 6.3 two updates of the table size', [get(1, Buffer.concat([Buffer.from([0x20, 0x3f, 0xe1, 0x1f]), root]))]),
  ok('HPACK 5.2 a value in Huffman', [get(1, Buffer.concat([root.subarray(0, 3), Buffer.from([0x41, 0x81, 0x1f])]))]),

  // Stream states (5.1)
  connection('5.1 DATA on an idle stream', [data(1, 'x')], protocol, 'STREAM_CLOSED'),
  connection('5.1 RST_STREAM on an idle stream', [frame(reset, 0, 1, uint32(8))], protocol),
  connection('5.1 WINDOW_UPDATE on an idle stream', [frame(windowUpdate, 0, 1, uint32(100))], protocol),
  connection('5.1 CONTINUATION on an idle stream', [frame(continuation, flag.endHeaders, 1, request())], protocol),
  connection('5.1 DATA on a half-closed stream', [get(1), data(1, 'x')], 'STREAM_CLOSED'),
  connection('5.1 HEADERS on a half-closed stream', [get(1), get(1)], 'STREAM_CLOSED', protocol),
  stream('5.1 a reset stream is not answered', [open(1), frame(reset, 0, 1, uint32(8))]),
  stream('5.1 DATA behind a reset', [open(1), frame(reset, 0, 1, uint32(8)), data(1, 'x')], 'STREAM_CLOSED'),
  stream('5.1 HEADERS behind a reset', [open(1), frame(reset, 0, 1, uint32(8)), get(1)], 'STREAM_CLOSED', protocol),
  connection(
    '5.1 CONTINUATION behind a reset',
    [open(1), frame(reset, 0, 1, uint32(8)), frame(continuation, flag.endHeaders, 1, request())],
    protocol,
    'STREAM_CLOSED',
  ),
  ok('5.1 WINDOW_UPDATE on a half-closed stream', [get(1), frame(windowUpdate, 0, 1, uint32(100))]),
  ok('5.1 PRIORITY on a half-closed stream', [
    get(1),
    frame(priority, 0, 1, Buffer.concat([uint32(0), Buffer.from([1])])),
  ]),
  ok('5.1 RST_STREAM on a half-closed stream', [get(1), frame(reset, 0, 1, uint32(8)), get(3)], 3),
  connection(
    '5.1 CONTINUATION behind a block that has ended',
    [get(1), frame(continuation, flag.endHeaders, 1, request())],
    protocol,
    'STREAM_CLOSED',
  ),
  connection('5.1.1 an even stream identifier', [get(2)], protocol),
  { ...stream('5.1.1 a stream identifier below the last is not served', [get(5), get(3)], protocol), stream: 3 },
  connection('5.1.1 HEADERS on stream 0', [get(0)], protocol),
  {
    ...stream(
      '5.1.2 more streams than SETTINGS allow',
      Array.from({ length: 400 }, (_, i) => open(1 + 2 * i)),
      'REFUSED_STREAM',
    ),
    stream: 401,
  },
  stream(
    '5.3.1 a stream that depends on itself',
    [frame(headers, end | flag.priority, 1, Buffer.concat([uint32(1), Buffer.from([0]), request()]))],
    protocol,
  ),

  // DATA (6.1)
  connection('6.1 DATA on stream 0', [data(0, 'x')], protocol),
  connection(
    '6.1 padding longer than the frame',
    [open(1), frame(frameTypes.data, flag.padded | flag.endStream, 1, Buffer.from([9, 1, 2]))],
    protocol,
  ),
  ok('6.1 padded DATA', [open(1), frame(frameTypes.data, flag.padded | flag.endStream, 1, Buffer.from([2, 65, 0, 0]))]),
  ok('6.1 an empty DATA that ends the stream', [open(1), data(1, '')]),

  // HEADERS (6.2)
  connection(
    '6.2 padding longer than the frame',
    [frame(headers, end | flag.padded, 1, Buffer.concat([Buffer.from([200]), request()]))],
    protocol,
  ),
  connection(
    '6.2 a PING inside a block',
    [frame(headers, flag.endStream, 1, request()), frame(ping, 0, 0, '12345678')],
    protocol,
  ),
  connection(
    '6.2 HEADERS of another stream inside a block',
    [frame(headers, flag.endStream, 1, request()), get(3)],
    protocol,
  ),
  connection(
    '6.2 an unknown frame inside a block',
    [frame(headers, flag.endStream, 1, request()), frame(0xee, 0, 1, 'x')],
    protocol,
  ),
  ok('6.2 padded HEADERS with priority', [
    frame(
      headers,
      end | flag.padded | flag.priority,
      1,
      Buffer.concat([Buffer.from([3]), uint32(0), Buffer.from([15]), request(), Buffer.alloc(3)]),
    ),
  ]),

  // PRIORITY (6.3), RST_STREAM (6.4)
  ok('6.3 PRIORITY, which RFC 9113 has given up, is not looked at', [frame(priority, 0, 0, Buffer.alloc(5)), get(1)]),
  ok('6.3 nor is PRIORITY of a stream that depends on itself', [
    frame(priority, 0, 1, Buffer.concat([uint32(1), Buffer.from([1])])),
    get(1),
  ]),
  stream('6.3 PRIORITY of 4 bytes', [open(1), frame(priority, 0, 1, Buffer.alloc(4))], size),
  ok('6.3 PRIORITY on an idle stream is allowed', [
    frame(priority, 0, 3, Buffer.concat([uint32(0), Buffer.from([1])])),
    get(1),
  ]),
  connection('6.4 RST_STREAM on stream 0', [frame(reset, 0, 0, uint32(8))], protocol),
  connection('6.4 RST_STREAM of 3 bytes', [open(1), frame(reset, 0, 1, Buffer.alloc(3))], size),

  // SETTINGS (6.5)
  connection('6.5 SETTINGS on a stream', [frame(frameTypes.settings, 0, 1)], protocol),
  connection(
    '6.5 SETTINGS whose length is no multiple of 6',
    [frame(frameTypes.settings, 0, 0, Buffer.alloc(5))],
    size,
  ),
  connection('6.5 an acknowledgement with a payload', [frame(frameTypes.settings, flag.ack, 0, Buffer.alloc(6))], size),
  connection('6.5.2 ENABLE_PUSH of 2', [settings([2, 2])], protocol),
  connection('6.5.2 INITIAL_WINDOW_SIZE beyond 2^31 - 1', [settings([4, 0x80000000])], flow),
  connection('6.5.2 MAX_FRAME_SIZE below 2^14', [settings([5, 16_383])], protocol),
  connection('6.5.2 MAX_FRAME_SIZE beyond 2^24 - 1', [settings([5, 16_777_216])], protocol),
  ok('6.5.2 an unknown setting is ignored', [settings([0xff, 1]), get(1)]),
  ok('6.5.3 several SETTINGS', [settings([4, 100]), settings([4, 65_535]), get(1)]),

  // PUSH_PROMISE (6.6), PING (6.7), GOAWAY (6.8)
  connection(
    '6.6 PUSH_PROMISE of a client',
    [open(1), frame(pushPromise, flag.endHeaders, 1, Buffer.concat([uint32(2), request()]))],
    protocol,
  ),
  connection('6.7 PING on a stream', [frame(ping, 0, 1, Buffer.alloc(8))], protocol),
  connection('6.7 PING of 6 bytes', [frame(ping, 0, 0, Buffer.alloc(6))], size),
  connection(
    '6.7 an acknowledgement that nobody waits for',
    [frame(ping, flag.ack, 0, '12345678'), get(1)],
    protocol,
    'INTERNAL_ERROR',
  ),
  connection('6.8 GOAWAY on a stream', [frame(goaway, 0, 1, uint32(0, 0))], protocol),
  ok('6.8 a request before GOAWAY is answered', [get(1), frame(goaway, 0, 0, uint32(0, 0))]),

  connection('7 GOAWAY with an unknown code ends the connection', [frame(goaway, 0, 0, uint32(0, 0xff))]),
  ok('7 RST_STREAM with an unknown code', [open(1), frame(reset, 0, 1, uint32(0xff)), get(3)], 3),

  // WINDOW_UPDATE (6.9)
  connection('6.9 an increment of 0 for the connection', [frame(windowUpdate, 0, 0, uint32(0))], protocol),
  stream('6.9 an increment of 0 for a stream', [open(1), frame(windowUpdate, 0, 1, uint32(0))], protocol),
  connection('6.9 WINDOW_UPDATE of 3 bytes', [frame(windowUpdate, 0, 0, Buffer.alloc(3))], size),
  ok('6.9.1 a response waits for its window', [settings([4, 0]), get(1), frame(windowUpdate, 0, 1, uint32(65_535))]),
  ok('6.9.2 a window that became negative', [
    settings([4, 3]),
    get(1),
    settings([4, 0]),
    frame(windowUpdate, 0, 1, uint32(65_535)),
  ]),
  connection(
    '6.9.1 a connection window beyond 2^31 - 1',
    [frame(windowUpdate, 0, 0, uint32(0x7fffffff)), frame(windowUpdate, 0, 0, uint32(0x7fffffff))],
    flow,
  ),
  stream(
    '6.9.1 a stream window beyond 2^31 - 1',
    [open(1), frame(windowUpdate, 0, 1, uint32(0x7fffffff)), frame(windowUpdate, 0, 1, uint32(0x7fffffff))],
    flow,
  ),
  connection(
    '6.9.2 SETTINGS that push a window beyond 2^31 - 1',
    [open(1), frame(windowUpdate, 0, 1, uint32(0x7fffffff - 65_535)), settings([4, 0x7fffffff])],
    flow,
  ),

  // CONTINUATION (6.10)
  ok('6.10 a block in three frames', [
    frame(headers, flag.endStream, 1, request().subarray(0, 5)),
    frame(continuation, 0, 1, request().subarray(5, 9)),
    frame(continuation, flag.endHeaders, 1, request().subarray(9)),
  ]),
  connection(
    '6.10 CONTINUATION on stream 0',
    [frame(headers, flag.endStream, 1, request()), frame(continuation, flag.endHeaders, 0)],
    protocol,
  ),
  connection(
    '6.10 CONTINUATION of another stream',
    [frame(headers, flag.endStream, 1, request()), frame(continuation, flag.endHeaders, 3)],
    protocol,
  ),
  connection(
    '6.10 CONTINUATION behind DATA',
    [open(1), data(1, 'x', 0), frame(continuation, flag.endHeaders, 1, request())],
    protocol,
  ),
  connection(
    '6.10 CONTINUATION behind the last of a block',
    [
      frame(headers, 0, 1, block(...pseudo('POST'))),
      frame(continuation, flag.endHeaders, 1, block(['x', '1'])),
      frame(continuation, flag.endHeaders, 1, block(['x', '2'])),
    ],
    protocol,
  ),
  connection('6.10 DATA inside a block', [frame(headers, 0, 1, block(...pseudo('POST'))), data(1, 'x')], protocol),
  connection('6.10 CONTINUATION without HEADERS', [frame(continuation, flag.endHeaders, 1, request())], protocol),
  connection(
    '6.10 a flood of CONTINUATION',
    [
      frame(headers, flag.endStream, 1, request()),
      ...Array.from({ length: 3000 }, () => frame(continuation, 0, 1, block(['x-flood', 'y'.repeat(100)]))),
    ],
    protocol,
    'ENHANCE_YOUR_CALM',
    compression,
    'INTERNAL_ERROR',
  ),
  connection(
    '6.10 a flood of empty CONTINUATION',
    [frame(headers, flag.endStream, 1, request()), ...Array.from({ length: 20_000 }, () => frame(continuation, 0, 1))],
    protocol,
    'ENHANCE_YOUR_CALM',
    compression,
    'INTERNAL_ERROR',
  ),

  // Messages (8.1 to 8.3)
  ok('8.1 HEAD', [get(1, block(...pseudo('HEAD')))]),
  ok('8.1 trailers', [open(1), data(1, 'hello', 0), frame(headers, end, 1, block(['x-sum', '1']))]),
  stream(
    '8.1 trailers without END_STREAM',
    [open(1), data(1, 'hello', 0), frame(headers, flag.endHeaders, 1, block(['x-sum', '1'])), data(1, 'x')],
    protocol,
    'STREAM_CLOSED',
  ),
  stream(
    '8.1 a pseudo-header in trailers',
    [open(1), data(1, 'hello', 0), frame(headers, end, 1, block([':method', 'GET']))],
    protocol,
  ),
  // node:http2 makes an error of the connection of it.
  stream('8.1.1 a length that is not that of the body', [post('3'), data(1, 'hello')], protocol, 'INTERNAL_ERROR'),
  stream('8.1.1 a length of two DATA that do not add up', [post('9'), data(1, 'hel', 0), data(1, 'lo')], protocol),
  stream(
    '8.1.1 two lengths that differ',
    [open(1, block(...pseudo('POST'), ['content-length', '5'], ['content-length', '6'])), data(1, 'hello')],
    protocol,
  ),
  stream('8.1.1 a signed length', [post('+5'), data(1, 'hello')], protocol),
  ok('8.1.1 a length that is right', [post('5'), data(1, 'hello')]),
  stream('8.2 a name in upper case', [withField('X-Upper', '1')], protocol),
  dropped('8.2.1 a name with a space', [withField('x y', '1')]),
  dropped('8.2.1 a name with a colon', [withField('x:y', '1')]),
  dropped('8.2.1 an empty name', [withField('', '1')]),
  dropped('8.2.1 a name with a line break', [withField('x\r\ny', '1')]),
  dropped('8.2.1 a value with CR LF', [withField('x', '1\r\nevil: 2')]),
  dropped('8.2.1 a value with LF', [withField('x', '1\nevil: 2')]),
  dropped('8.2.1 a value with NUL', [withField('x', '1\x002')]),
  stream('8.2.2 Connection', [withField('connection', 'keep-alive')], protocol),
  stream('8.2.2 Keep-Alive', [withField('keep-alive', 'timeout=5')], protocol),
  stream('8.2.2 Proxy-Connection', [withField('proxy-connection', 'keep-alive')], protocol),
  stream(
    '8.2.2 Transfer-Encoding (H2.TE)',
    [open(1, block(...pseudo('POST'), ['transfer-encoding', 'chunked'])), data(1, '0\r\n\r\n')],
    protocol,
  ),
  stream('8.2.2 Upgrade', [withField('upgrade', 'websocket')], protocol),
  stream('8.2.2 TE other than trailers', [withField('te', 'trailers, deflate')], protocol),
  ok('8.2.2 TE: trailers', [withField('te', 'trailers')]),
  stream('8.3 an unknown pseudo-header', [withPseudo(...pseudo('GET'), [':test', 'x'])], protocol),
  stream('8.3 a pseudo-header of responses', [withPseudo(...pseudo('GET'), [':status', '200'])], protocol),
  stream(
    '8.3 a pseudo-header behind a field',
    [withPseudo([':method', 'GET'], [':scheme', 'http'], ['x', '1'], [':path', '/a'], [':authority', 'a'])],
    protocol,
  ),
  stream('8.3.1 an empty :path', [withPseudo(...pseudo('GET', ''))], protocol),
  stream('8.3.1 no :method', [withPseudo([':scheme', 'http'], [':path', '/a'], [':authority', 'a'])], protocol),
  stream('8.3.1 no :scheme', [withPseudo([':method', 'GET'], [':path', '/a'], [':authority', 'a'])], protocol),
  stream('8.3.1 no :path', [withPseudo([':method', 'GET'], [':scheme', 'http'], [':authority', 'a'])], protocol),
  stream('8.3.1 two :method', [withPseudo(...pseudo('GET'), [':method', 'GET'])], protocol),
  stream('8.3.1 two :scheme', [withPseudo(...pseudo('GET'), [':scheme', 'http'])], protocol),
  stream('8.3.1 two :path', [withPseudo(...pseudo('GET'), [':path', '/b'])], protocol),
  stream('8.3.1 two :authority', [withPseudo(...pseudo('GET'), [':authority', 'b'])], protocol),
  stream('8.3.1 no authority at all', [withPseudo([':method', 'GET'], [':scheme', 'http'], [':path', '/a'])], protocol),
  stream('8.3.1 :authority and Host that differ', [withField('host', 'b')], protocol),
  stream(
    '8.3.1 :authority with user information',
    [withPseudo([':method', 'GET'], [':scheme', 'http'], [':path', '/a'], [':authority', 'u@a'])],
    protocol,
  ),
  stream(
    '8.3.1 a method with a space (request splitting)',
    [withPseudo(...pseudo('GET /evil HTTP/1.1\r\nx:'))],
    protocol,
  ),
  stream('8.3.1 a path with a space', [withPseudo(...pseudo('GET', '/a HTTP/1.1'))], protocol),
  stream(
    '8.3.1 a path with CR LF (H2.CL and splitting)',
    [withPseudo(...pseudo('GET', '/a HTTP/1.1\r\nHost: b\r\n\r\n'))],
    protocol,
  ),
  stream('8.3.1 a path without a slash', [withPseudo(...pseudo('GET', 'a'))], protocol),
  stream('8.3.1 a path with a fragment', [withPseudo(...pseudo('GET', '/a#b'))], protocol),
  stream('8.5 CONNECT', [withPseudo([':method', 'CONNECT'], [':authority', 'a:443'])], protocol),
  stream('9.1 TRACE', [withPseudo(...pseudo('TRACE'))], protocol),
  stream('8.1 two Hosts', [get(1, request(['host', 'a'], ['host', 'a']))], protocol),

  // Floods (10.5)
  connection(
    '10.5 rapid reset',
    Array.from({ length: 4000 }, (_, i) => [open(1 + 2 * i), frame(reset, 0, 1 + 2 * i, uint32(8))]).flat(),
    'ENHANCE_YOUR_CALM',
    'INTERNAL_ERROR',
    protocol,
  ),
  connection(
    '10.5 resets provoked by the client (MadeYouReset)',
    Array.from({ length: 4000 }, (_, i) => [open(1 + 2 * i), frame(windowUpdate, 0, 1 + 2 * i, uint32(0))]).flat(),
    'ENHANCE_YOUR_CALM',
    'INTERNAL_ERROR',
    protocol,
  ),
];
