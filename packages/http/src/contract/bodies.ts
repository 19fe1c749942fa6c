import type { BodySink, BodySource } from '@lazuli/policies';

/** A body whose chunks the test pushes, and that remembers what was asked of it. */
export class ManualBody implements BodySource {
  readonly length: number | null;
  sink: BodySink | null = null;
  isPaused = false;
  aborted: Error | null = null;
  #onStart: (body: ManualBody) => void;
  #onAbort: () => void = () => {};
  #onResume: () => void = () => {};

  constructor(length: number | null, onStart: (body: ManualBody) => void = () => {}) {
    this.length = length;
    this.#onStart = onStart;
  }

  start(sink: BodySink): void {
    this.sink = sink;
    this.#onStart(this);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.#onResume();
  }

  abort(reason: Error): void {
    this.aborted = reason;
    this.#onAbort();
  }

  push(text: string): this {
    this.sink?.data(Buffer.from(text, 'latin1'));
    return this;
  }

  end(trailers: readonly string[] = []): void {
    this.sink?.end(trailers);
  }

  whenAborted(): Promise<void> {
    return new Promise((resolve) => {
      this.#onAbort = resolve;
      if (this.aborted) resolve();
    });
  }

  onResume(listener: () => void): void {
    this.#onResume = listener;
  }
}

/** A body of `size` bytes made on the fly, as fast as it is taken. */
export function bodyOfSize(size: number, length: number | null, chunkSize = 64 * 1024): ManualBody & { sent: number } {
  const chunk = Buffer.alloc(chunkSize, 'x');
  const body = Object.assign(new ManualBody(length, () => pump()), { sent: 0 });
  const pump = () => {
    while (!body.isPaused && !body.aborted && body.sent < size) {
      const part = Math.min(chunkSize, size - body.sent);
      body.sent += part;
      body.sink?.data(part === chunkSize ? chunk : chunk.subarray(0, part));
      if (body.sent >= size) body.end();
    }
  };
  body.onResume(pump);
  return body;
}

export interface ReadBody {
  readonly text: string;
  readonly trailers: readonly string[];
}

/** Reads a body to its end. Rejects with the source's error. */
export function readBody(source: BodySource | null): Promise<ReadBody> {
  if (source === null) return Promise.resolve({ text: '', trailers: [] });
  return new Promise((resolve, reject) => {
    let text = '';
    source.start({
      data: (chunk) => {
        text += Buffer.from(chunk).toString('latin1');
      },
      end: (trailers) => resolve({ text, trailers }),
      error: reject,
    });
  });
}

/** Reads and forgets; resolves with the number of bytes. */
export function countBody(source: BodySource): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    source.start({
      data: (chunk) => {
        bytes += chunk.length;
      },
      end: () => resolve(bytes),
      error: reject,
    });
  });
}
