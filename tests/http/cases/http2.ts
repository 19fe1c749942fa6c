import {
  block,
  data,
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
import { hpackCases } from './hpack.ts';
import { bare, compression, connection, end, flow, type Http2Case, ok, protocol, size, stream } from './http2-case.ts';
import { messageCases } from './http2-messages.ts';

const { headers, continuation, priority, reset, ping, goaway, windowUpdate, pushPromise } = frameTypes;

/** What clients send in frames, by the sections of RFC 9113. */
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

  ...hpackCases,

  // Stream states (5.1)
  connection('5.1 DATA on an idle stream', [data(1, 'x')], protocol, 'STREAM_CLOSED'),
  connection('5.1 RST_STREAM on an idle stream', [frame(reset, 0, 1, uint32(8))], protocol),
  connection('5.1 WINDOW_UPDATE on an idle stream', [frame(windowUpdate, 0, 1, uint32(100))], protocol),
  connection('5.1 CONTINUATION on an idle stream', [frame(continuation, flag.endHeaders, 1, request())], protocol),
  connection('5.1 DATA on a half-closed stream', [get(1), data(1, 'x')], 'STREAM_CLOSED'),
  connection('5.1 HEADERS on a half-closed stream', [get(1), get(1)], 'STREAM_CLOSED', protocol),
  stream('5.1 a reset stream is not answered', [open(1), frame(reset, 0, 1, uint32(8))]),
  connection('5.1 DATA behind a reset', [open(1), frame(reset, 0, 1, uint32(8)), data(1, 'x')], 'STREAM_CLOSED'),
  connection('5.1 HEADERS behind a reset', [open(1), frame(reset, 0, 1, uint32(8)), get(1)], 'STREAM_CLOSED'),
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
  connection('5.1.1 a stream identifier below the last', [get(5), get(3)], 'STREAM_CLOSED', protocol),
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
  connection('6.3 PRIORITY on stream 0', [frame(priority, 0, 0, Buffer.alloc(5)), get(1)], protocol),
  connection(
    '6.3 PRIORITY of a stream that depends on itself',
    [frame(priority, 0, 1, Buffer.concat([uint32(1), Buffer.from([1])])), get(1)],
    protocol,
  ),
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
  ok('6.7 an acknowledgement that nobody waits for', [frame(ping, flag.ack, 0, '12345678'), get(1)]),
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

  ...messageCases,

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
