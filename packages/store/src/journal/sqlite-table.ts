import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { StoreError, StoreUnavailableError } from '../errors.ts';
import { errorOf } from '../sqlite/connection-thread.ts';
import { createPrivately } from '../sqlite/driver.ts';
import type { SqliteAnswer, SqliteJournalOptions, SqliteTask } from './sqlite-protocol.ts';
import type { Bytes, JournalTable, RowChange, StoredHead, StoredRow } from './table.ts';

/** How often it is tried to own a file that another process owns. */
const retryMilliseconds = 100;

export interface Waiting {
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: ((owner: string) => void) | undefined;
}

/** A SQLite file that this process alone can read and write, until it closes it or ends. */
export class SqliteTable implements JournalTable {
  readonly term: number;
  readonly lastId: number;
  private readonly thread: JournalThread;

  /** Waits while another process owns the file. Rejects with `JournalBusy` where `signal` ended that. */
  static async open(options: SqliteJournalOptions, { signal, onWaiting }: Waiting): Promise<SqliteTable> {
    createPrivately(options.path);
    const thread = new JournalThread(options);
    try {
      for (let told = false; ; told = true) {
        const { busy, owner = '', term = 0, lastId = 0 } = await thread.perform({ kind: 'own' });
        if (busy !== true) return new SqliteTable(thread, term, lastId);
        if (!told) onWaiting?.(owner);
        const aborted = await delay(retryMilliseconds, false, { signal }).catch(() => true);
        if (aborted) throw new StoreError('JournalBusy', { name: options.name, owner });
      }
    } catch (error) {
      await thread.close().catch(() => undefined);
      throw error;
    }
  }

  private constructor(thread: JournalThread, term: number, lastId: number) {
    this.thread = thread;
    this.term = term;
    this.lastId = lastId;
  }

  async *heads(): AsyncGenerator<readonly StoredHead[]> {
    for (let after = 0; ; ) {
      const { rows = [] } = await this.thread.perform({ kind: 'heads', after });
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      after = last.id;
    }
  }

  async write({ id, head, body, deleted }: RowChange): Promise<Bytes | null> {
    const transfer = [head, body].flatMap((bytes) => (bytes === null ? [] : [bytes.buffer]));
    return (await this.thread.perform({ kind: 'write', id, head, body, deleted }, transfer)).body ?? null;
  }

  async read(ids: readonly number[]): Promise<readonly StoredRow[]> {
    return (await this.thread.perform({ kind: 'read', ids, bodies: true })).rows ?? [];
  }

  async readHeads(ids: readonly number[]): Promise<readonly StoredHead[]> {
    return (await this.thread.perform({ kind: 'read', ids, bodies: false })).rows ?? [];
  }

  /** The lock goes with the process alone. */
  onLost(): void {}

  close(): Promise<void> {
    return this.thread.close();
  }
}

/** The near side of `sqlite-thread.ts`: tasks are done in the order in which they are given, and answered in it. */
class JournalThread {
  private readonly worker: Worker;
  private readonly waiting: { resolve: (answer: SqliteAnswer) => void; reject: (error: Error) => void }[] = [];
  private ended: StoreError | undefined;

  constructor(options: SqliteJournalOptions) {
    this.worker = new Worker(new URL('./sqlite-thread.ts', import.meta.url), {
      workerData: options,
      execArgv: [],
      stdin: false,
    });
    this.worker.on('message', (answer: SqliteAnswer) => this.settle(answer));
    this.worker.on('error', (error) => this.end(new StoreUnavailableError(error.message, 'unknown', { cause: error })));
    this.worker.on('exit', () => this.end(new StoreError('StoreClosed')));
    this.worker.unref();
  }

  perform(task: SqliteTask, transfer: ArrayBuffer[] = []): Promise<SqliteAnswer> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      // Only work that waits keeps the process alive.
      if (this.waiting.length === 1) this.worker.ref();
      this.worker.postMessage(task, transfer);
    });
  }

  async close(): Promise<void> {
    if (this.ended !== undefined) return;
    const exited = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
    await this.perform({ kind: 'close' });
    this.worker.ref();
    await exited;
  }

  private settle(answer: SqliteAnswer): void {
    const waiter = this.waiting.shift();
    if (this.waiting.length === 0) this.worker.unref();
    const { failure } = answer;
    if (failure === undefined) waiter?.resolve(answer);
    else if (failure.code !== undefined) waiter?.reject(new StoreError(failure.code, failure.values));
    else waiter?.reject(errorOf(failure));
  }

  private end(error: StoreError): void {
    this.ended ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.ended);
  }
}
