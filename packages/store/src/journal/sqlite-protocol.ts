import type { StoreErrorCode } from '../errors.ts';
import type { Failure } from '../sqlite/protocol.ts';
import type { Bytes, RowChange, StoredRow } from './table.ts';

/** What the thread that owns a SQLite file of a journal is told to do. Bytes are transferred, there and back, never copied. */
export type SqliteTask =
  /** Tries to own the file; answers with `term`, or with `busy` where another process owns it. */
  | { readonly kind: 'own' }
  | ({ readonly kind: 'write' } & RowChange)
  | { readonly kind: 'read'; readonly ids: readonly number[]; readonly bodies: boolean }
  /** Heads of rows behind an id, as many as make a portion. */
  | { readonly kind: 'heads'; readonly after: number }
  | { readonly kind: 'close' };

export interface SqliteAnswer {
  readonly rows?: readonly StoredRow[];
  readonly body?: Bytes | null;
  readonly term?: number;
  readonly lastId?: number;
  readonly busy?: boolean;
  readonly owner?: string;
  readonly failure?: Failure & {
    /** Of the store's table, where the file is not what it should be. */
    readonly code?: StoreErrorCode;
    readonly values?: Readonly<Record<string, string | number>>;
  };
}

export interface SqliteJournalOptions {
  readonly path: string;
  readonly name: string;
  readonly owner: string;
  /** Bytes of a page of a new file. */
  readonly pageBytes: number;
  /** Bytes of the write-ahead log that make it flow into the file. */
  readonly checkpointBytes: number;
  /** For tests: the most pages that the file may have. */
  readonly maxPages?: number;
}
