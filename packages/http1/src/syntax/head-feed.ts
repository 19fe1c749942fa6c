import type { FieldReader } from './field-reader.ts';
import { latin1 } from './latin1.ts';

/**
 * Brings the bytes of a connection to a {@link FieldReader} as text: one string for a head that arrives in one piece, and
 * whole lines when it does not. What a peer sends byte by byte is looked at a line at a time, so that a head costs the
 * same however it is cut.
 */
export class HeadFeed {
  #reader: FieldReader;
  /** The beginning of a line whose end has not arrived. */
  #held: Buffer | null = null;
  #size = 0;

  constructor(reader: FieldReader) {
    this.#reader = reader;
  }

  /** Forgets an unfinished line. */
  reset(): void {
    this.#held = null;
    this.#size = 0;
  }

  /**
   * Reads from `at` up to `end` at most and returns the position behind what was read: all of it while the reader is
   * still reading, the first byte behind the head when it is complete.
   */
  feed(bytes: Buffer, start: number, end: number): number {
    const reader = this.#reader;
    let at = start;
    if (this.#size > 0) {
      at = this.#completeLine(bytes, at, end);
      if (reader.state !== 'reading' || this.#size > 0) return at;
    }
    let window = firstWindow;
    while (at < end) {
      const to = Math.min(end, at + window);
      const read = reader.read(latin1(bytes, at, to), 0);
      at += read;
      if (reader.state !== 'reading') return at;
      if (to < end) {
        if (read === 0) window *= 4;
        continue;
      }
      this.#hold(bytes, at, end);
      return end;
    }
    return at;
  }

  /** Nothing more will come: what is wrong with an unfinished line shows now at the latest. */
  finish(): void {
    if (this.#size > 0 && this.#reader.state === 'reading')
      this.#reader.read(latin1(this.#held as Buffer, 0, this.#size), 0);
    this.reset();
  }

  #completeLine(bytes: Buffer, at: number, end: number): number {
    const reader = this.#reader;
    const found = bytes.indexOf(10, at);
    const lineEnd = found < 0 || found >= end ? end : found + 1;
    // As much as makes a line too long is enough.
    const to = Math.min(lineEnd, at + Math.max(0, reader.longestLine + 2 - this.#size));
    this.#hold(bytes, at, to);
    if (lineEnd === end && found !== end - 1 && this.#size <= reader.longestLine) return to;
    const held = this.#held as Buffer;
    const size = this.#size;
    const read = reader.read(latin1(held, 0, size), 0);
    if (reader.state === 'reading' && read < size) return to;
    this.reset();
    return to;
  }

  #hold(bytes: Buffer, at: number, end: number): void {
    const size = this.#size + end - at;
    if (end === at) return;
    if (this.#held === null || this.#held.length < size) {
      const larger = Buffer.allocUnsafe(Math.max(256, size * 2));
      this.#held?.copy(larger, 0, 0, this.#size);
      this.#held = larger;
    }
    bytes.copy(this.#held, this.#size, at, end);
    this.#size = size;
  }
}

/** Holds most heads; whatever keeps a value alive keeps this much alive at most. */
const firstWindow = 2048;
