import type { BodySink, BodySource } from './body.ts';

/** The whole content when it is not larger than the limit, else a source that still gives all of it. */
export type Peeked = { readonly bytes: Uint8Array } | { readonly source: BodySource };

/**
 * Collects a body up to `limit` bytes without losing anything of a larger one: that flows on from where it was, what was
 * collected first. Rejects with the source's error.
 */
export function peekBody(source: BodySource, limit: number): Promise<Peeked> {
  if (source.length !== null && source.length > limit) return Promise.resolve({ source });
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    let target: BodySink | null = null;
    let isOver = false;
    let failure: Error | null = null;
    let end: readonly string[] | null = null;

    /** Gives what has been collected and what happened meanwhile. */
    const flush = () => {
      while (target && chunks.length > 0) target.data(chunks.shift() as Uint8Array);
      if (!target) return;
      if (failure) target.error(failure);
      else if (end) target.end(end);
    };

    source.start({
      data(chunk) {
        if (target && chunks.length === 0) {
          target.data(chunk);
          return;
        }
        chunks.push(chunk);
        size += chunk.length;
        if (isOver || size <= limit) return;
        isOver = true;
        source.pause();
        resolve({
          source: {
            length: source.length,
            start(sink) {
              target = sink;
              flush();
              source.resume();
            },
            pause: () => source.pause(),
            resume: () => source.resume(),
            abort: (reason) => source.abort(reason),
          },
        });
      },
      end(trailers) {
        if (!isOver) resolve({ bytes: chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, size) });
        else if (target) target.end(trailers);
        else end = trailers;
      },
      error(error) {
        if (!isOver) reject(error);
        else if (target) target.error(error);
        else failure = error;
      },
    });
  });
}
