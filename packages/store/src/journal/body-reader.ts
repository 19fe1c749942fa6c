import { StoreError } from '../errors.ts';
import type { BodyCache } from './body-cache.ts';
import type { JournalBytes } from './contract.ts';
import { type Item, Row, Unwritten } from './row.ts';
import { RowBody } from './row-body.ts';
import type { Rows } from './rows.ts';
import type { JournalTable } from './table.ts';

/** What is read beyond what was asked for, where rows are read one after the other. */
const readAhead = 1024 * 1024;
const nothing: JournalBytes = [];

interface Waiting {
  readonly item: Item;
  readonly resolve: (body: JournalBytes) => void;
  readonly reject: (error: Error) => void;
}

/** Reads bodies from memory, or by rows: all that is asked for in one turn with one query. */
export class BodyReader {
  private readonly table: JournalTable;
  private readonly rows: Rows;
  private readonly cache: BodyCache;
  private readonly ahead: number;
  private waiting: Waiting[] = [];
  /** For rows that are being written: their bodies come back. */
  private readonly unfinished = new Map<Row, Waiting[]>();
  private lastRead: Row | undefined;
  private ended: Error | undefined;

  constructor(table: JournalTable, rows: Rows, cache: BodyCache, cacheBytes: number) {
    this.table = table;
    this.rows = rows;
    this.cache = cache;
    this.ahead = Math.min(readAhead, cacheBytes / 4);
  }

  read(item: Item): JournalBytes | Promise<JournalBytes> {
    if (item.removed) return Promise.reject(new StoreError('JournalItemGone'));
    const { home, bodyBytes } = item;
    if (bodyBytes === 0) return nothing;
    if (home instanceof Unwritten) return home.body === null ? nothing : home.body.pieces;
    if (home.body !== null) {
      home.touched = true;
      return home.body.slice(item.bodyOffset, bodyBytes);
    }
    if (this.ended !== undefined) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => this.wait({ item, resolve, reject }));
  }

  /** The row was written; its bodies are `body`. */
  written(row: Row, body: RowBody | null): void {
    row.writing = false;
    if (body !== null) this.cache.keep(row, body);
    const waiting = this.unfinished.get(row);
    if (waiting === undefined) return;
    this.unfinished.delete(row);
    for (const one of waiting) this.settle(one, row, body);
  }

  end(error: Error): void {
    this.ended = error;
    const waiting = [...this.waiting, ...[...this.unfinished.values()].flat()];
    this.waiting = [];
    this.unfinished.clear();
    for (const { reject } of waiting) reject(error);
  }

  private wait(one: Waiting): void {
    const { home } = one.item;
    if (home instanceof Row && home.writing) {
      const others = this.unfinished.get(home);
      if (others === undefined) this.unfinished.set(home, [one]);
      else others.push(one);
      return;
    }
    this.waiting.push(one);
    if (this.waiting.length === 1) queueMicrotask(() => void this.query());
  }

  private async query(): Promise<void> {
    const asked = this.waiting;
    this.waiting = [];
    const waiting: Waiting[] = [];
    for (const one of asked) {
      // Since it was asked for, its row may have been written anew: then it is on its way to the disk.
      if (one.item.home instanceof Row && one.item.home.writing) this.wait(one);
      else waiting.push(one);
    }
    if (waiting.length === 0) return;
    const wanted = new Set<Row>();
    for (const { item } of waiting) if (item.home instanceof Row) wanted.add(item.home);
    for (const row of this.following(wanted)) wanted.add(row);
    try {
      const bodies = new Map<Row, RowBody | null>();
      for (const { id, body: bytes } of await this.table.read([...wanted].map((row) => row.id))) {
        const row = this.rows.byId.get(id);
        if (row === undefined) continue;
        const body = bytes === null ? null : new RowBody([bytes]);
        if (body !== null && body.checksum !== row.bodyCrc) {
          throw new StoreError('StoreCorrupt', {
            what: `Row ${id} of the journal`,
            reason: 'the checksum of its bodies differs',
          });
        }
        bodies.set(row, body);
        if (body !== null) this.cache.keep(row, body);
      }
      // Those that are not there: moved since, or lost.
      for (const row of wanted) if (!bodies.has(row)) bodies.set(row, null);
      for (const one of waiting) this.settle(one, undefined, null, bodies);
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      for (const { reject } of waiting) reject(reason);
    }
  }

  private settle(
    one: Waiting,
    row: Row | undefined,
    body: RowBody | null,
    bodies?: ReadonlyMap<Row, RowBody | null>,
  ): void {
    const { item, resolve, reject } = one;
    const { home, bodyOffset, bodyBytes } = item;
    if (item.removed) {
      reject(new StoreError('JournalItemGone'));
      return;
    }
    const found = home === row ? body : home instanceof Row ? (bodies?.get(home) ?? home.body) : null;
    if (found !== null && found !== undefined) resolve(found.slice(bodyOffset, bodyBytes));
    else if (this.ended !== undefined) reject(this.ended);
    else if (home instanceof Row && (bodies === undefined || !bodies.has(home))) this.wait(one);
    else reject(new StoreError('StoreCorrupt', { what: 'The journal', reason: 'a row is missing' }));
  }

  /** Rows behind the last one wanted, where it follows what was read before. */
  private following(wanted: ReadonlySet<Row>): Row[] {
    let last: Row | undefined;
    for (const row of wanted) if (last === undefined || row.id > last.id) last = row;
    const before = this.lastRead;
    const rows: Row[] = [];
    this.lastRead = last;
    if (last === undefined || before === undefined || last.id <= before.id || last.id > before.id + 64) return rows;
    let bytes = 0;
    for (let row = last.next; row !== undefined && bytes + row.bytes <= this.ahead; row = row.next) {
      if (row.body !== null || row.writing || row.live === 0) continue;
      rows.push(row);
      bytes += row.bytes;
    }
    this.lastRead = rows.at(-1) ?? last;
    return rows;
  }
}
