import type { StoreErrorCode } from '../errors.ts';
import type { Failure } from '../sqlite/protocol.ts';
import type { Bytes, RowChange, StoredRow } from './table.ts';

/** What the thread that owns a SQLite file of a journal is told to do. Bytes are transferred, there and back, never copied. */
export type SqliteTask =
  /** Tries to own the file; answers with `term`, or with `busy` where another process owns it. */
  | { readonly kind: 'own' }
  /** `place`: the bodies lie in the file beside; it is synced first. */
  | ({ readonly kind: 'write'; readonly body: Bytes | null; readonly place: BodyPlace | null } & Omit<
      RowChange,
      'body'
    >)
  /** Bodies in the file beside go elsewhere; then it is cut. */
  | { readonly kind: 'shrink'; readonly moves: readonly BodyMove[]; readonly cutAt: number | undefined }
  | { readonly kind: 'read'; readonly ids: readonly number[]; readonly bodies: boolean }
  /** Heads of rows behind an id, as many as make a portion. */
  | { readonly kind: 'heads'; readonly after: number }
  | { readonly kind: 'close' };

/** What is written to the file of bodies never shares a page with what is on the disk already. */
export const bodyPageBytes = 4096;

/** Where a body lies in the file beside: from the start of a page on. */
export interface BodyPlace {
  readonly page: number;
  readonly bytes: number;
}

/** A body that goes from one page to another. */
export interface BodyMove {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

export interface SqliteAnswer {
  readonly rows?: readonly StoredRow[];
  readonly body?: Bytes | null;
  readonly term?: number;
  readonly lastId?: number;
  /** Of all bodies in the file beside: id, page and bytes. */
  readonly places?: Float64Array<ArrayBuffer>;
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
  /** A row whose bodies have so many bytes at least has them in the file beside. */
  readonly apartFrom: number;
  /** For tests: the most pages that the file may have. */
  readonly maxPages?: number;
}
