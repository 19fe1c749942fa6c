import { StoreError } from '../errors.ts';
import type { Row, SqlDriver } from '../sql/driver.ts';
import { integer, text } from '../sql/row-values.ts';
import type { Migration } from './migrations.ts';

/**
 * Brings the schema to the newest version, in one transaction, and makes the one row of `store_state` with `epoch` where there is
 * none. Processes that start together wait for each other. Throws `NewerSchema` or `SchemaMismatch`.
 */
export async function migrate(
  driver: SqlDriver,
  migrations: readonly Migration[],
  now: number,
  epoch: string,
): Promise<void> {
  await driver.write(async (tx) => {
    const answers = await tx.exec([
      ...driver.dialect.lockSchema,
      {
        sql: 'CREATE TABLE IF NOT EXISTS schema_migration (version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)',
      },
      { sql: 'SELECT version, name, checksum FROM schema_migration ORDER BY version' },
    ]);
    const done = checkApplied(answers.at(-1) ?? [], migrations);
    const missing = migrations.slice(done);
    await tx.commit([
      ...missing.flatMap(({ version, name, statements, checksum }) => [
        ...statements.map((sql) => ({ sql })),
        {
          sql: 'INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)',
          params: [version, name, checksum, now],
        },
      ]),
      {
        sql: 'INSERT INTO store_state (id, epoch, sequence, feed_floor) VALUES (1, $1, 0, 0) ON CONFLICT DO NOTHING',
        params: [epoch],
      },
    ]);
  });
}

/** Returns how many were applied. */
function checkApplied(rows: readonly Row[], migrations: readonly Migration[]): number {
  const versions = rows.map((row) => integer(row, 'version'));
  const newest = versions.at(-1) ?? 0;
  if (newest > migrations.length) throw new StoreError('NewerSchema', { actual: newest, known: migrations.length });
  for (const [index, row] of rows.entries()) {
    const known = migrations[index];
    const version = integer(row, 'version');
    if (known === undefined || known.version !== version) {
      throw new StoreError('SchemaMismatch', { version, reason: 'a migration before it was not applied' });
    }
    if (known.checksum !== text(row, 'checksum')) {
      throw new StoreError('SchemaMismatch', { version, reason: 'its checksum differs' });
    }
  }
  return rows.length;
}
