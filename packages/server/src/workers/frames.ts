/**
 * Messages between a worker and the process that holds the shared state, over a Unix socket: a frame is its payload's
 * length (u32), the number of the request (u32), an operation (u8) and the payload. Little endian.
 */
export const operations = {
  slidingWindow: 1,
  addToSlidingWindow: 2,
  addToFixedWindow: 3,
  enter: 4,
  leave: 5,
  get: 6,
  set: 7,
  remove: 8,
  metric: 9,
} as const;
export const answers = { done: 0, failed: 255 } as const;

const headBytes = 9;
/** A cached response may be as large as the cache itself allows; anything above is not ours. */
const maxPayload = 512 * 1024 * 1024;

/** Builds frames one after the other in one buffer, to be sent together. */
export class FrameWriter {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #used = 0;
  #start = 0;

  begin(id: number, operation: number): this {
    this.#room(headBytes);
    this.#start = this.#used;
    this.#bytes.writeUInt32LE(id, this.#used + 4);
    this.#bytes[this.#used + 8] = operation;
    this.#used += headBytes;
    return this;
  }

  byte(value: number): this {
    this.#room(1);
    this.#bytes[this.#used++] = value;
    return this;
  }

  number(value: number): this {
    this.#room(8);
    this.#used = this.#bytes.writeDoubleLE(value, this.#used);
    return this;
  }

  /** Length and UTF-8. */
  text(value: string): this {
    this.#room(4 + value.length * 3);
    const length = this.#bytes.write(value, this.#used + 4);
    this.#bytes.writeUInt32LE(length, this.#used);
    this.#used += 4 + length;
    return this;
  }

  /** To the end of the payload. */
  bytes(value: Uint8Array): this {
    this.#room(value.length);
    this.#bytes.set(value, this.#used);
    this.#used += value.length;
    return this;
  }

  end(): void {
    this.#bytes.writeUInt32LE(this.#used - this.#start - headBytes, this.#start);
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  /** What was written since the last time, in memory of its own. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#used));
    this.#used = 0;
    if (this.#bytes.length > keptBytes) this.#bytes = Buffer.allocUnsafe(64 * 1024);
    return taken;
  }

  #room(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#used + more));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}

const keptBytes = 1024 * 1024;

/** The payload of a frame, read from its beginning. */
export class FrameReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#at++);
  }

  number(): number {
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  text(): string {
    const from = this.#at + 4;
    const to = from + this.#bytes.readUInt32LE(this.#at);
    if (to > this.#bytes.length) throw new RangeError('A text ends behind its frame.');
    this.#at = to;
    return this.#bytes.toString('utf8', from, to);
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }
}

/** Cuts what arrives into frames. @throws {RangeError} for a frame that cannot be one */
export function frameSplitter(onFrame: (id: number, operation: number, payload: Buffer) => void) {
  let waiting: Buffer[] = [];
  let size = 0;
  let needed = headBytes;
  return (chunk: Buffer): void => {
    waiting.push(chunk);
    size += chunk.length;
    if (size < needed) return;
    const bytes = waiting.length === 1 ? chunk : Buffer.concat(waiting, size);
    let at = 0;
    needed = headBytes;
    while (bytes.length - at >= headBytes) {
      const length = bytes.readUInt32LE(at);
      if (length > maxPayload) throw new RangeError(`A frame of ${length} bytes is not one of ours.`);
      const end = at + headBytes + length;
      if (end > bytes.length) {
        needed = headBytes + length;
        break;
      }
      onFrame(bytes.readUInt32LE(at + 4), bytes[at + 8] as number, bytes.subarray(at + headBytes, end));
      at = end;
    }
    waiting = at === bytes.length ? [] : [bytes.subarray(at)];
    size = bytes.length - at;
  };
}
