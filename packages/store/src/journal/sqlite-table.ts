import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { StoreError, StoreUnavailableError } from '../errors.ts';
import { errorOf } from '../sqlite/connection-thread.ts';
import { createPrivately } from '../sqlite/driver.ts';
import { BodyFile } from './body-file.ts';
import { RowBody } from './row-body.ts';
import type { SqliteAnswer, SqliteJournalOptions, SqliteTask } from './sqlite-protocol.ts';
import type { JournalTable, RowChange, StoredHead, StoredRow } from './table.ts';

/** How often it is tried to own a file that another process owns. */
const retryMilliseconds = 100;

export interface Waiting {
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: ((owner: string) => void) | undefined;
}

/** The file of bodies is made smaller so much at a time, and not too often: what is free now may be needed in a moment. */
const moveBytes = 4 * 1024 * 1024;
const shrinkMilliseconds = 100;

/** A SQLite file that this process alone can read and write, until it closes it or ends, and the file of large bodies beside it. */
export class SqliteTable implements JournalTable {
  readonly term: number;
  readonly lastId: number;
  private readonly thread: JournalThread;
  private readonly bodies: BodyFile;
  private readonly apartFrom: number;
  private isWriting = false;
  private mayShrink = true;
  private timer: NodeJS.Timeout | undefined;
  /** While the file of bodies is made smaller, nothing is written. */
  private shrinking: Promise<void> | undefined;

  /** Waits while another process owns the file. Rejects with `JournalBusy` where `signal` ended that. */
  static async open(options: SqliteJournalOptions, { signal, onWaiting }: Waiting): Promise<SqliteTable> {
    createPrivately(options.path);
    const thread = new JournalThread(options);
    try {
      for (let told = false; ; told = true) {
        const answer = await thread.perform({ kind: 'own' });
        if (answer.busy !== true) return new SqliteTable(options, thread, answer);
        const { owner = '' } = answer;
        if (!told) onWaiting?.(owner);
        const aborted = await delay(retryMilliseconds, false, { signal }).catch(() => true);
        if (aborted) throw new StoreError('JournalBusy', { name: options.name, owner });
      }
    } catch (error) {
      await thread.close().catch(() => undefined);
      throw error;
    }
  }

  private constructor(options: SqliteJournalOptions, thread: JournalThread, owned: SqliteAnswer) {
    const { term = 0, lastId = 0, places = new Float64Array() } = owned;
    this.apartFrom = options.apartFrom;
    this.thread = thread;
    this.term = term;
    this.lastId = lastId;
    this.bodies = new BodyFile(`${options.path}-bodies`, places);
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

  async write({ id, head, body, deleted }: RowChange): Promise<RowBody | null> {
    this.isWriting = true;
    try {
      if (this.shrinking !== undefined) await this.shrinking;
      const isApart = body !== null && body.bytes >= this.apartFrom;
      const place = isApart ? await this.bodies.write(id, body.pieces) : null;
      const bytes = isApart ? null : (body?.whole() ?? null);
      const transfer = [head, bytes].flatMap((each) => (each === null ? [] : [each.buffer]));
      const written = await this.thread.perform({ kind: 'write', id, head, body: bytes, place, deleted }, transfer);
      this.bodies.forget(deleted);
      if (deleted.length > 0) this.shrinkSoon();
      return isApart || written.body == null ? body : new RowBody([written.body]);
    } finally {
      this.isWriting = false;
    }
  }

  async read(ids: readonly number[]): Promise<readonly StoredRow[]> {
    return (await this.thread.perform({ kind: 'read', ids, bodies: true })).rows ?? [];
  }

  async readHeads(ids: readonly number[]): Promise<readonly StoredHead[]> {
    return (await this.thread.perform({ kind: 'read', ids, bodies: false })).rows ?? [];
  }

  /** The lock goes with the process alone. */
  onLost(): void {}

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.shrinking;
    await this.thread.close();
    this.bodies.close();
  }

  private shrinkSoon(): void {
    if (!this.mayShrink) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (this.isWriting) this.shrinkSoon();
      else this.shrinking ??= this.shrink().finally(() => (this.shrinking = undefined));
    }, shrinkMilliseconds).unref();
  }

  /** A step, and another one later where there is more to do. */
  private async shrink(): Promise<void> {
    const { bodies } = this;
    const moves = bodies.chooseMoves(moveBytes);
    const { cutAt } = bodies;
    if (moves.length === 0 && cutAt === undefined) return;
    try {
      await this.thread.perform({ kind: 'shrink', moves, cutAt });
    } catch {
      // Where bodies are now the database knows: the space of both places is used by nobody until the journal is opened anew.
      this.mayShrink = false;
      return;
    }
    bodies.moved(moves);
    if (cutAt !== undefined) bodies.wasCut(cutAt);
    this.shrinkSoon();
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
