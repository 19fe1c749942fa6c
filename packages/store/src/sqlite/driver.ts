import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreUnavailableError } from '../errors.ts';
import type { Dialect, ReadTransaction, Row, SqlDriver, Statement, WriteTransaction } from '../sql/driver.ts';
import { ConnectionThread } from './connection-thread.ts';

export interface SqliteOptions {
  readonly path: string;
  readonly busyMilliseconds: number;
  /** Default `FULL`. */
  readonly synchronous?: 'FULL' | 'OFF';
  /** Reads a file that nobody writes, without making files beside it. */
  readonly immutable?: boolean;
}

const begin: Statement = { sql: 'BEGIN IMMEDIATE' };
const commit: Statement = { sql: 'COMMIT' };
const rollback: Statement = { sql: 'ROLLBACK' };

/** A SQLite file: one thread writes, another reads, so that no read waits for a disk that writes (the file is in WAL mode). */
export class SqliteDriver implements SqlDriver {
  readonly kind = 'sqlite';
  readonly dialect: Dialect = {
    lockSchema: [],
    forUpdate: '',
    within: (column, n) => `${column} IN (SELECT value FROM json_each($${n}))`,
    notify: [],
  };
  private readonly writer: ConnectionThread;
  private readonly reader: ConnectionThread;
  private lastWrite: Promise<unknown> = Promise.resolve();

  constructor(options: SqliteOptions) {
    const immutable = options.immutable === true;
    if (!immutable) createPrivately(options.path);
    const thread = { ...options, immutable, synchronous: options.synchronous ?? 'FULL' } as const;
    this.writer = new ConnectionThread(thread);
    this.reader = new ConnectionThread(thread);
  }

  readonly query = async (statements: readonly Statement[]): Promise<Row[][]> =>
    (await this.reader.perform({ kind: 'exec', statements })).rows;

  write<T>(work: (transaction: WriteTransaction) => Promise<T>): Promise<T> {
    const run = this.lastWrite.then(() => this.transact(work));
    this.lastWrite = run.catch(() => undefined);
    return run;
  }

  async view(): Promise<ReadTransaction> {
    const { view } = await this.reader.perform({ kind: 'openView' });
    return {
      exec: async (statements) => (await this.reader.perform({ kind: 'exec', view, statements })).rows,
      close: async () => {
        if (view !== undefined) await this.reader.perform({ kind: 'closeView', view });
      },
    };
  }

  /** SQLite tells other processes nothing; they look. */
  onHint(): void {}

  async checkFiles(): Promise<readonly string[]> {
    const [rows = []] = await this.query([{ sql: 'PRAGMA integrity_check(100)' }]);
    return rows.map((row) => String(row.integrity_check)).filter((text) => text !== 'ok');
  }

  async copyTo(path: string): Promise<void> {
    await this.query([{ sql: 'VACUUM INTO $1', params: [path] }]);
  }

  async close(): Promise<void> {
    await this.lastWrite;
    await this.reader.close();
    await this.writer.close();
  }

  private async transact<T>(work: (transaction: WriteTransaction) => Promise<T>): Promise<T> {
    let state: 'fresh' | 'open' | 'done' = 'fresh';
    const exec = async (statements: readonly Statement[], last: boolean): Promise<Row[][]> => {
      if (state === 'done') throw new StoreUnavailableError('the transaction has ended', 'notWritten');
      const first = state === 'fresh';
      state = last ? 'done' : 'open';
      const all = [...(first ? [begin] : []), ...statements, ...(last ? [commit] : [])];
      try {
        const { rows } = await this.writer.perform({ kind: 'exec', statements: all });
        return rows.slice(first ? 1 : 0);
      } catch (error) {
        state = 'done'; // The thread has rolled back.
        throw error;
      }
    };
    const open = (): boolean => state === 'open';
    try {
      const result = await work({
        exec: (statements) => exec(statements, false),
        commit: (statements) => exec(statements, true),
      });
      if (open()) await exec([], true);
      return result;
    } catch (error) {
      if (open()) await this.writer.perform({ kind: 'exec', statements: [rollback] });
      throw error;
    }
  }
}

/** SQLite gives its `-wal` and `-shm` files the mode of the database: what it holds is nobody else's to read. */
export function createPrivately(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreUnavailableError(reason, 'notWritten', { cause: error });
  }
}
