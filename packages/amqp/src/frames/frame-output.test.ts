import { expect, test } from 'vitest';
import { FrameOutput } from './frame-output.ts';

function frameWith(output: FrameOutput, head: string, payload: readonly Buffer[]): void {
  const start = output.beginFrame(0, 7);
  output.raw(Buffer.from(head));
  output.endFrameWith(
    start,
    payload,
    payload.reduce((sum, piece) => sum + piece.length, 0),
  );
}

/** Frames as a peer sees them: channel and what follows the frame's head. */
function framesOf(bytes: Buffer): { channel: number; body: string }[] {
  const frames = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    frames.push({ channel: bytes.readUInt16BE(at + 6), body: bytes.toString('latin1', at + 8, at + size) });
    at += size;
  }
  return frames;
}

test('small payloads lie in the buffer, large ones are passed on as they are, all in order', () => {
  const output = new FrameOutput();
  const large = Buffer.alloc(100_000, 'L');
  frameWith(output, 'one ', [Buffer.from('small'), Buffer.from(' pieces')]);
  frameWith(output, 'two ', [Buffer.from('before '), large]);
  frameWith(output, 'three ', [Buffer.from('small again')]);
  expect(output.pending).toBe(
    3 * 8 + 'one small pieces'.length + 'two before '.length + 100_000 + 'three small again'.length,
  );
  const pieces = output.take();
  expect(pieces).toContain(large);
  expect(framesOf(Buffer.concat(pieces))).toEqual([
    { channel: 7, body: 'one small pieces' },
    { channel: 7, body: `two before ${'L'.repeat(100_000)}` },
    { channel: 7, body: 'three small again' },
  ]);
  expect(output.pending).toBe(0);
  expect(output.take()).toEqual([]);
});

test('a buffer that grows keeps what lies behind a payload that was passed on', () => {
  const output = new FrameOutput();
  const large = Buffer.alloc(9000, 'L');
  const expected = [];
  for (let n = 0; n < 40; n++) {
    frameWith(output, `${n} `, [n % 2 === 0 ? large : Buffer.alloc(8000, 's')]);
    expected.push({ channel: 7, body: `${n} ${n % 2 === 0 ? 'L'.repeat(9000) : 's'.repeat(8000)}` });
  }
  expect(framesOf(Buffer.concat(output.take()))).toEqual(expected);
});
