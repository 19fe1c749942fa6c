import { flag, frame, frameTypes, get, request } from '../kit/http2-wire.ts';
import { compression, connection, type Http2Case, ok, protocol } from './http2-case.ts';

const { headers, priority } = frameTypes;

/** GET of `/` at `a`, in the representations that a client with a table uses; the authority is added to the table. */
const root = Buffer.from([0x82, 0x86, 0x84, 0x41, 1, 0x61]);
/** A field of one character each, in the representation of this first byte. */
const literal = (first: number, name: string, value: string) =>
  Buffer.from([first, 1, name.charCodeAt(0), 1, value.charCodeAt(0)]);

/** HPACK (RFC 9113 section 4.3, RFC 7541). */
export const hpackCases: readonly Http2Case[] = [
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
];
