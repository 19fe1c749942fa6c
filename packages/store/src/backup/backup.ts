import { stat } from 'node:fs/promises';
import { stateOf } from '../change/load.ts';
import type { BackupOptions, BackupSummary } from '../contract.ts';
import { StoreError } from '../errors.ts';
import { migrationsFor } from '../migrations/migrations.ts';
import type { SqlDriver } from '../sql/driver.ts';
import { integer } from '../sql/row-values.ts';
import { tableNames } from '../sql/tables.ts';
import { SqliteDriver } from '../sqlite/driver.ts';
import { isoOf } from '../values/time.ts';
import { writeNewFile } from './new-file.ts';
import { writePortable } from './portable-file.ts';
import { allRows } from './table-rows.ts';

const readState = { sql: 'SELECT epoch, sequence, feed_floor FROM store_state WHERE id = 1' };

/** See `Store.backup`. */
export async function backup(
  driver: SqlDriver,
  now: number,
  path: string,
  options: BackupOptions,
): Promise<BackupSummary> {
  const { format = 'portable' } = options;
  if (format === 'portable') return writeNewFile(path, (temporary) => backupPortably(driver, now, temporary));
  const { copyTo } = driver;
  if (format !== 'sqlite' || copyTo === undefined) {
    throw new StoreError('BackupUnsupported', { kind: driver.kind, format });
  }
  return writeNewFile(path, async (temporary) => {
    await copyTo.call(driver, temporary);
    return summaryOfCopy(temporary);
  });
}

async function backupPortably(driver: SqlDriver, now: number, path: string): Promise<BackupSummary> {
  const view = await driver.view();
  try {
    const [state] = await view.exec([readState]);
    const { epoch, sequence, floor } = stateOf(state);
    const rows = await writePortable(
      path,
      {
        format: 'lazuli-store',
        formatVersion: 1,
        schemaVersion: migrationsFor(driver.kind).length,
        epoch,
        sequence,
        feedFloor: floor,
        createdAt: isoOf(now),
      },
      allRows(view.exec),
    );
    return { sequence, rows, bytes: (await stat(path)).size };
  } finally {
    await view.close();
  }
}

async function summaryOfCopy(path: string): Promise<BackupSummary> {
  const copy = new SqliteDriver({ path, busyMilliseconds: 0, immutable: true });
  try {
    const [state, ...counts] = await copy.query([
      readState,
      ...tableNames.map((table) => ({ sql: `SELECT count(*) AS count FROM ${table}` })),
    ]);
    const rows = counts.flat().reduce((sum, row) => sum + integer(row, 'count'), 0);
    return { sequence: stateOf(state).sequence, rows, bytes: (await stat(path)).size };
  } finally {
    await copy.close();
  }
}
