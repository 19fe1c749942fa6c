import { constants } from 'node:http2';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Http2FrameCheck, type Http2Violation } from './http2-frame-check.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const types = { data: 0, headers: 1, priority: 2, reset: 3, settings: 4, ping: 6, windowUpdate: 8, continuation: 9 };
const end = constants.NGHTTP2_FLAG_END_STREAM;
const ack = constants.NGHTTP2_FLAG_ACK;

function frame(type: keyof typeof types, flags: number, stream: number, payload: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(payload);
  const head = Buffer.alloc(9);
  head.writeUIntBE(bytes.length, 0, 3);
  head[3] = types[type];
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, bytes]);
}

function dependsOn(stream: number): Buffer {
  const payload = Buffer.alloc(5, 7);
  payload.writeUInt32BE(stream, 0);
  return payload;
}

/** What passes, and what is found, when the bytes arrive in such pieces. */
function check(bytes: Buffer, cuts: readonly number[] = []): { passed: Buffer; violation: Http2Violation | null } {
  const passed: Buffer[] = [];
  const frames = new Http2FrameCheck((some) => {
    expect(some.length).toBeGreaterThan(0);
    passed.push(Buffer.from(some));
  });
  const ends = [...new Set([...cuts.map((cut) => cut % bytes.length), bytes.length])].sort((a, b) => a - b);
  let at = 0;
  let violation: Http2Violation | null = null;
  for (const next of ends) {
    if (next > at) violation = frames.take(bytes.subarray(at, next));
    if (violation !== null) break;
    at = next;
  }
  return { passed: Buffer.concat(passed), violation };
}

const behaved = [
  preface,
  frame('settings', 0, 0, Buffer.alloc(12)),
  frame('headers', end | 4, 1, 'fields'),
  frame('headers', 4, 3, 'fields'),
  frame('data', 0, 3, 'x'.repeat(300)),
  frame('priority', 0, 5, dependsOn(3)),
  frame('windowUpdate', 0, 1, Buffer.alloc(4, 1)),
  frame('data', end, 3),
  frame('headers', 4, 7, 'fields'),
  frame('headers', end | 4, 7, 'trailers'),
  frame('headers', 4, 9, 'fields'),
  frame('reset', 0, 9, Buffer.alloc(4)),
  frame('reset', 0, 9, Buffer.alloc(4)),
  frame('ping', 0, 0, '12345678'),
  // Not this check's: nghttp2 knows them.
  frame('data', 0, 0, 'x'),
  frame('data', 0, 99, 'x'),
  frame('priority', 0, 1, 'four'),
  frame('ping', ack, 0, 'short'),
  frame('ping', ack, 5, '12345678'),
];

const broken: readonly (readonly [name: string, Buffer, keyof typeof constants & `NGHTTP2_${string}`])[] = [
  ['DATA behind the end', frame('data', 0, 1, 'x'), 'NGHTTP2_STREAM_CLOSED'],
  ['HEADERS behind the end', frame('headers', 4, 3, 'x'), 'NGHTTP2_STREAM_CLOSED'],
  ['HEADERS behind trailers', frame('headers', end, 7, 'x'), 'NGHTTP2_STREAM_CLOSED'],
  ['DATA behind a reset', frame('data', end, 9), 'NGHTTP2_STREAM_CLOSED'],
  ['a stream that was skipped', frame('headers', end, 5, 'x'), 'NGHTTP2_STREAM_CLOSED'],
  ['PRIORITY on stream 0', frame('priority', 0, 0, dependsOn(1)), 'NGHTTP2_PROTOCOL_ERROR'],
  ['a stream that depends on itself', frame('priority', 0, 11, dependsOn(11)), 'NGHTTP2_PROTOCOL_ERROR'],
  ['the same, exclusively', frame('priority', 0, 11, dependsOn(0x8000000b)), 'NGHTTP2_PROTOCOL_ERROR'],
];

describe('the check of frames', () => {
  test('lets pass what is allowed, in whatever pieces it arrives', () => {
    const bytes = Buffer.concat(behaved);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => {
        expect(check(bytes, cuts)).toEqual({ passed: bytes, violation: null });
      }),
    );
    expect(check(bytes, [...bytes.keys()])).toEqual({ passed: bytes, violation: null });
  });

  test.each(broken)('finds %s, and passes all before it', (_name, bad, code) => {
    const before = Buffer.concat(behaved);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
        const { passed, violation } = check(Buffer.concat([before, bad, frame('headers', end, 1001)]), cuts);
        expect(violation).toMatchObject({ code: constants[code], message: expect.stringMatching(/stream/) });
        expect(passed).toEqual(before);
      }),
    );
  });

  test('drops acknowledgements of PINGs', () => {
    const [before, after] = [Buffer.concat(behaved), frame('headers', end, 1001, 'x')];
    const unasked = frame('ping', ack, 0, '12345678');
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
        const bytes = Buffer.concat([before, unasked, unasked, after]);
        expect(check(bytes, cuts)).toEqual({ passed: Buffer.concat([before, after]), violation: null });
      }),
    );
  });

  test('survives any bytes, and adds none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(), { maxLength: 10 }), (random, cuts) => {
        const { passed } = check(Buffer.concat([preface, random]), cuts);
        expect(passed.length).toBeLessThanOrEqual(preface.length + random.length);
      }),
    );
  });

  test('forgets the oldest of the streams that are not ended, not the latest', () => {
    const opened = Array.from({ length: 5000 }, (_, index) => frame('headers', 4, 2 * index + 1, 'x'));
    const { violation } = check(Buffer.concat([preface, ...opened, frame('data', 0, 9999, 'x')]));
    expect(violation).toBeNull();
    expect(check(Buffer.concat([preface, ...opened, frame('data', 0, 1, 'x')])).violation).not.toBeNull();
  });
});
