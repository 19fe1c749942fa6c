import type { BodySink, BodySource } from '@lazuli/policies';
import type { Dispatcher } from 'undici';
import type { UpstreamError } from '../upstream.ts';

/** The body of a response that undici delivers; undici stands still until somebody starts it. */
export class DispatchedBody implements BodySource {
  readonly length: number | null;
  #controller: Dispatcher.DispatchController;
  #sink: BodySink | null = null;
  /** What arrived before the start: undici empties its socket when the backend closes, paused or not. */
  #early: Uint8Array[] = [];
  #state: 'open' | 'ended' | 'failed' | 'aborted' = 'open';
  #trailers: readonly string[] = [];
  #failure: UpstreamError | null = null;

  constructor(controller: Dispatcher.DispatchController, length: number | null) {
    this.#controller = controller;
    this.length = length;
  }

  start(sink: BodySink): void {
    if (this.#sink !== null || this.#state === 'aborted') return;
    this.#sink = sink;
    for (const chunk of this.#early) sink.data(chunk);
    this.#early = [];
    if (this.#failure) sink.error(this.#failure);
    else if (this.#state === 'ended') sink.end(this.#trailers);
    else this.#controller.resume();
  }

  // A controller that outlived its exchange must not touch the connection: it may carry the next one.
  pause(): void {
    if (this.#state === 'open') this.#controller.pause();
  }

  resume(): void {
    if (this.#state === 'open') this.#controller.resume();
  }

  abort(reason: Error): void {
    if (this.#state !== 'open') return;
    this.#state = 'aborted';
    this.#early = [];
    this.#controller.abort(reason);
  }

  data(chunk: Uint8Array): void {
    if (this.#state !== 'open') return;
    if (this.#sink) this.#sink.data(chunk);
    else this.#early.push(chunk);
  }

  end(trailers: readonly string[]): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    this.#trailers = trailers;
    this.#sink?.end(trailers);
  }

  fail(error: UpstreamError): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    this.#failure = error;
    this.#sink?.error(error);
  }
}
