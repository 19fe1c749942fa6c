import { randomUUID } from 'node:crypto';
import type { AccessRecord } from '@lazuli/gateway';
import type { Logger } from 'pino';
import { RecordQueue } from '../analytics/record-queue.ts';
import { RequestHistory } from '../analytics/request-history.ts';
import type { UsageBatch } from '../analytics/usage-batch.ts';
import type { ConfigurationClient } from './configuration-client.ts';

const countMs = 250;
const countAtOnce = 500;
const sendMs = 5_000;
const rowsOfBatch = 5_000;
const requestsOfBatch = 200;

/**
 * Counts the requests of a self-hosted gateway and sends the counts to the management plane, for its reports. While it cannot be
 * reached they are kept in memory, older ones by longer periods.
 */
export class UsageReporter {
  readonly #client: Pick<ConfigurationClient, 'post'>;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #queue = new RecordQueue();
  readonly #timers: readonly NodeJS.Timeout[];
  #history = new RequestHistory();
  /** On their way, or waiting to be sent again. */
  #batches: UsageBatch[] = [];
  #sending: Promise<void> | null = null;

  constructor(client: Pick<ConfigurationClient, 'post'>, logger: Logger, now: () => number) {
    this.#client = client;
    this.#logger = logger;
    this.#now = now;
    this.#timers = [
      setInterval(() => this.#countSome(), countMs).unref(),
      setInterval(() => void this.send(), sendMs).unref(),
    ];
  }

  readonly onComplete = (record: AccessRecord): void => this.#queue.add(record, this.#now());

  /** Sends what has been counted; resolves when it has arrived, or not. */
  send(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#sending;
    await this.send();
  }

  #countSome(): void {
    if (this.#queue.count(this.#history, countAtOnce)) setImmediate(() => this.#countSome());
  }

  async #send(): Promise<void> {
    this.#queue.count(this.#history);
    if (this.#batches.length === 0) this.#batches = this.#take();
    try {
      for (let batch = this.#batches[0]; batch; batch = this.#batches[0]) {
        await this.#client.post('/usage', batch);
        this.#batches.shift();
      }
    } catch (error) {
      this.#history.rollUp(this.#now());
      this.#logger.debug({ error: String(error) }, 'the counts of requests were not taken: they are sent again');
    }
  }

  #take(): UsageBatch[] {
    const rows = [...this.#history.rows()];
    const requests = this.#history.requests().slice(-requestsOfBatch);
    if (rows.length === 0) return [];
    this.#history = new RequestHistory();
    const batches: UsageBatch[] = [];
    for (let at = 0; at < rows.length; at += rowsOfBatch)
      batches.push({ id: randomUUID(), rows: rows.slice(at, at + rowsOfBatch), requests: at === 0 ? requests : [] });
    return batches;
  }
}
