import { closeSync, constants, existsSync, fstatSync, fsyncSync, openSync, writev } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError, StoreUnavailableError } from '../errors.ts';
import { type Extent, Extents } from './extents.ts';
import { type BodyMove, type BodyPlace, bodyPageBytes } from './sqlite-protocol.ts';

/** Free space at the end of the file that is kept for what comes. */
const keptBytes = 16 * 1024 * 1024;
/** https://man7.org/linux/man-pages/man2/writev.2.html: IOV_MAX of Linux. */
const piecesAtOnce = 1024;

/**
 * Bodies of large rows, in a file beside the database: SQLite would put them into its pages, into its log, and from there into its
 * file; here they go once, from the memory that they came in. Only the database says what is where. A body is on the disk before its row is, and the space of a row that was deleted is used again after the deletion is
 * on the disk; what no row speaks of is free.
 *
 * Here is decided what lies where, and written; the thread of the database syncs, reads and moves.
 */
export class BodyFile {
  private readonly path: string;
  private readonly places = new Map<number, BodyPlace>();
  private readonly extents: Extents;
  private file: number | undefined;
  /** Of the file on the disk. */
  private bytes = 0;

  /** `stored`: id, page and bytes of each body that the database speaks of. Throws `StoreCorrupt` where the file cannot hold them, `StoreUnavailable`. */
  constructor(path: string, stored: Float64Array) {
    this.path = path;
    let end = 0;
    for (let at = 0; at < stored.length; at += 3) {
      const [id = 0, page = 0, bytes = 0] = stored.subarray(at, at + 3);
      if (!(Number.isSafeInteger(page) && page >= 0 && Number.isSafeInteger(bytes) && bytes > 0)) {
        throw this.damaged(`row ${id} says that it has ${bytes} bytes at page ${page}`);
      }
      this.places.set(id, { page, bytes });
      end = Math.max(end, page * bodyPageBytes + bytes);
    }
    try {
      this.extents = new Extents([...this.places.values()].map(extentOf));
    } catch (error) {
      throw this.damaged(error instanceof Error ? error.message : String(error));
    }
    if (!existsSync(path)) {
      if (end > 0) throw this.damaged('it is missing');
      return;
    }
    try {
      this.file = openSync(path, constants.O_RDWR);
      this.bytes = fstatSync(this.file).size;
    } catch (error) {
      throw unavailable(error);
    }
    if (this.bytes >= end) return;
    this.close();
    throw this.damaged(`it has ${this.bytes} bytes where ${end} were written`);
  }

  /** Writes the body of a row; it need not be on the disk yet. */
  async write(id: number, pieces: readonly Uint8Array[]): Promise<BodyPlace> {
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    const place = { page: this.extents.take(pagesOf(bytes)), bytes };
    this.places.set(id, place);
    try {
      const file = this.opened();
      const start = place.page * bodyPageBytes;
      let rest = pieces;
      for (let done = 0; done < bytes; ) {
        const written = await writePieces(file, rest.slice(0, piecesAtOnce), start + done);
        done += written;
        rest = behind(rest, written);
      }
      this.bytes = Math.max(this.bytes, start + bytes);
    } catch (error) {
      throw unavailable(error);
    }
    return place;
  }

  /** Rows are gone, on the disk too: pairs of first and last. */
  forget(deleted: readonly number[]): void {
    if (this.places.size === 0) return;
    for (let at = 0; at < deleted.length; at += 2) {
      for (let id = deleted[at] ?? 0; id <= (deleted[at + 1] ?? 0); id++) {
        const place = this.places.get(id);
        if (place === undefined) continue;
        this.places.delete(id);
        this.extents.release(extentOf(place));
      }
    }
  }

  /**
   * Bodies from the end of the file that should go to where space is free, of `budget` bytes and one at least; none where less is free
   * than in use. The space is taken; `moved` gives back what they leave.
   */
  chooseMoves(budget: number): readonly BodyMove[] {
    const { extents } = this;
    const used = extents.end - extents.free;
    if (extents.free <= used || extents.free * bodyPageBytes <= keptBytes * 2) return [];
    const moves: BodyMove[] = [];
    let left = budget;
    for (const [id, { page: from, bytes }] of this.lastPlaces(extents.end - pagesOf(budget))) {
      if (left <= 0) break;
      const to = extents.takeBefore(from, pagesOf(bytes));
      if (to === undefined) break;
      moves.push({ id, from, to, bytes });
      left -= bytes;
    }
    return moves;
  }

  /** They are on the disk where they should go, and the database knows. */
  moved(moves: readonly BodyMove[]): void {
    for (const { id, from, to, bytes } of moves) {
      this.places.set(id, { page: to, bytes });
      this.extents.release(extentOf({ page: from, bytes }));
    }
  }

  /** Where the file is to be cut: enough is free behind. */
  get cutAt(): number | undefined {
    const end = this.extents.end * bodyPageBytes;
    return this.bytes > end + keptBytes ? end : undefined;
  }

  wasCut(bytes: number): void {
    this.bytes = bytes;
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  /** Those that begin at a page or behind it, and the last one in any case, from the end on. */
  private lastPlaces(page: number): [number, BodyPlace][] {
    const found: [number, BodyPlace][] = [];
    let last: [number, BodyPlace] | undefined;
    for (const entry of this.places) {
      if (entry[1].page >= page) found.push(entry);
      if (last === undefined || entry[1].page > last[1].page) last = entry;
    }
    if (found.length === 0 && last !== undefined) found.push(last);
    return found.sort(([, a], [, b]) => b.page - a.page);
  }

  private opened(): number {
    if (this.file !== undefined) return this.file;
    this.file = openSync(this.path, constants.O_RDWR | constants.O_CREAT, 0o600);
    // Its name, too, must outlast a loss of power.
    const folder = openSync(dirname(this.path), constants.O_RDONLY);
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
    return this.file;
  }

  private damaged(reason: string): StoreError {
    return new StoreError('StoreCorrupt', { what: `The file '${this.path}'`, reason });
  }
}

const pagesOf = (bytes: number): number => Math.ceil(bytes / bodyPageBytes);

const extentOf = ({ page, bytes }: BodyPlace): Extent => ({ start: page, pages: pagesOf(bytes) });

function unavailable(error: unknown): StoreUnavailableError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreUnavailableError(reason, 'notWritten', { cause: error });
}

/** Resolves with how many bytes were written. */
function writePieces(file: number, pieces: readonly Uint8Array[], position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    writev(file, pieces, position, (error, written) => (error === null ? resolve(written) : reject(error)));
  });
}

/** What is left when so many bytes were written. */
function behind(pieces: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let left = written;
  for (const [index, piece] of pieces.entries()) {
    if (left < piece.length) return [piece.subarray(left), ...pieces.slice(index + 1)];
    left -= piece.length;
  }
  return [];
}
