import type { RowBody } from './row-body.ts';

/** Where a journal keeps its rows: one table of a database that this process owns alone. `JournalOf` is written against it. */
export interface JournalTable {
  /** Counts owners. */
  readonly term: number;
  /** Rows get greater ids than this. */
  readonly lastId: number;
  /** All rows without their bodies, by id, in portions. */
  heads(): AsyncIterable<readonly StoredHead[]>;
  /**
   * Inserts and deletes in one transaction. Head and body belong to the table until it resolves; it resolves with the bytes of
   * `body`, which may then lie elsewhere. Rejects with `JournalLost` where another process owns the table (nothing is written
   * then), and with the error of the database after retries. Called again only after it has resolved.
   */
  write(change: RowChange): Promise<RowBody | null>;
  /** Those of the rows that exist, whole. */
  read(ids: readonly number[]): Promise<readonly StoredRow[]>;
  /** The same without bodies. */
  readHeads(ids: readonly number[]): Promise<readonly StoredHead[]>;
  /** Called once, when another process is found to own the table. */
  onLost(call: (reason: Error) => void): void;
  /** Lets go of the table. */
  close(): Promise<void>;
}

export type Bytes = Uint8Array<ArrayBuffer>;

export interface StoredHead {
  readonly id: number;
  readonly head: Bytes;
}

export interface StoredRow extends StoredHead {
  readonly body: Bytes | null;
}

export interface RowChange {
  /** Of the row to insert; also where none is inserted it is used up. */
  readonly id: number;
  readonly head: Bytes | null;
  readonly body: RowBody | null;
  /** Ids of rows to delete: pairs of first and last. */
  readonly deleted: readonly number[];
}
