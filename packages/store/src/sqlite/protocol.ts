import type { Row, Statement } from '../sql/driver.ts';

/** What the thread that holds connections to a SQLite file is asked to do. */
export type Task =
  /** Executes on the main connection (no `view`) or on that of a view. */
  | { readonly kind: 'exec'; readonly view?: number; readonly statements: readonly Statement[] }
  | { readonly kind: 'openView' }
  | { readonly kind: 'closeView'; readonly view: number }
  | { readonly kind: 'close' };

export interface Request {
  readonly id: number;
  readonly task: Task;
}

export type Response =
  | { readonly id: number; readonly rows: Row[][]; readonly view?: number }
  | { readonly id: number; readonly failure: Failure };

/** An error of SQLite: its extended result code (https://www.sqlite.org/rescode.html); 0 for an error of another kind. */
export interface Failure {
  readonly resultCode: number;
  readonly message: string;
}

export interface ThreadOptions {
  readonly path: string;
  /** Opens the file as it is, for reading only: no journal beside it is read or made. */
  readonly immutable: boolean;
  readonly busyMilliseconds: number;
  /** `FULL` waits for the disk at each commit. `OFF` is for a file that need not survive the process. */
  readonly synchronous: 'FULL' | 'OFF';
}
