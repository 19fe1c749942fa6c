import { crc32 } from 'node:zlib';
import type { Bytes } from './table.ts';

/** Below so many bytes a piece, on average, the pieces are cheaper copied than handled one by one. */
const largePiece = 8 * 1024;

/** Bodies of a row, one behind the other, in one piece or in those that they came in. */
export class RowBody {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  /** Where each piece begins; made when it is asked for. */
  private starts: number[] | undefined;
  /** One piece that nobody else knows. */
  private readonly own: Bytes | undefined;

  constructor(pieces: readonly Uint8Array[], own?: Bytes) {
    this.pieces = pieces;
    this.own = own;
    this.bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  /** In one piece, unless the pieces are large and hold little memory beside what they say. */
  static of(pieces: readonly Uint8Array[]): RowBody {
    const body = new RowBody(pieces);
    if (body.bytes >= largePiece * pieces.length && body.heldBytes <= body.bytes * 1.5) return body;
    const own = body.copy();
    return new RowBody([own], own);
  }

  /** As a signed number of 32 bits, which costs no memory of its own. */
  get checksum(): number {
    let sum = 0;
    for (const piece of this.pieces) sum = crc32(piece, sum);
    return sum | 0;
  }

  /** In one piece, in memory that nobody else knows. */
  whole(): Bytes {
    return this.own ?? this.copy();
  }

  /** Some of it, not copied. */
  slice(offset: number, bytes: number): readonly Uint8Array[] {
    const end = offset + bytes;
    const found: Uint8Array[] = [];
    for (let index = this.pieceAt(offset); index < this.pieces.length; index++) {
      const piece = this.pieces[index];
      const start = this.startOf(index);
      if (piece === undefined || start >= end) break;
      if (piece.length > 0)
        found.push(piece.subarray(Math.max(0, offset - start), Math.min(piece.length, end - start)));
    }
    return found;
  }

  /** Of the memory that the pieces are parts of. */
  private get heldBytes(): number {
    const held = new Set(this.pieces.map((piece) => piece.buffer));
    let bytes = 0;
    for (const { byteLength } of held) bytes += byteLength;
    return bytes;
  }

  private copy(): Bytes {
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(this.bytes).buffer);
    let at = 0;
    for (const piece of this.pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  private pieceAt(offset: number): number {
    let [low, high] = [0, this.pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.startOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private startOf(index: number): number {
    if (index === 0) return 0;
    if (this.starts === undefined) {
      this.starts = [];
      let at = 0;
      for (const { length } of this.pieces) {
        this.starts.push(at);
        at += length;
      }
    }
    return this.starts[index] ?? 0;
  }
}
