import type { BodySink, BodySource } from '../http/body.ts';

/** A source that gives `content` in pieces of `chunk` bytes, asynchronously, as a socket would. Respects `pause`. */
export function sourceOf(content: string | Uint8Array, chunk = 16_384, length: number | null = null): BodySource {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  let sink: BodySink | null = null;
  let at = 0;
  let isPaused = false;
  let isOver = false;
  const pump = () => {
    while (sink && !isPaused && !isOver) {
      if (at >= bytes.length) {
        isOver = true;
        sink.end([]);
        return;
      }
      const next = bytes.subarray(at, at + chunk);
      at += next.length;
      sink.data(next);
    }
  };
  return {
    length,
    start(to) {
      sink = to;
      queueMicrotask(pump);
    },
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      queueMicrotask(pump);
    },
    abort() {
      isOver = true;
    },
  };
}
