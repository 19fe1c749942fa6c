import { AmqpViolation } from '../violation.ts';

/** What a `FrameReader` finds. */
export interface FrameSink {
  /** Eight bytes that begin with `AMQP`: protocol (0 AMQP, 2 TLS, 3 SASL) and version. Or others, then `protocol` is -1. */
  onProtocolHeader(protocol: number, version: string): void;
  /** A frame with a body between two offsets; empty: a heartbeat. */
  onFrame(type: number, channel: number, buffer: Buffer, start: number, end: number): void;
}

/**
 * Cuts chunks of bytes into frames (2.3). A frame that lies in one chunk is handed over as it lies there; only what is spread over
 * chunks is copied, into a buffer that grows with what has come, not with what is announced.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  /** Larger frames are refused. */
  maxFrameBytes: number;
  /** Whether a protocol header comes next. */
  expectsHeader = true;
  #isStopped = false;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #partial: Buffer | undefined;
  #partialBytes = 0;

  constructor(sink: FrameSink, maxFrameBytes: number) {
    this.#sink = sink;
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * `isLent`: the chunk is overwritten after the call; what the sink is given never is.
   * @throws {AmqpViolation} `amqp:connection:framing-error`, and what the sink throws
   */
  push(chunk: Buffer, isLent = false): void {
    if (this.#isStopped || this.#waiting.length > 0) this.#keep(isLent ? Buffer.from(chunk) : chunk);
    else if (isLent) this.#parseLent(chunk);
    else this.#parse(chunk);
  }

  #keep(chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > maxWaitingBytes)
      throw new AmqpViolation(
        'amqp:resource-limit-exceeded',
        `More than ${maxWaitingBytes} bytes came while none were read.`,
      );
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Keeps what comes (and the rest of the chunk at hand) until `resume`. */
  stop(): void {
    this.#isStopped = true;
  }

  /** @throws as `push` */
  resume(): void {
    this.#isStopped = false;
    while (!this.#isStopped) {
      const chunk = this.#waiting.shift();
      if (chunk === undefined) return;
      this.#waitingBytes -= chunk.length;
      this.#parse(chunk);
    }
  }

  /** Whole frames are copied at once; what is spread over chunks is copied anyhow. */
  #parseLent(chunk: Buffer): void {
    const start = this.#partial === undefined ? 0 : this.#complete(chunk);
    if (this.#partial !== undefined) return;
    const end = this.#isStopped ? start : this.#endOfUnits(chunk, start);
    if (end > start) this.#parse(Buffer.from(chunk.subarray(start, end)));
    if (end === chunk.length) return;
    const rest = chunk.subarray(end);
    if (this.#isStopped) this.#keep(Buffer.from(rest));
    // Behind frames of SASL a header comes, and frames behind that.
    else this.#parse(this.expectsHeader ? Buffer.from(rest) : rest);
  }

  /** How far the chunk has whole units; where it has none that can be, up to its end. */
  #endOfUnits(chunk: Buffer, start: number): number {
    if (this.expectsHeader) return chunk.length;
    let offset = start;
    while (chunk.length - offset >= 8) {
      const size = chunk.readUInt32BE(offset);
      if (size < 8) return chunk.length;
      if (size > chunk.length - offset) break;
      offset += size;
    }
    return offset;
  }

  #parse(chunk: Buffer): void {
    let offset = 0;
    const end = chunk.length;
    if (this.#partial !== undefined) {
      offset = this.#complete(chunk);
      if (this.#partial !== undefined) return;
    }
    while (!this.#isStopped) {
      const available = end - offset;
      if (available < 8 || available < this.#unitSize(chunk, offset)) break;
      const start = offset;
      offset += this.#unitSize(chunk, start);
      this.#emit(chunk, start, offset);
    }
    if (offset === end) return;
    if (this.#isStopped) {
      const rest = chunk.subarray(offset);
      this.#waiting.unshift(rest);
      this.#waitingBytes += rest.length;
      return;
    }
    this.#partialBytes = end - offset;
    // Not what is announced, but several times what is here: mostly the rest comes with the next chunk.
    const wanted = this.#partialBytes < 8 ? 64 : this.#unitSize(chunk, offset);
    this.#partial = Buffer.allocUnsafeSlow(Math.max(64, Math.min(wanted, this.#partialBytes * 8)));
    chunk.copy(this.#partial, 0, offset, end);
  }

  /** Adds to the unit that began in an earlier chunk; the offset of what follows it. */
  #complete(chunk: Buffer): number {
    let partial = this.#partial!;
    let offset = 0;
    for (;;) {
      const wanted = this.#partialBytes < 8 ? 8 : this.#unitSize(partial, 0);
      if (wanted === this.#partialBytes) break;
      if (offset === chunk.length) return offset;
      const bytes = Math.min(wanted - this.#partialBytes, chunk.length - offset);
      const needed = this.#partialBytes + bytes;
      if (needed > partial.length) {
        const larger = Buffer.allocUnsafeSlow(Math.min(wanted, Math.max(needed, partial.length * 2)));
        partial.copy(larger, 0, 0, this.#partialBytes);
        this.#partial = partial = larger;
      }
      chunk.copy(partial, this.#partialBytes, offset, offset + bytes);
      this.#partialBytes = needed;
      offset += bytes;
    }
    const bytes = this.#partialBytes;
    this.#partial = undefined;
    this.#partialBytes = 0;
    this.#emit(partial, 0, bytes);
    return offset;
  }

  /** Bytes of the header or frame that begins here; eight are there. */
  #unitSize(buffer: Buffer, offset: number): number {
    if (this.expectsHeader) return 8;
    const size = buffer.readUInt32BE(offset);
    if (size < 8) throw framingError(`a frame has at least 8 bytes, not ${size}`);
    if (size > this.maxFrameBytes)
      throw framingError(`a frame of ${size} bytes, at most ${this.maxFrameBytes} are accepted`);
    return size;
  }

  #emit(buffer: Buffer, start: number, end: number): void {
    if (this.expectsHeader) {
      const isAmqp = buffer.readUInt32BE(start) === 0x414d5150;
      const version = `${buffer[start + 5]}.${buffer[start + 6]}.${buffer[start + 7]}`;
      this.#sink.onProtocolHeader(isAmqp ? buffer[start + 4]! : -1, version);
      return;
    }
    const bodyAt = buffer[start + 4]! * 4;
    if (bodyAt < 8 || bodyAt > end - start)
      throw framingError(`a body at byte ${bodyAt} of a frame of ${end - start} bytes`);
    this.#sink.onFrame(buffer[start + 5]!, buffer.readUInt16BE(start + 6), buffer, start + bodyAt, end);
  }
}

/** A transport goes on delivering a little after it was paused. */
const maxWaitingBytes = 4 * 1024 * 1024;

export const framingError = (what: string) =>
  new AmqpViolation('amqp:connection:framing-error', `The bytes are no frames: ${what}.`);
