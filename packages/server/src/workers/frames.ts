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
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;
  #start = 0;

  begin(id: number, operation: number): this {
    this.#room(headBytes);
    this.#start = this.#used;
    this.#view.setUint32(this.#used + 4, id, true);
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
    this.#view.setFloat64(this.#used, value, true);
    this.#used += 8;
    return this;
  }

  /** Length and UTF-8. */
  text(value: string): this {
    this.#room(4 + value.length * 3);
    const length = this.#bytes.write(value, this.#used + 4);
    this.#view.setUint32(this.#used, length, true);
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
    this.#view.setUint32(this.#start, this.#used - this.#start - headBytes, true);
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  /** What was written since the last time, in memory of its own. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#used));
    this.#used = 0;
    if (this.#bytes.length > keptBytes) this.#use(Buffer.allocUnsafeSlow(64 * 1024));
    return taken;
  }

  #room(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#used + more));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#use(larger);
  }

  /** A buffer with memory of its own. */
  #use(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

const keptBytes = 1024 * 1024;

/** The payload of a frame, read from its beginning; good until the next frame is read. */
export class FrameReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #at: number;
  #end: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = 0;
    this.#end = bytes.length;
  }

  /** Goes to another payload in the same bytes. */
  move(from: number, to: number): this {
    this.#at = from;
    this.#end = to;
    return this;
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  number(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  text(): string {
    const length = this.#view.getUint32(this.#take(4), true);
    const from = this.#take(length);
    return this.#bytes.toString('utf8', from, from + length);
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at, this.#end);
  }

  /** Where the next `length` bytes begin. */
  #take(length: number): number {
    const from = this.#at;
    if (length > this.#end - from) throw new RangeError('A value ends behind its frame.');
    this.#at = from + length;
    return from;
  }
}

/** Cuts what arrives into frames; of a chunk nothing but copies is kept. @throws {RangeError} for a frame that cannot be one */
export function frameSplitter(onFrame: (id: number, operation: number, payload: FrameReader) => void) {
  let waiting: Buffer[] = [];
  let size = 0;
  let needed = headBytes;
  return (chunk: Buffer): void => {
    size += chunk.length;
    if (size < needed) {
      waiting.push(Buffer.from(chunk));
      return;
    }
    const bytes = waiting.length === 0 ? chunk : Buffer.concat([...waiting, chunk], size);
    const reader = new FrameReader(bytes);
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
      onFrame(bytes.readUInt32LE(at + 4), bytes[at + 8] as number, reader.move(at + headBytes, end));
      at = end;
    }
    waiting = at === bytes.length ? [] : [Buffer.from(bytes.subarray(at))];
    size = bytes.length - at;
  };
}
