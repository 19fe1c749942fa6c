import { open, stat } from 'node:fs/promises';
import { lockState, stateOf } from '../change/load.ts';
import type { BackupSummary, RestoreOptions } from '../contract.ts';
import { StoreError } from '../errors.ts';
import { migrationsFor } from '../migrations/migrations.ts';
import type { SqlDriver, SqlValue, WriteTransaction } from '../sql/driver.ts';
import { integer } from '../sql/row-values.ts';
import { type TableName, tableNames } from '../sql/tables.ts';
import { SqliteDriver } from '../sqlite/driver.ts';
import { readPortable } from './portable-file.ts';
import { allRows, invalid, type TableRow } from './table-rows.ts';

/** See `Store.restore`. Nothing is changed unless the whole file was read and found complete. */
export async function restore(
  driver: SqlDriver,
  epoch: string,
  path: string,
  options: RestoreOptions,
): Promise<BackupSummary> {
  const source = await openBackup(path);
  try {
    const bytes = (await stat(path)).size;
    return await driver.write(async (tx) => {
      await clear(tx, driver, options.replace === true);
      let state: BackupState | undefined;
      const rows = await insertAll(
        tx,
        source.rows((found) => (state = found)),
        path,
      );
      if (state === undefined) throw invalid(path, 'it is empty');
      await tx.commit([
        {
          sql: 'UPDATE store_state SET epoch = $1, sequence = $2, feed_floor = $3 WHERE id = 1',
          params: [epoch, state.sequence, state.feedFloor],
        },
        ...driver.dialect.notify,
      ]);
      return { sequence: state.sequence, rows, bytes };
    });
  } finally {
    await source.close();
  }
}

interface BackupState {
  readonly sequence: number;
  readonly feedFloor: number;
}

interface BackupSource {
  /** Calls `onState` before the first row. Can be read again. */
  rows(onState: (state: BackupState) => void): AsyncIterable<TableRow>;
  close(): Promise<void>;
}

async function openBackup(path: string): Promise<BackupSource> {
  if ((await firstBytes(path)).toString('latin1') !== 'SQLite format 3\0') {
    return {
      rows: (onState) =>
        readPortable(path, (header) => {
          checkSchema(header.schemaVersion, path);
          onState(header);
        }),
      close: () => Promise.resolve(),
    };
  }
  const copy = new SqliteDriver({ path, busyMilliseconds: 0, immutable: true });
  return { rows: (onState) => rowsOfCopy(copy, path, onState), close: () => copy.close() };
}

async function* rowsOfCopy(
  copy: SqliteDriver,
  path: string,
  onState: (state: BackupState) => void,
): AsyncGenerator<TableRow> {
  try {
    const [versions = [], state] = await copy.query([
      { sql: 'SELECT max(version) AS version FROM schema_migration' },
      { sql: 'SELECT epoch, sequence, feed_floor FROM store_state' },
    ]);
    checkSchema(versions[0] === undefined ? 0 : integer(versions[0], 'version'), path);
    const { sequence, floor } = stateOf(state);
    onState({ sequence, feedFloor: floor });
    yield* allRows(copy.query);
  } catch (error) {
    if (error instanceof StoreError && !/^(Backup|Newer)/.test(error.code)) throw invalid(path, error.message);
    throw error;
  }
}

function checkSchema(version: number, path: string): void {
  const known = migrationsFor('sqlite').length;
  if (version > known) throw new StoreError('NewerSchema', { actual: version, known });
  if (version !== known) throw invalid(path, `it has schema version ${version}`);
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error));
  }
}

async function clear(tx: WriteTransaction, driver: SqlDriver, replace: boolean): Promise<void> {
  const [, [resources] = [], [entries] = []] = await tx.exec([
    lockState(driver.dialect),
    { sql: 'SELECT count(*) AS count FROM resource' },
    { sql: 'SELECT count(*) AS count FROM log_entry' },
  ]);
  const counts = {
    resources: resources === undefined ? 0 : integer(resources, 'count'),
    entries: entries === undefined ? 0 : integer(entries, 'count'),
  };
  if (!replace && counts.resources + counts.entries > 0) throw new StoreError('StoreNotEmpty', counts);
  await tx.exec(tableNames.map((table) => ({ sql: `DELETE FROM ${table}` })));
}

async function insertAll(tx: WriteTransaction, rows: AsyncIterable<TableRow>, path: string): Promise<number> {
  let count = 0;
  let table: TableName | undefined;
  let waiting: (readonly SqlValue[])[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (table === undefined || waiting.length === 0) return;
    try {
      await tx.exec([{ insert: table, rows: waiting }]);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'StoreRefused') throw invalid(path, error.message);
      throw error;
    }
    waiting = [];
    bytes = 0;
  };
  for await (const next of rows) {
    if (next.table !== table || waiting.length >= 500 || bytes > 8 * 1024 * 1024) await flush();
    table = next.table;
    waiting.push(next.row);
    for (const value of next.row) bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8;
    count++;
  }
  await flush();
  return count;
}
