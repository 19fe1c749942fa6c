import type { JournalTable, RowChange, StoredRow } from './table.ts';

/** Rows in memory, for tests: they outlast the journal over them. */
export class MemoryRows {
  readonly rows = new Map<number, StoredRow>();
  term = 0;

  apply({ id, head, body, deleted }: RowChange): void {
    for (let at = 0; at < deleted.length; at += 2) {
      for (let gone = deleted[at] ?? 0; gone <= (deleted[at + 1] ?? 0); gone++) this.rows.delete(gone);
    }
    if (head !== null) this.rows.set(id, { id, head: head.slice(), body: body === null ? null : body.whole().slice() });
  }
}

export class MemoryTable implements JournalTable {
  readonly term: number;
  readonly lastId: number;
  private readonly stored: MemoryRows;
  private readonly admit: () => Promise<void>;
  private lost: (reason: Error) => void = () => {};
  private readonly onClose: () => void;

  /** `admit`: resolves when a commit may happen, or rejects with why it does not. */
  constructor(stored: MemoryRows, admit: () => Promise<void>, onClose: () => void) {
    this.stored = stored;
    this.term = ++stored.term;
    this.lastId = Math.max(0, ...stored.rows.keys());
    this.admit = admit;
    this.onClose = onClose;
  }

  async *heads(): AsyncGenerator<readonly StoredRow[]> {
    yield [...this.stored.rows.values()].sort((a, b) => a.id - b.id);
  }

  async write(change: RowChange): Promise<RowChange['body']> {
    await this.admit();
    this.stored.apply(change);
    return change.body;
  }

  async read(ids: readonly number[]): Promise<StoredRow[]> {
    await Promise.resolve();
    return ids.flatMap((id) => this.stored.rows.get(id) ?? []);
  }

  readHeads(ids: readonly number[]): Promise<StoredRow[]> {
    return this.read(ids);
  }

  onLost(call: (reason: Error) => void): void {
    this.lost = call;
  }

  lose(reason: Error): void {
    this.lost(reason);
  }

  async close(): Promise<void> {
    this.onClose();
  }
}
