/**
 * Bytes of the journal's records, written one after another into a buffer that is used again and again. Whole numbers (to 2^53)
 * take seven bits a byte, low ones first; texts and bytes have their length before them.
 */
export class RecordWriter {
  #bytes = Buffer.allocUnsafeSlow(1024);
  #length = 0;

  start(): this {
    this.#length = 0;
    return this;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  integer(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    const bytes = this.#bytes;
    let rest = value;
    while (rest >= 0x1000_0000) {
      bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    let low = rest | 0;
    while (low >= 0x80) {
      bytes[this.#length++] = (low & 0x7f) | 0x80;
      low >>>= 7;
    }
    bytes[this.#length++] = low;
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.integer(length);
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    this.#bytes.write(value, this.#length, 'utf8');
    this.#length += length;
  }

  bytes(value: Uint8Array): void {
    this.integer(value.length);
    if (this.#length + value.length > this.#bytes.length) this.#grow(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** What was written since `start`, in bytes of its own. */
  end(): Uint8Array {
    const record = Buffer.allocUnsafe(this.#length);
    this.#bytes.copy(record, 0, 0, this.#length);
    return record;
  }

  #grow(by: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + by));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** Reads what `RecordWriter` wrote. @throws {RangeError} where the record ends too early: it was not written by this program */
export class RecordReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new RangeError('a record of the journal ends too early');
    return value;
  }

  integer(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  text(): string {
    const bytes = this.bytes();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  }

  bytes(): Uint8Array {
    const length = this.integer();
    if (this.#at + length > this.#bytes.length) throw new RangeError('a record of the journal ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
