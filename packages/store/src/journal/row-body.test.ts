import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { RowBody } from './row-body.ts';

const bytes = Uint8Array.from({ length: 60_000 }, (_, n) => (n * 7 + (n >> 8)) & 0xff);
/** Each in memory of its own. */
const cut = (...at: number[]): Uint8Array[] =>
  [0, ...at].map((start, index) => bytes.slice(start, at[index] ?? bytes.length));

test('says the same in one piece and in several', () => {
  for (const pieces of [cut(), cut(1, 30_000), cut(10, 20, 20, 20, 59_999), cut(0, 60_000)]) {
    const body = new RowBody(pieces);
    expect(body.bytes).toBe(bytes.length);
    expect(body.checksum).toBe(crc32(bytes) | 0);
    expect(Buffer.compare(body.whole(), bytes)).toBe(0);
    for (const [offset, length] of [
      [0, 60_000],
      [0, 0],
      [5, 10],
      [9, 2],
      [10, 20],
      [15, 30_000],
      [29_999, 2],
      [59_999, 1],
    ] as const) {
      const slice = body.slice(offset, length);
      expect(Buffer.concat(slice).equals(bytes.subarray(offset, offset + length)), `${offset} ${length}`).toBe(true);
      expect(slice.every((piece) => piece.length > 0)).toBe(true);
    }
  }
});

test('keeps large pieces as they are, and joins small ones and those that hold much other memory', () => {
  const large = cut(20_000, 40_000);
  expect(RowBody.of(large).pieces).toEqual(large);
  expect(RowBody.of(large).pieces[1]).toBe(large[1]);
  expect(RowBody.of(cut(20, 40, 60, 80, 100, 120, 140)).pieces).toHaveLength(1);
  expect(RowBody.of([bytes.subarray(0, 20_000), new Uint8Array(20_000)]).pieces).toHaveLength(1);
});

test('gives away only memory that it has itself', () => {
  const own = bytes.slice();
  const given = RowBody.of([own]);
  expect(given.pieces[0]).toBe(own);
  expect(given.whole().buffer).not.toBe(own.buffer);
  const joined = RowBody.of([own.subarray(0, 10), own.subarray(10, 20)]);
  expect(joined.whole()).toBe(joined.pieces[0]);
  const [part, whole] = [own.subarray(1), new RowBody([own.subarray(1)]).whole()];
  expect([whole.byteOffset, whole.buffer.byteLength]).toEqual([0, part.length]);
});
