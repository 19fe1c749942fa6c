import type { BodySource } from '@lazuli/policies';

/** What a body is written to: a server response, an HTTP/2 stream. */
export interface BodyTarget {
  /** False: full, wait for `drain`. */
  write(chunk: Uint8Array): boolean;
  on(event: 'drain', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
}

export interface BodyWriterHooks {
  /** The target is full (true) or takes more again (false). */
  stalled(full: boolean): void;
  ended(trailers: readonly string[]): void;
  /** The source broke: the message cannot be completed any more. */
  failed(error: Error): void;
}

/** Lets a body flow into a target at the target's pace. */
export class BodyWriter {
  /** Bytes handed to the target. */
  bytes = 0;
  #source: BodySource;
  #done = false;
  #full = false;

  constructor(source: BodySource, target: BodyTarget, hooks: BodyWriterHooks) {
    this.#source = source;
    target.on('drain', () => {
      if (!this.#full) return;
      this.#full = false;
      hooks.stalled(false);
      if (!this.#done) source.resume();
    });
    target.once('close', () => this.#leave());
    const { length } = source;
    const breakOff = (error: Error): void => {
      if (this.#done) return;
      this.#done = true;
      hooks.failed(error);
    };
    source.start({
      data: (chunk) => {
        if (this.#done) return;
        // More than the announced length would be read as the start of the next message.
        if (length !== null && this.bytes + chunk.length > length) {
          source.abort(new Error(wrongLength));
          breakOff(new Error(wrongLength));
          return;
        }
        this.bytes += chunk.length;
        if (target.write(chunk) || this.#full) return;
        this.#full = true;
        source.pause();
        hooks.stalled(true);
      },
      end: (trailers) => {
        if (this.#done) return;
        if (length !== null && this.bytes < length) {
          breakOff(new Error(wrongLength));
          return;
        }
        this.#done = true;
        hooks.ended(trailers);
      },
      error: breakOff,
    });
  }

  #leave(): void {
    if (this.#done) return;
    this.#done = true;
    this.#source.abort(new Error('The receiver is gone.'));
  }
}

const wrongLength = 'The body is not as long as was announced.';
