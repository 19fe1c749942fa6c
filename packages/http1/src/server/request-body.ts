import type { BodySink, BodySource } from '@lazuli/policies';
import { useAgain } from '../syntax/read-copies.ts';

/** What a request's body asks of its connection. */
export interface BodyOwner {
  /** Before the first byte is read. */
  bodyStarted(): void;
  /** It takes more, or no more, for now. */
  bodyFlowChanged(): void;
}

/** The body of a request: what the connection has read of it goes to the sink at the sink's pace. */
export class RequestBody implements BodySource {
  readonly length: number | null;
  #owner: BodyOwner;
  #sink: BodySink | null = null;
  #state: 'waiting' | 'flowing' | 'ended' | 'aborted' = 'waiting';
  #isPaused = false;
  /** Arrived before anybody asked for it, or while the sink had enough. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #trailers: readonly string[] | null = null;
  #failure: Error | null = null;

  constructor(length: number | null, owner: BodyOwner) {
    this.length = length;
    this.#owner = owner;
  }

  start(sink: BodySink): void {
    if (this.#state !== 'waiting') {
      if (this.#failure) sink.error(this.#failure);
      return;
    }
    this.#state = 'flowing';
    this.#sink = sink;
    this.#owner.bodyStarted();
    this.#flow();
  }

  pause(): void {
    if (this.#state !== 'flowing' || this.#isPaused) return;
    this.#isPaused = true;
    this.#owner.bodyFlowChanged();
  }

  resume(): void {
    if (this.#state !== 'flowing' || !this.#isPaused) return;
    this.#isPaused = false;
    this.#flow();
  }

  abort(reason: Error): void {
    if (this.#state === 'ended' || this.#state === 'aborted') return;
    this.#state = 'aborted';
    this.#failure ??= reason;
    this.#sink = null;
    this.#held = [];
    this.#heldBytes = 0;
    this.#owner.bodyFlowChanged();
  }

  /** Somebody is reading and still wants the rest. */
  get isWanted(): boolean {
    return this.#state === 'flowing';
  }

  /** The connection should not read on. */
  get isFull(): boolean {
    switch (this.#state) {
      case 'waiting':
        return this.#heldBytes >= mostHeldBytes;
      case 'flowing':
        return this.#isPaused;
      default:
        return this.#state === 'aborted';
    }
  }

  /** More of it has arrived. */
  push(bytes: Uint8Array): void {
    if (this.#state === 'flowing' && !this.#isPaused && this.#held.length === 0) {
      this.#give(bytes);
    } else if (this.#state === 'flowing' || this.#state === 'waiting') {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
    }
  }

  /** All of it has arrived; `trailers` is flat. */
  finish(trailers: readonly string[]): void {
    if (this.#state !== 'flowing' && this.#state !== 'waiting') return;
    this.#trailers = trailers;
    this.#flow();
  }

  /** The rest will not come: tells the sink, now or when it starts. */
  fail(error: Error): void {
    if (this.#state === 'ended' || this.#state === 'aborted' || this.#failure || this.#trailers) return;
    this.#failure = error;
    const sink = this.#sink;
    this.#state = 'ended';
    this.#sink = null;
    this.#held = [];
    sink?.error(error);
  }

  #give(bytes: Uint8Array): void {
    const sink = this.#sink;
    if (sink === null) return;
    sink.data(bytes);
    if (sink.isFree?.() === true) useAgain(bytes);
  }

  #flow(): void {
    while (this.#state === 'flowing' && !this.#isPaused) {
      const next = this.#held.shift();
      if (next === undefined) {
        if (this.#trailers === null) break;
        const sink = this.#sink;
        this.#state = 'ended';
        this.#sink = null;
        sink?.end(this.#trailers);
        return;
      }
      this.#heldBytes -= next.length;
      this.#give(next);
    }
    this.#owner.bodyFlowChanged();
  }
}

/** So much of a body that nobody reads yet is taken in. */
const mostHeldBytes = 64 * 1024;
