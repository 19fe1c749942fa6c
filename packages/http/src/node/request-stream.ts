import { Readable } from 'node:stream';
import type { BodySource } from '@lazuli/policies';
import { UpstreamError } from '../upstream.ts';

/** A request body as the readable stream that Node's clients take, at their pace. */
export class RequestStream extends Readable {
  /** Known when the body has ended; flat. */
  trailers: readonly string[] = [];
  #source: BodySource;
  #started = false;
  #ended = false;

  constructor(source: BodySource) {
    super({ highWaterMark: 64 * 1024 });
    this.#source = source;
    // Whoever sends the body listens; after the exchange is over nobody does.
    this.on('error', () => {});
  }

  override _read(): void {
    if (this.#started) {
      this.#source.resume();
      return;
    }
    this.#started = true;
    this.#source.start({
      data: (chunk) => {
        if (!this.destroyed && !this.push(chunk)) this.#source.pause();
      },
      end: (trailers) => {
        this.#ended = true;
        this.trailers = trailers;
        if (!this.destroyed) this.push(null);
      },
      error: (error) => {
        this.#ended = true;
        this.destroy(new UpstreamError('aborted', 'The body of the request broke off.', { cause: error }));
      },
    });
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#source.abort(error ?? new Error('The backend does not want the rest of the body.'));
    }
    callback(error);
  }
}
