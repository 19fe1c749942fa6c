import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig, type QueryConfig, type QueryResult } from 'pg';
import { StoreError } from '../errors.ts';
import { storeErrorOf, worthRetrying } from '../postgres/errors.ts';

/** One connection, made when it is needed, and made anew when it broke. */
export class PostgresLink {
  private readonly config: ClientConfig;
  private readonly retryMilliseconds: number;
  private client: Promise<Client> | undefined;
  private readonly closing = new AbortController();
  private last: Promise<unknown> = Promise.resolve();

  constructor(config: ClientConfig, retryMilliseconds: number) {
    this.config = config;
    this.retryMilliseconds = retryMilliseconds;
  }

  /**
   * Asks until there is an answer, for `retryMilliseconds`: so `query` must be one that may be done twice. The last error is
   * thrown.
   */
  async ask(query: QueryConfig): Promise<QueryResult> {
    return this.with((client) => client.query(query));
  }

  /** Does `work` with the connection when all that was given before is done. */
  with<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const run = this.last.then(() => this.attempt(work));
    this.last = run.catch(() => undefined);
    return run;
  }

  private async attempt<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.retryMilliseconds;
    for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
      const { client } = this;
      try {
        return await work(await this.connected());
      } catch (cause) {
        const error = storeErrorOf(cause, true);
        if (error.code !== 'StoreUnavailable') throw error;
        this.drop(client ?? this.client);
        if (this.closing.signal.aborted) throw new StoreError('StoreClosed');
        // Whether it was done is asked again, so that "unknown" is no obstacle.
        if (!worthRetrying(error) || performance.now() + pause > deadline) throw error;
        await delay(pause, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    const { client } = this;
    this.client = undefined;
    await client?.then((one) => one.end()).catch(() => undefined);
  }

  private connected(): Promise<Client> {
    this.client ??= this.connect();
    return this.client;
  }

  private async connect(): Promise<Client> {
    const client = new Client(this.config);
    client.on('error', () => undefined);
    try {
      await client.connect();
      // What was acknowledged must be on disk, also where the server's default is to hope.
      await client.query(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
      );
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return client;
  }

  private drop(client: Promise<Client> | undefined): void {
    if (this.client === client) this.client = undefined;
    client?.then((one) => one.end()).catch(() => undefined);
  }
}
