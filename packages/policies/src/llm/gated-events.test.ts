import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BodySource } from '../http/body.ts';
import { gateEvents } from './gated-events.ts';

const event = (text: string) => `data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}\n\n`;

/** Sends pieces through a gate; gives what came out, the windows that were checked, and what the source was told. */
async function through(
  pieces: readonly string[],
  options: { windowSize?: number; overlap?: number; forbidden?: string } = {},
) {
  const { windowSize = 10, overlap = 0, forbidden = 'bad' } = options;
  const windows: string[] = [];
  const told: string[] = [];
  let out = '';
  const queue = [...pieces];
  let isPaused = false;
  let isRunning = false;
  let push: () => void = () => {};
  const source: BodySource = {
    length: null,
    start(sink) {
      push = () => {
        if (isRunning) return;
        isRunning = true;
        while (!isPaused && queue.length > 0) sink.data(Buffer.from(queue.shift() ?? ''));
        isRunning = false;
        if (!isPaused && queue.length === 0 && !told.includes('ended') && !told.includes('aborted')) {
          told.push('ended');
          sink.end([]);
        }
      };
      push();
    },
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      push();
    },
    abort() {
      told.push('aborted');
    },
  };
  await new Promise<void>((resolve, reject) => {
    gateEvents(source, {
      windowSize,
      overlap,
      async check(text) {
        windows.push(text);
        await Promise.resolve();
        if (text.includes(forbidden)) throw new Error('no');
      },
      refused: () => told.push('refused'),
    }).start({
      data(chunk) {
        out += Buffer.from(chunk).toString();
      },
      end: () => resolve(),
      error: reject,
    });
  });
  return { out, windows, told };
}

describe('gateEvents', () => {
  it('passes everything, in windows', async () => {
    const events = ['Hello ', 'world, ', 'how ', 'are you?'].map(event);
    const { out, windows } = await through([...events, 'data: [DONE]\n\n']);
    expect(out).toBe([...events, 'data: [DONE]\n\n'].join(''));
    expect(windows).toEqual(['Hello world, ', 'how are you?']);
  });

  it('ends before the window that may not pass', async () => {
    const events = ['Hello world, ', 'some bad ', 'words'].map(event);
    const { out, windows, told } = await through(events);
    expect(out).toBe(events[0]);
    expect(windows).toEqual(['Hello world, ', 'some bad words']);
    expect(told).toContain('refused');
  });

  it('checks the seam of windows again when they overlap', async () => {
    const events = ['0123456ba', 'd789abcdef'].map(event);
    expect((await through(events, { windowSize: 9 })).told).not.toContain('refused');
    expect((await through(events, { windowSize: 9, overlap: 4 })).told).toContain('refused');
  });

  it('does not hold events without text back', async () => {
    const ping = ': ping\n\n';
    expect((await through([ping, event('x')])).out).toBe(ping + event('x'));
  });

  it('checks what no reader of JSON would see', async () => {
    expect((await through(['data: bad\n\n'])).out).toBe('');
    expect((await through(['data: something bad'])).out).toBe('');
  });

  it('gives the same, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 8 }).filter((text) => !text.includes('bad'))),
        fc.array(fc.integer({ min: 1, max: 30 })),
        async (texts, cuts) => {
          const all = texts.map(event).join('');
          const pieces: string[] = [];
          let at = 0;
          for (const cut of cuts) {
            pieces.push(all.slice(at, at + cut));
            at += cut;
          }
          pieces.push(all.slice(at));
          const { out } = await through(pieces, { forbidden: '\u0000never' });
          expect(out).toBe(all);
        },
      ),
    );
  });
});
