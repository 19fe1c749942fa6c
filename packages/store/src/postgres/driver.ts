import { setTimeout as delay } from 'node:timers/promises';
import { type ClientConfig, Pool, type PoolClient, types } from 'pg';
import { StoreError, StoreUnavailableError } from '../errors.ts';
import type { Dialect, ReadTransaction, Row, SqlDriver, Statement, WriteTransaction } from '../sql/driver.ts';
import { storeErrorOf, worthRetrying } from './errors.ts';
import { execute } from './execute.ts';
import { Listening } from './listening.ts';

export interface PostgresOptions {
  readonly url: string;
  readonly schema: string;
  readonly connections: number;
  readonly busyMilliseconds: number;
  readonly viewMilliseconds: number;
  readonly retryMilliseconds: number;
}

/** PostgreSQL 14 or later. */
export class PostgresDriver implements SqlDriver {
  readonly kind = 'postgres';
  readonly dialect: Dialect;
  private readonly pool: Pool;
  private readonly config: ClientConfig;
  private readonly channel: string;
  private readonly schema: string;
  private readonly retryMilliseconds: number;
  private listening: Listening | undefined;
  private lastWrite: Promise<unknown> = Promise.resolve();

  constructor(options: PostgresOptions) {
    this.channel = `lazuli_store_${options.schema}`;
    this.retryMilliseconds = options.retryMilliseconds;
    this.schema = options.schema;
    this.dialect = {
      // Any number will do that nothing else locks: this is 'lazuli' in ASCII.
      lockSchema: [{ sql: 'SELECT pg_advisory_xact_lock(119165922143337)::text' }],
      forUpdate: ' FOR UPDATE',
      within: (column, n) => `${column} = ANY (ARRAY(SELECT json_array_elements_text($${n}::json)))`,
      notify: [{ sql: `SELECT pg_notify('${this.channel}', '')` }],
    };
    this.config = {
      connectionString: options.url,
      application_name: 'lazuli',
      options: `-c search_path=${options.schema}`,
      types: { getTypeParser },
      pipeline: true,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      lock_timeout: options.busyMilliseconds,
      // A process that hangs in a transaction must not stop all others for ever.
      idle_in_transaction_session_timeout: options.viewMilliseconds + 10_000,
    };
    this.pool = new Pool({ ...this.config, max: options.connections });
    // Idle connections that break are replaced when one is needed.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => {
      client.on('error', () => undefined);
      // What was acknowledged must be on disk, also where the server's default is to hope.
      client
        .query(
          "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
        )
        .catch(() => undefined);
    });
  }

  /** Checks the server and makes the schema where there is none. Throws `UnsupportedDatabase`. */
  async prepare(): Promise<void> {
    const [[row] = []] = await this.query([
      {
        sql: "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding, EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)::int AS ready",
        params: [this.schema],
      },
    ]);
    const version = Number(row?.version);
    if (!(version >= 140_000)) {
      throw new StoreError('UnsupportedDatabase', { actual: version, expected: 'PostgreSQL 14 or later' });
    }
    if (row?.encoding !== 'UTF8') {
      throw new StoreError('UnsupportedDatabase', {
        actual: `encoding ${row?.encoding}`,
        expected: 'a database in UTF8',
      });
    }
    if (row.ready === 1) return;
    const create = { sql: `CREATE SCHEMA IF NOT EXISTS "${this.schema}"` };
    await this.write(async (tx) => void (await tx.commit([...this.dialect.lockSchema, create])));
  }

  readonly query = (statements: readonly Statement[]): Promise<Row[][]> =>
    this.retrying(() => this.withClient((client) => execute(client, statements)));

  write<T>(work: (transaction: WriteTransaction) => Promise<T>): Promise<T> {
    const run = this.lastWrite.then(() =>
      this.retrying(() => this.withClient((client) => this.transact(client, work))),
    );
    this.lastWrite = run.catch(() => undefined);
    return run;
  }

  async view(): Promise<ReadTransaction> {
    const client = await this.retrying(() => this.connect());
    let done = false;
    const release = (broken: boolean): void => {
      if (!done) client.release(broken);
      done = true;
    };
    try {
      await execute(client, [{ sql: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' }]);
    } catch (error) {
      release(true);
      throw storeErrorOf(error, false);
    }
    return {
      exec: (statements) => execute(client, statements).catch((error) => Promise.reject(storeErrorOf(error, false))),
      close: async () => {
        if (done) return;
        await execute(client, [{ sql: 'ROLLBACK' }]).then(
          () => release(false),
          () => release(true),
        );
      },
    };
  }

  onHint(listener: () => void): void {
    this.listening ??= new Listening(this.config, this.channel, listener);
  }

  /** PostgreSQL's files are checked with its own tools (pg_amcheck, pg_checksums). */
  checkFiles(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  async close(): Promise<void> {
    await this.lastWrite;
    await this.listening?.close();
    await this.pool.end();
  }

  private async connect(): Promise<PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw storeErrorOf(error, false);
    }
  }

  private async withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.connect();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      // A connection that failed may be in the middle of anything.
      client.release(true);
      throw storeErrorOf(error, false);
    }
  }

  private async transact<T>(client: PoolClient, work: (transaction: WriteTransaction) => Promise<T>): Promise<T> {
    let state: 'fresh' | 'open' | 'done' = 'fresh';
    const exec = async (statements: readonly Statement[], last: boolean): Promise<Row[][]> => {
      if (state === 'done') throw new StoreUnavailableError('the transaction has ended', 'notWritten');
      const first = state === 'fresh';
      state = last ? 'done' : 'open';
      const rows = await execute(client, [...(first ? [{ sql: 'BEGIN' }] : []), ...statements]).catch((error) =>
        Promise.reject(storeErrorOf(error, false)),
      );
      // Sent only when all else is known to be well: a commit after an error would roll back and report success.
      if (last) {
        await execute(client, [{ sql: 'COMMIT' }]).catch((error) => Promise.reject(storeErrorOf(error, true)));
      }
      return rows.slice(first ? 1 : 0);
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
      if (open()) await execute(client, [{ sql: 'ROLLBACK' }]).catch(() => undefined);
      throw error;
    }
  }

  private async retrying<T>(work: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.retryMilliseconds;
    for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
      try {
        return await work();
      } catch (error) {
        const unknown = error instanceof StoreUnavailableError && error.outcome === 'unknown';
        if (unknown || !worthRetrying(error) || performance.now() + pause > deadline) throw error;
        await delay(pause * (0.5 + Math.random() / 2));
      }
    }
  }
}

/** Sequences and times stay below 2^53. */
const getTypeParser: typeof types.getTypeParser = (...args: Parameters<typeof types.getTypeParser>) =>
  (args[0] as number) === types.builtins.INT8 && args[1] !== 'binary' ? Number : types.getTypeParser(...args);
