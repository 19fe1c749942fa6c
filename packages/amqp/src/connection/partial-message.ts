/**
 * Collects a message that comes in several frames. What comes is copied into blocks that grow: neither many small pieces nor the
 * chunks that they were parts of are kept.
 */
export class PartialMessage {
  readonly #blocks: Buffer[] = [];
  #block: Buffer = Buffer.alloc(0);
  #used = 0;
  /** Bytes of the message so far. */
  bytes = 0;
  /** Bytes that are held for it. */
  held = 0;

  append(buffer: Buffer, start: number, end: number): void {
    this.bytes += end - start;
    let from = start;
    while (from < end) {
      if (this.#used === this.#block.length) {
        const size = Math.min(largestBlock, Math.max(smallestBlock, Math.ceil((end - from) * oneAndABit), this.bytes));
        this.#block = Buffer.allocUnsafeSlow(size);
        this.#blocks.push(this.#block);
        this.held += size;
        this.#used = 0;
      }
      const bytes = Math.min(end - from, this.#block.length - this.#used);
      buffer.copy(this.#block, this.#used, from, from + bytes);
      this.#used += bytes;
      from += bytes;
    }
  }

  /** All of it in one piece. */
  whole(): Buffer {
    return this.#blocks.length === 1 ? this.#block.subarray(0, this.bytes) : Buffer.concat(this.#blocks, this.bytes);
  }
}

const smallestBlock = 1024;
/** A message that is just too large for one frame ends in the block of its first. */
const oneAndABit = 1.125;
const largestBlock = 1024 * 1024;
