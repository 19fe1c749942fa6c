import type { TableName } from './tables.ts';

export type SqlValue = string | number | null | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

/** Parameters are written `$1`, `$2` …; all rows come back. */
export interface Query {
  readonly sql: string;
  readonly params?: readonly SqlValue[];
}

/** Rows for a table, in the order of its columns. */
export interface Insert {
  readonly insert: TableName;
  readonly rows: readonly (readonly SqlValue[])[];
  /** Replace what has the same primary key; otherwise that is an error. */
  readonly replace?: boolean;
}

export type Statement = Query | Insert;

/** Executes statements in order and resolves with the rows of each; on an error those after it are not done. */
export type Execute = (statements: readonly Statement[]) => Promise<Row[][]>;

/** A transaction that writes. It begins with the first statement, and only one at a time is open in a process. */
export interface WriteTransaction {
  readonly exec: Execute;
  /**
   * The last statements, and commit. A `StoreUnavailableError` with outcome `unknown` says that the connection broke
   * while the commit was under way.
   */
  commit(statements: readonly Statement[]): Promise<Row[][]>;
}

/** Reads of one moment. */
export interface ReadTransaction {
  readonly exec: Execute;
  close(): Promise<void>;
}

/** What the two databases differ in, as far as the statements of the store go. */
export interface Dialect {
  /** First statements of a transaction that changes the schema: others that do wait. */
  readonly lockSchema: readonly Statement[];
  /** Appended to a SELECT to hold its rows against other writers. */
  readonly forUpdate: string;
  /** `column` is one of the strings in the JSON array that parameter `n` holds. */
  readonly within: (column: string, n: number) => string;
  /** Statements of a transaction that tell other processes of new changes when it commits. */
  readonly notify: readonly Statement[];
}

/** A database. Errors are `StoreError`s: `StoreBusy`, `StoreUnavailable`, `StoreCorrupt`. */
export interface SqlDriver {
  readonly kind: 'sqlite' | 'postgres';
  readonly dialect: Dialect;
  /** Each statement sees the newest state. */
  readonly query: Execute;
  /** Runs `work`, rolls back when it throws; commits what `work` has not committed itself. */
  write<T>(work: (transaction: WriteTransaction) => Promise<T>): Promise<T>;
  /** Opens a read transaction. */
  view(): Promise<ReadTransaction>;
  /** Calls `listener` when another process has probably changed something. A hint: it may be missing or come for nothing. */
  onHint(listener: () => void): void;
  /** The database's own check of its files; empty where all is well or it has none. */
  checkFiles(): Promise<readonly string[]>;
  /** Writes a copy of the database as a file of its own; absent where the database cannot. */
  readonly copyTo?: (path: string) => Promise<void>;
  close(): Promise<void>;
}
