import type { Readable } from 'node:stream';
import type { BodySink, BodySource } from '@lazuli/policies';

/** A body behind one of Node's readable streams (a request, a response, an HTTP/2 stream). */
export class ReadableBody implements BodySource {
  readonly length: number | null;
  #stream: Readable;
  #hooks: ReadableBodyHooks;
  #sink: BodySink | null = null;
  #state: 'waiting' | 'flowing' | 'ended' | 'aborted' = 'waiting';
  #failure: Error | null = null;

  constructor(stream: Readable, length: number | null, hooks: ReadableBodyHooks) {
    this.#stream = stream;
    this.length = length;
    this.#hooks = hooks;
    // Node emits errors of a stream nobody reads as uncaught exceptions.
    stream.on('error', (error: Error) => this.fail(hooks.describe(error)));
  }

  start(sink: BodySink): void {
    if (this.#failure) {
      sink.error(this.#failure);
      return;
    }
    if (this.#state !== 'waiting') return;
    this.#state = 'flowing';
    this.#sink = sink;
    this.#hooks.started();
    const stream = this.#stream;
    stream.on('data', (chunk: Uint8Array) => {
      if (this.#state === 'flowing') sink.data(chunk);
    });
    stream.on('end', () => {
      if (this.#state !== 'flowing') return;
      this.#state = 'ended';
      sink.end(this.#hooks.trailers());
    });
    stream.on('close', () => this.fail(new Error('The connection was closed before the whole body had arrived.')));
  }

  pause(): void {
    if (this.#state === 'flowing') this.#stream.pause();
  }

  resume(): void {
    if (this.#state === 'flowing') this.#stream.resume();
  }

  abort(reason: Error): void {
    if (this.#state === 'ended' || this.#state === 'aborted') return;
    this.#state = 'aborted';
    this.#failure ??= reason;
    this.#sink = null;
    this.#hooks.aborted(reason);
  }

  /** The rest will not come: tells the sink, now or when it starts. */
  fail(error: Error): void {
    if (this.#state === 'ended' || this.#state === 'aborted' || this.#failure) return;
    this.#failure = error;
    if (this.#state !== 'flowing') return;
    this.#state = 'ended';
    this.#sink?.error(error);
  }

  /** Somebody is reading and still wants the rest. */
  get isWanted(): boolean {
    return this.#state === 'flowing';
  }
}

export interface ReadableBodyHooks {
  /** Before the first byte is read. */
  started(): void;
  /** Nobody wants the rest. */
  aborted(reason: Error): void;
  /** Known when the body has ended; flat. */
  trailers(): readonly string[];
  /** Turns the stream's error into the one that the sink gets. */
  describe(error: Error): Error;
}
