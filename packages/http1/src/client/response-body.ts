import type { UpstreamError } from '@lazuli/http';
import type { BodySink, BodySource } from '@lazuli/policies';
import { useAgain } from '../syntax/read-copies.ts';

/** What delivers the body of a response: a connection, at the pace that is asked for. */
export interface BodyOrigin {
  pauseReading(): void;
  resumeReading(): void;
  /** Nobody wants the rest. */
  abandon(reason: Error): void;
}

/** A body that arrived whole with its head. Its connection is free already. */
export class CompleteBody implements BodySource {
  readonly length: number | null;
  #bytes: Uint8Array | null;
  #trailers: readonly string[];

  constructor(bytes: Uint8Array, length: number | null, trailers: readonly string[]) {
    this.#bytes = bytes;
    this.length = length;
    this.#trailers = trailers;
  }

  start(sink: BodySink): void {
    const bytes = this.#bytes;
    if (bytes === null) return;
    this.#bytes = null;
    if (bytes.length > 0) {
      sink.data(bytes);
      if (sink.isFree?.() === true) useAgain(bytes);
    }
    sink.end(this.#trailers);
  }

  pause(): void {}

  resume(): void {}

  abort(): void {
    this.#bytes = null;
  }
}

/** A body that is still arriving. Its connection stands still until somebody starts it. */
export class StreamedBody implements BodySource {
  readonly length: number | null;
  #origin: BodyOrigin;
  #sink: BodySink | null = null;
  #isPaused = false;
  #state: 'open' | 'ended' | 'failed' | 'aborted' = 'open';
  /** What arrived before the start: with the head, and what TLS had decrypted already. */
  #early: Uint8Array[] = [];
  #trailers: readonly string[] = [];
  #failure: UpstreamError | null = null;

  constructor(origin: BodyOrigin, length: number | null) {
    this.#origin = origin;
    this.length = length;
  }

  /** Somebody reads and has not asked to wait. */
  get isFlowing(): boolean {
    return this.#sink !== null && !this.#isPaused;
  }

  /** Nobody has asked for it yet. */
  get isUntouched(): boolean {
    return this.#sink === null;
  }

  get #isAborted(): boolean {
    return this.#state === 'aborted';
  }

  start(sink: BodySink): void {
    if (this.#sink !== null || this.#state === 'aborted') return;
    this.#sink = sink;
    const early = this.#early;
    this.#early = [];
    for (const chunk of early) {
      if (this.#isAborted) return;
      sink.data(chunk);
    }
    if (this.#isAborted) return;
    if (this.#failure) sink.error(this.#failure);
    else if (this.#state === 'ended') sink.end(this.#trailers);
    else if (this.#state === 'open' && !this.#isPaused) this.#origin.resumeReading();
  }

  pause(): void {
    if (this.#state !== 'open' || this.#isPaused) return;
    this.#isPaused = true;
    this.#origin.pauseReading();
  }

  resume(): void {
    if (this.#state !== 'open' || !this.#isPaused) return;
    this.#isPaused = false;
    if (this.#sink !== null) this.#origin.resumeReading();
  }

  abort(reason: Error): void {
    const { length } = this.#early;
    this.#early = [];
    if (this.#state === 'open') {
      this.#state = 'aborted';
      this.#origin.abandon(reason);
    } else if (length > 0) this.#state = 'aborted';
  }

  /** True: nobody needs the chunk's memory any more. */
  data(chunk: Uint8Array): boolean {
    if (this.#state !== 'open') return true;
    const sink = this.#sink;
    if (sink === null) {
      this.#early.push(chunk);
      return false;
    }
    sink.data(chunk);
    return sink.isFree?.() === true;
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
