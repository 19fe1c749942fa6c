import { copyOf } from '../syntax/read-copies.ts';

/**
 * The content of a body that came in one read. A client that sends a byte a chunk does not make a piece of each: all of
 * it is passed on as one.
 */
export class ReadPieces {
  #first: Buffer | null = null;
  #all: Buffer[] | null = null;

  add(bytes: Buffer): void {
    if (this.#first === null) this.#first = bytes;
    else if (this.#all === null) this.#all = [this.#first, bytes];
    else this.#all.push(bytes);
  }

  /** What was added since the last call, or null. `isShared`: what was read is overwritten soon, so it is copied. */
  take(isShared: boolean): Buffer | null {
    const first = this.#first;
    const all = this.#all;
    this.#first = null;
    this.#all = null;
    if (all !== null) return Buffer.concat(all);
    return first !== null && isShared ? copyOf(first, 0, first.length) : first;
  }
}
