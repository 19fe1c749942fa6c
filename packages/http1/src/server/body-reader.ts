import { ChunkedDecoder, type ChunkedFault, type ContentSink } from '../syntax/chunked-decoder.ts';
import type { FieldLimits } from '../syntax/field-reader.ts';

/** Finds the end of a request's body, by its length or by its chunks. One serves a connection's bodies one after the other. */
export class BodyReader {
  #limits: FieldLimits;
  #bytesLeft = 0;
  #decoder: ChunkedDecoder | null = null;
  #isChunked = false;

  constructor(limits: FieldLimits) {
    this.#limits = limits;
  }

  /** `length`: null when the body is chunked. */
  begin(length: number | null): void {
    this.#isChunked = length === null;
    this.#bytesLeft = length ?? 0;
    if (length !== null) return;
    this.#decoder ??= new ChunkedDecoder(this.#limits);
    this.#decoder.begin();
  }

  get isComplete(): boolean {
    return this.#isChunked ? this.#decoder?.state === 'complete' : this.#bytesLeft === 0;
  }

  get fault(): ChunkedFault | null {
    return this.#isChunked ? (this.#decoder?.fault ?? null) : null;
  }

  /** Flat, once the body is complete. */
  get trailers(): readonly string[] {
    return this.#isChunked && this.#decoder !== null ? this.#decoder.trailers : [];
  }

  /** Reads from `at` up to `end` at most and returns the position behind what was read. */
  read(bytes: Buffer, at: number, end: number, sink: ContentSink): number {
    if (this.#isChunked && this.#decoder !== null) return this.#decoder.decode(bytes, at, end, sink);
    const to = Math.min(end, at + this.#bytesLeft);
    this.#bytesLeft -= to - at;
    sink.content(bytes.subarray(at, to));
    return to;
  }

  /** Nothing more will come: what is wrong with an unfinished line shows now at the latest. */
  finish(): void {
    if (this.#isChunked) this.#decoder?.finish();
  }
}
