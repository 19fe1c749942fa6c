import { crc32 } from 'node:zlib';
import { StoreError } from '../errors.ts';
import type { Bytes } from './table.ts';

/**
 * What a row says, beside the bytes of its bodies, which lie one behind the other in a column of their own: so a journal is
 * opened without reading them. Numbers are varints (LEB128) where nothing else is said.
 *
 *     version (1 byte), CRC-32 of all that follows (4 bytes), CRC-32 of the bodies (4 bytes)
 *     bodies: count, then the length of each
 *     items: count, then of each: length and bytes of the head; 0 or 1 + index of its body; 0 or 1 + length of its
 *            amendment, and its bytes; 0, or how many ids before this row it was appended, and its index there
 *     removals: count of rows, then of each: how many ids before this row, count of items, their indices
 *     amendments: count, then of each: how many ids before this row, index of the item, length, bytes
 *
 * The CRCs are here because neither database guards its pages by itself: SQLite checks its write-ahead log alone, PostgreSQL
 * where the cluster was made with checksums.
 */
export class RowWriter {
  private bytes = Buffer.allocUnsafeSlow(16 * 1024);
  private length = 0;

  start(): void {
    this.length = 9;
  }

  number(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80;
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    this.bytes[this.length++] = rest;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A copy of what was written, with its checksums. */
  finish(bodyCrc: number): Bytes {
    const { bytes, length } = this;
    bytes[0] = rowVersion;
    bytes.writeInt32LE(bodyCrc, 5);
    bytes.writeUInt32LE(crc32(bytes.subarray(5, length)), 1);
    const copy = new Uint8Array(length);
    copy.set(bytes.subarray(0, length));
    // A huge row must not hold its memory for ever.
    if (bytes.length > 8 * 1024 * 1024) this.bytes = Buffer.allocUnsafeSlow(16 * 1024);
    return copy;
  }

  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

const rowVersion = 1;

export interface DecodedRow {
  readonly bodyCrc: number;
  readonly bodyBytes: number;
  readonly items: readonly DecodedItem[];
  readonly removals: readonly { readonly row: number; readonly indices: readonly number[] }[];
  readonly amendments: readonly { readonly row: number; readonly index: number; readonly bytes: Uint8Array }[];
}

export interface DecodedItem {
  readonly head: Uint8Array;
  readonly bodyOffset: number;
  readonly bodyBytes: number;
  readonly amendment: Uint8Array | undefined;
  /** Where it was appended: the row that holds it now, or one before. */
  readonly originRow: number;
  readonly originIndex: number;
}

/** Throws `StoreCorrupt`. What it gives points into `head`. */
export function decodeRow(id: number, head: Uint8Array): DecodedRow {
  const reader = new RowReader(id, head);
  const bodyCrc = reader.start();
  const starts: number[] = [];
  const lengths: number[] = [];
  let bodyBytes = 0;
  for (let count = reader.count(); count > 0; count--) {
    const length = reader.number();
    starts.push(bodyBytes);
    lengths.push(length);
    bodyBytes += length;
  }
  const items: DecodedItem[] = [];
  for (let count = reader.count(), index = 0; index < count; index++) {
    const itemHead = reader.raw(reader.number());
    const body = reader.number();
    if (body > starts.length) throw reader.damaged(`item ${index} has body ${body} of ${starts.length}`);
    const amended = reader.number();
    const amendment = amended === 0 ? undefined : reader.raw(amended - 1);
    const back = reader.number();
    if (back >= id && back > 0) throw reader.damaged(`item ${index} comes from row ${id - back}`);
    items.push({
      head: itemHead,
      bodyOffset: starts[body - 1] ?? 0,
      bodyBytes: lengths[body - 1] ?? 0,
      amendment,
      originRow: id - back,
      originIndex: back === 0 ? index : reader.number(),
    });
  }
  const removals: { row: number; indices: number[] }[] = [];
  for (let count = reader.count(); count > 0; count--) {
    const row = id - reader.number();
    const indices: number[] = [];
    for (let inner = reader.count(); inner > 0; inner--) indices.push(reader.number());
    removals.push({ row, indices });
  }
  const amendments: { row: number; index: number; bytes: Uint8Array }[] = [];
  for (let count = reader.count(); count > 0; count--) {
    amendments.push({ row: id - reader.number(), index: reader.number(), bytes: reader.raw(reader.number()) });
  }
  reader.end();
  return { bodyCrc, bodyBytes, items, removals, amendments };
}

class RowReader {
  private position = 0;
  private readonly id: number;
  private readonly bytes: Uint8Array;

  constructor(id: number, bytes: Uint8Array) {
    this.id = id;
    this.bytes = bytes;
  }

  start(): number {
    const { bytes } = this;
    if (bytes.length < 9) throw this.damaged(`it has ${bytes.length} bytes`);
    const version = bytes[0];
    if (version !== rowVersion) throw this.damaged(`it has format ${version}; expected ${rowVersion}`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (view.getUint32(1, true) !== crc32(bytes.subarray(5))) throw this.damaged('its checksum differs');
    this.position = 9;
    return view.getInt32(5, true);
  }

  number(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.position++];
      if (byte === undefined) throw this.damaged('it is cut');
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw this.damaged('a number is too great');
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  /** Each thing counted takes a byte at least. */
  count(): number {
    const count = this.number();
    if (count > this.bytes.length - this.position) throw this.damaged(`it counts ${count} where it ends`);
    return count;
  }

  raw(length: number): Uint8Array {
    const end = this.position + length;
    if (end > this.bytes.length) throw this.damaged('it is cut');
    const bytes = this.bytes.subarray(this.position, end);
    this.position = end;
    return bytes;
  }

  end(): void {
    if (this.position !== this.bytes.length) throw this.damaged('bytes follow its end');
  }

  damaged(reason: string): StoreError {
    return new StoreError('StoreCorrupt', { what: `Row ${this.id} of the journal`, reason });
  }
}
