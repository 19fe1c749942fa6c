import { Worker } from 'node:worker_threads';
import { StoreError, StoreUnavailableError } from '../errors.ts';
import type { Row } from '../sql/driver.ts';
import type { Failure, Response, Task, ThreadOptions } from './protocol.ts';

/** The near side of `thread.ts`: tasks are done in the order in which they are given. */
export class ConnectionThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve: (response: Answer) => void; reject: (error: Error) => void }>();
  private lastId = 0;
  private ended: StoreError | undefined;

  constructor(options: ThreadOptions) {
    this.worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: options,
      execArgv: [],
      stdin: false,
    });
    this.worker.on('message', (response: Response) => this.settle(response));
    this.worker.on('error', (error) => this.end(new StoreUnavailableError(error.message, 'unknown', { cause: error })));
    this.worker.on('exit', () => this.end(new StoreError('StoreClosed')));
    // Only work that waits keeps the process alive.
    this.worker.unref();
  }

  async perform(task: Task): Promise<Answer> {
    if (this.ended !== undefined) throw this.ended;
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      if (this.waiting.size === 1) this.worker.ref();
      this.worker.postMessage({ id, task });
    });
  }

  async close(): Promise<void> {
    if (this.ended !== undefined) return;
    const exited = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
    await this.perform({ kind: 'close' });
    this.worker.ref();
    await exited;
  }

  private settle(response: Response): void {
    const waiter = this.waiting.get(response.id);
    this.waiting.delete(response.id);
    if (this.waiting.size === 0) this.worker.unref();
    if ('failure' in response) waiter?.reject(errorOf(response.failure));
    else waiter?.resolve(response);
  }

  private end(error: StoreError): void {
    this.ended ??= error;
    for (const waiter of this.waiting.values()) waiter.reject(this.ended);
    this.waiting.clear();
  }
}

interface Answer {
  readonly rows: Row[][];
  readonly view?: number;
}

/** https://www.sqlite.org/rescode.html: the low byte of an extended code is the primary one. */
export function errorOf({ resultCode, message }: Failure): StoreError {
  switch (resultCode & 0xff) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return new StoreError('StoreBusy', { reason: `another process holds the database (${message})` });
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return new StoreError('StoreCorrupt', { what: 'The database file', reason: message });
    case 1: // SQLITE_ERROR
    case 18: // SQLITE_TOOBIG
    case 19: // SQLITE_CONSTRAINT
    case 20: // SQLITE_MISMATCH
      return new StoreError('StoreRefused', { reason: message });
    case 10: // SQLITE_IOERR: at a commit nobody knows how far it came
      return new StoreUnavailableError(message, 'unknown');
    default:
      return new StoreUnavailableError(message, 'notWritten');
  }
}
