import { describe, expect, it } from 'vitest';
import { createRingMemory, LineRingInput, LineRingOutput, ringSegments, segmentBytes } from './line-ring.ts';

function drained(memory: ReturnType<typeof createRingMemory>): string {
  let text = '';
  new LineRingOutput(memory).drain((bytes) => {
    text += bytes.toString();
  });
  return text;
}

describe('the ring of log lines', () => {
  it('gives every line in order', () => {
    const memory = createRingMemory();
    const input = new LineRingInput(memory);
    const lines = Array.from({ length: 5000 }, (_, i) => `line ${i} ${'é'.repeat(i % 40)}\n`);
    for (const line of lines) expect(input.write(line)).toBe(true);
    input.close();
    expect(drained(memory)).toBe(lines.join(''));
    expect(input.dropped).toBe(0);
  });

  it('drops and counts what finds no room, and never overwrites', () => {
    const memory = createRingMemory();
    const input = new LineRingInput(memory);
    const line = `${'x'.repeat(1023)}\n`;
    let written = 0;
    for (let i = 0; i < 2 * ringSegments * (segmentBytes / 1024); i++) if (input.write(line)) written++;
    input.close();
    const text = drained(memory);
    expect(text.length).toBe(written * 1024);
    expect(written).toBeGreaterThan(ringSegments * (segmentBytes / 1024) * 0.9);
    expect(input.dropped).toBe(2 * ringSegments * (segmentBytes / 1024) - written);
  });

  it('goes on when the other side has made room', () => {
    const memory = createRingMemory();
    const input = new LineRingInput(memory);
    while (input.write(`${'x'.repeat(1023)}\n`));
    input.seal();
    // What the writer does when it has written a segment.
    Atomics.store(new Int32Array(memory.control), 0, 0);
    expect(input.write('after\n')).toBe(true);
  });

  it('drops a line that is longer than a segment', () => {
    const input = new LineRingInput(createRingMemory());
    expect(input.write(`${'x'.repeat(segmentBytes)}\n`)).toBe(false);
    expect(input.dropped).toBe(1);
    expect(input.write('short\n')).toBe(true);
  });
});
