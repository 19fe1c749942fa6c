import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import type { OpenOptions, Store } from '../contract.ts';
import { openStore } from '../open-store.ts';
import { PostgresDriver } from '../postgres/driver.ts';
import type { SqlDriver } from '../sql/driver.ts';
import { SqliteDriver } from '../sqlite/driver.ts';

/** For tests: a database that starts empty and can be opened several times. */
export interface TestDatabase extends AsyncDisposable {
  readonly kind: 'sqlite' | 'postgres';
  readonly url: string;
  /** A folder of its own for keys and backups. */
  readonly folder: string;
  readonly options: OpenOptions;
  open(options?: OpenOptions): Promise<Store>;
  /** The database without a store. The caller closes it. */
  driver(): SqlDriver;
  /** Changes the database behind the back of the store. */
  sql(...statements: string[]): Promise<void>;
}

export type CreateDatabase = () => Promise<TestDatabase>;

export async function createSqlite(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-store-'));
  const path = join(folder, 'store.db');
  const driver = (): SqlDriver => new SqliteDriver({ path, busyMilliseconds: 5_000 });
  return database('sqlite', `sqlite:${path}`, folder, {}, driver, async (statements) => {
    const direct = new DatabaseSync(path);
    for (const statement of statements) direct.exec(statement);
    direct.close();
  });
}

/** Each database is a schema. */
export function createPostgres(url: string): CreateDatabase {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazuli-store-'));
    const schema = `test_${randomBytes(6).toString('hex')}`;
    const driver = (): SqlDriver =>
      new PostgresDriver({
        url,
        schema,
        connections: 2,
        busyMilliseconds: 5_000,
        viewMilliseconds: 5_000,
        retryMilliseconds: 0,
      });
    return database('postgres', url, folder, { schema, connections: 4 }, driver, async (statements) => {
      const direct = new Client({ connectionString: url, options: `-c search_path=${schema}` });
      await direct.connect();
      for (const statement of statements) await direct.query(statement);
      await direct.end();
    });
  };
}

function database(
  kind: TestDatabase['kind'],
  url: string,
  folder: string,
  own: OpenOptions,
  driver: () => SqlDriver,
  run: (statements: readonly string[]) => Promise<void>,
): TestDatabase {
  const opened: Store[] = [];
  const options: OpenOptions = {
    env: {},
    pollMilliseconds: 20,
    keys: { kind: 'file', path: join(folder, 'keys'), create: true },
    ...own,
  };
  return {
    kind,
    driver,
    url,
    folder,
    options,
    async open(more = {}) {
      const store = await openStore(url, { ...options, ...more });
      opened.push(store);
      return store;
    },
    sql: (...statements) => run(statements),
    async [Symbol.asyncDispose]() {
      for (const store of opened) await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
