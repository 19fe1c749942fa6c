import { ValueWriter } from '../codec/writer.ts';

/**
 * Frames that wait to be sent, one behind the other in one buffer. Buffers are large and shared one after another by all
 * connections of the process: a connection that has nothing to send holds none. Large payloads are not copied into it.
 */
export class FrameOutput extends ValueWriter {
  #origin = 0;
  /** What lies before `#origin`: parts of this buffer and payloads, in turn. */
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;

  constructor() {
    super(0);
  }

  /** Bytes that wait. */
  get pending(): number {
    return this.#pieceBytes + this.length - this.#origin;
  }

  /** Begins a frame; give what it returns to `endFrame`. */
  beginFrame(type: number, channel: number): number {
    if (this.buffer.length === 0) this.#acquire();
    const start = this.reserve(8);
    const { buffer } = this;
    buffer[start + 4] = 2;
    buffer[start + 5] = type;
    buffer[start + 6] = channel >>> 8;
    buffer[start + 7] = channel & 0xff;
    return start;
  }

  endFrame(start: number): void {
    this.buffer.writeUInt32BE(this.length - start, start);
  }

  /** Ends a frame with a payload: so many bytes in some pieces, which nobody may change any more. */
  endFrameWith(start: number, payload: readonly Uint8Array[], bytes: number): void {
    if (bytes < uncopiedBytes) {
      let at = this.reserve(bytes);
      for (const piece of payload) {
        this.buffer.set(piece, at);
        at += piece.length;
      }
      this.endFrame(start);
      return;
    }
    this.buffer.writeUInt32BE(this.length - start + bytes, start);
    this.#pieces.push(this.buffer.subarray(this.#origin, this.length), ...payload);
    this.#pieceBytes += this.length - this.#origin + bytes;
    this.#origin = this.length;
  }

  /** For bytes that are no frame: protocol headers. */
  override raw(bytes: Uint8Array): void {
    if (this.buffer.length === 0) this.#acquire();
    super.raw(bytes);
  }

  /** What waits, in pieces; nothing writes into them any more. */
  take(): readonly Uint8Array[] {
    const taken = this.#pieces;
    if (this.length > this.#origin) taken.push(this.buffer.subarray(this.#origin, this.length));
    this.#pieces = [];
    this.#pieceBytes = 0;
    if (this.buffer.length - this.length >= leastSpareBytes && spares.length < mostSpares)
      spares.push({ buffer: this.buffer, from: this.length });
    this.buffer = nothing;
    this.length = this.#origin = 0;
    return taken;
  }

  #acquire(): void {
    const spare = spares.pop();
    if (spare !== undefined) {
      this.buffer = spare.buffer;
      this.length = this.#origin = spare.from;
    } else {
      this.buffer = Buffer.allocUnsafeSlow(slabBytes);
      this.length = this.#origin = 0;
    }
  }

  /** Offsets that callers hold stay right: the new buffer has the same ones. */
  protected override grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed + leastSpareBytes, this.buffer.length * 2));
    this.buffer.copy(larger, this.#origin, this.#origin, this.length);
    this.buffer = larger;
  }
}

const slabBytes = 65_536;
/** Writing a piece more costs about what copying this much does. */
const uncopiedBytes = 8192;
const leastSpareBytes = 8192;
const nothing = Buffer.alloc(0);
/** Buffers with room behind what was taken. */
const spares: { readonly buffer: Buffer; readonly from: number }[] = [];
const mostSpares = 4;
