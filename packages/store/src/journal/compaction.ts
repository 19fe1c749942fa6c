import type { Item, Row } from './row.ts';
import { type DecodedRow, decodeRow } from './row-codec.ts';
import type { Rows } from './rows.ts';
import type { Bytes, JournalTable, StoredRow } from './table.ts';

/** Bounds of one step, so that the commit it goes with takes little longer. */
const step = { liveBytes: 512 * 1024, readBytes: 4 * 1024 * 1024, rows: 64 };

/**
 * Chooses rows of which little is alive, the oldest first, and reads them, a step at a time. It walks once over all rows that
 * there are when it begins; it begins again when the journal has grown by a quarter since: so each byte is written anew
 * only a few times.
 */
export class Compaction {
  private readonly rows: Rows;
  private readonly table: JournalTable;
  private readonly below: number;
  private readonly from: number;
  private lastOfWalk = 0;
  private bytesAfterWalk = 0;

  /** Below `from` bytes in all a journal is let be. */
  constructor(rows: Rows, table: JournalTable, below: number, from: number) {
    this.rows = rows;
    this.table = table;
    this.below = below;
    this.from = from;
  }

  /** Whether `next` would find something to do. */
  due(newest: number): boolean {
    const { rows } = this;
    if (rows.bytes <= this.from || rows.liveBytes >= this.below * rows.bytes) {
      rows.cursor = undefined;
      this.bytesAfterWalk = Math.min(this.bytesAfterWalk, rows.bytes);
      return false;
    }
    if (rows.cursor === undefined) {
      if (rows.bytes < this.bytesAfterWalk * 1.25) return false;
      rows.cursor = rows.first;
      this.lastOfWalk = newest;
    }
    return true;
  }

  /** Reads what is to be written anew; none where the walk has ended. */
  async next(): Promise<readonly Victim[]> {
    const chosen = this.choose();
    if (chosen.length === 0) return [];
    const ids = new Set(chosen.map((row) => row.id));
    const amended = new Set<number>();
    for (const row of chosen) {
      for (const item of row.items) {
        if (item?.amendedIn !== null && item !== undefined && !ids.has(item.amendedIn.id))
          amended.add(item.amendedIn.id);
      }
    }
    const [whole, marks] = await Promise.all([this.table.read([...ids]), this.table.readHeads([...amended])]);
    const decoded = new Map<number, DecodedRow>();
    for (const { id, head } of [...marks, ...whole]) decoded.set(id, decodeRow(id, head));
    return whole.flatMap((stored: StoredRow) => {
      const row = chosen.find(({ id }) => id === stored.id);
      const own = decoded.get(stored.id);
      return row === undefined || own === undefined ? [] : [new Victim(this.rows, row, own, stored.body, decoded)];
    });
  }

  private choose(): Row[] {
    const { rows } = this;
    const chosen: Row[] = [];
    let [liveBytes, readBytes] = [0, 0];
    // Rows that are dense cost a look only.
    for (let looked = 0; looked < 50_000; looked++) {
      const row = rows.cursor;
      if (row === undefined || row.id > this.lastOfWalk) {
        rows.cursor = undefined;
        this.bytesAfterWalk = rows.bytes;
        break;
      }
      if (liveBytes > step.liveBytes || readBytes > step.readBytes || chosen.length >= step.rows) break;
      rows.cursor = row.next;
      if (row.writing || row.doomed || row.liveBytes >= this.below * row.bytes) continue;
      chosen.push(row);
      liveBytes += row.liveBytes;
      readBytes += row.bytes;
    }
    return chosen;
  }
}

/** A row that was read to be written anew. */
export class Victim {
  readonly row: Row;
  readonly decoded: DecodedRow;
  readonly body: Bytes | null;
  /** Its items are in another row now. */
  left = false;
  /** The latest amendments of its items that are in other rows. */
  readonly amendments = new Map<Item, Uint8Array>();
  private readonly rows: Rows;
  private readonly seenIn = new Map<Item, Row>();

  constructor(rows: Rows, row: Row, decoded: DecodedRow, body: Bytes | null, others: ReadonlyMap<number, DecodedRow>) {
    this.rows = rows;
    this.row = row;
    this.decoded = decoded;
    this.body = body;
    for (const item of row.items) {
      if (item === undefined || item.amendedIn === null || item.amendedIn === row) continue;
      this.seenIn.set(item, item.amendedIn);
      const found = others
        .get(item.amendedIn.id)
        ?.amendments.findLast((amendment) => amendment.row === row.id && amendment.index === item.index);
      if (found !== undefined) this.amendments.set(item, found.bytes);
    }
  }

  /** Whether nothing was amended since it was read. */
  current(): boolean {
    return this.row.items.every(
      (item) =>
        item === undefined ||
        item.amendedIn === null ||
        item.amendedIn === this.row ||
        (this.seenIn.get(item) === item.amendedIn && this.amendments.has(item)),
    );
  }

  /** What it says about items of other rows that are still there. */
  *removals(): Iterable<{ readonly row: Row; readonly index: number }> {
    for (const { row: id, indices } of this.decoded.removals) {
      const row = this.rows.byId.get(id);
      if (row !== undefined) for (const index of indices) yield { row, index };
    }
  }

  *carried(): Iterable<{ readonly item: Item; readonly bytes: Uint8Array }> {
    const latest = new Map<Item, Uint8Array>();
    for (const { row, index, bytes } of this.decoded.amendments) {
      const item = this.rows.byId.get(row)?.items[index];
      if (item !== undefined) latest.set(item, bytes);
    }
    for (const [item, bytes] of latest) yield { item, bytes };
  }
}
