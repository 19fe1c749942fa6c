import { expect, it } from 'vitest';
import { type FrameReader, FrameWriter, frameSplitter, operations } from './frames.ts';

const read = (id: number, operation: number, payload: FrameReader) =>
  [id, operation, payload.number(), payload.byte(), payload.text(), payload.rest().toString('latin1')] as const;

function framesOf(count: number): { bytes: Buffer; expected: unknown[] } {
  const writer = new FrameWriter();
  const expected: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const text = `key ${'é'.repeat(i)}`;
    const rest = 'x'.repeat(i * 3);
    const frame = writer.begin(0xffff_fff0 + i, operations.set).number(i / 3);
    frame.byte(i).text(text).bytes(Buffer.from(rest)).end();
    expected.push([0xffff_fff0 + i, operations.set, i / 3, i, text, rest]);
  }
  return { bytes: writer.take(), expected };
}

it('frames are the same however they are cut, and whatever is written over what was read', () => {
  const { bytes, expected } = framesOf(12);
  for (let size = 1; size <= bytes.length; size++) {
    const found: unknown[] = [];
    const split = frameSplitter((id, operation, payload) => found.push(read(id, operation, payload)));
    const shared = Buffer.alloc(size);
    for (let at = 0; at < bytes.length; at += size) {
      const length = bytes.copy(shared, 0, at, at + size);
      split(shared.subarray(0, length));
      shared.fill(0xff);
    }
    expect(found).toEqual(expected);
  }
});

it('frames larger than the buffer are written whole', () => {
  const large = Buffer.alloc(3 * 1024 * 1024, 'y');
  const writer = new FrameWriter();
  for (const id of [1, 2]) writer.begin(id, operations.set).number(1).byte(2).text('k').bytes(large).end();
  const found: unknown[] = [];
  frameSplitter((id, operation, payload) => found.push(read(id, operation, payload)))(writer.take());
  expect(found).toEqual([1, 2].map((id) => [id, operations.set, 1, 2, 'k', large.toString('latin1')]));
  expect(writer.isEmpty).toBe(true);
});

it('a frame that is too short for its values, or too long for anybody, is an error', () => {
  const writer = new FrameWriter();
  writer.begin(1, operations.get).byte(1).end();
  writer.begin(2, operations.get).number(1).end();
  const splitInto = (use: (payload: FrameReader) => void) => () =>
    frameSplitter((_id, _operation, payload) => use(payload))(bytes);
  const bytes = writer.take();
  // The next frame's bytes are there, and are not this one's.
  expect(splitInto((payload) => payload.number())).toThrow(RangeError);
  expect(splitInto((payload) => payload.text())).toThrow(RangeError);
  const hostile = Buffer.alloc(9, 0xff);
  expect(() => frameSplitter(() => {})(hostile)).toThrow('is not one of ours');
});
