import { expect, test } from 'vitest';
import type { ChangeOptions, Operation } from '../contract.ts';
import { type StoreError, StoreUnavailableError } from '../errors.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { migrate } from '../migrations/migrate.ts';
import { migrationsFor } from '../migrations/migrations.ts';
import type { SqlDriver, WriteTransaction } from '../sql/driver.ts';
import { createSqlite, type TestDatabase } from '../testing/harness.ts';
import { put } from '../testing/resources.ts';
import { CommitQueue } from './commit-queue.ts';
import { type PreparedBatch, prepareBatch } from './prepare-batch.ts';

const limits = {
  bodyBytes: 1_000,
  bodyDepth: 10,
  batchOperations: 10,
  batchBytes: 10_000,
  secretBytes: 100,
  waitingBatches: 10,
};
const batch = (operations: readonly Operation[], options: ChangeOptions = {}): PreparedBatch =>
  prepareBatch(operations, options, limits, new KeyRing([]));
const entry = { append: [{ log: 'audit', entries: [{ body: { n: 1 } }] }] };

/** A queue whose connection breaks while the first commit is under way. */
async function queueOver(db: TestDatabase, committed: boolean) {
  const driver = db.driver();
  await migrate(driver, migrationsFor('sqlite'), 0, 'epoch');
  let breaks = true;
  const commit = async (tx: WriteTransaction, statements: Parameters<WriteTransaction['commit']>[0]) => {
    if (!breaks || statements.length === 0) return tx.commit(statements);
    breaks = false;
    if (committed) await tx.commit(statements);
    throw new StoreUnavailableError('the connection broke', 'unknown');
  };
  const breaking: SqlDriver = {
    kind: driver.kind,
    dialect: driver.dialect,
    query: driver.query,
    view: () => driver.view(),
    onHint: () => {},
    checkFiles: () => driver.checkFiles(),
    close: () => driver.close(),
    write: (work) => driver.write((tx) => work({ exec: tx.exec, commit: (statements) => commit(tx, statements) })),
  };
  const queue = new CommitQueue({
    driver: breaking,
    groupCommit: 10,
    waitingBatches: 10,
    now: () => 5,
    onCommit: () => {},
  });
  return { queue, driver };
}

test.each([
  ['a put that was written', true, () => batch([put('/a', {}, { ifNoneMatch: '*' })])],
  ['a put that was not', false, () => batch([put('/a', {}, { ifNoneMatch: '*' })])],
  ['a log entry that was written', true, () => batch([], entry)],
  ['a log entry that was not', false, () => batch([], entry)],
  ['both, written', true, () => batch([put('/a', {}, { ifNoneMatch: '*' })], entry)],
])('a commit that broke off is looked up: %s', async (_, committed, prepare: () => PreparedBatch) => {
  await using db = await createSqlite();
  const { queue, driver } = await queueOver(db, committed);
  try {
    const prepared = prepare();
    const result = await queue.submit(prepared);
    const [changes, entries] = await driver.query([
      { sql: 'SELECT etag FROM change_feed' },
      { sql: 'SELECT hash FROM log_entry' },
    ]);
    expect(changes).toEqual(result.results.map((one) => ({ etag: 'record' in one && one.record.etag })));
    expect(entries).toEqual(result.appended.map(({ hash }) => ({ hash })));
  } finally {
    await driver.close();
  }
});

test('of a group that the database refuses only the batch that is to blame fails', async () => {
  await using db = await createSqlite();
  await (await db.open()).close();
  await db.sql(
    "CREATE TRIGGER refuse BEFORE INSERT ON resource WHEN NEW.key = '/b' BEGIN SELECT RAISE(ABORT, 'not b'); END",
  );
  const store = await db.open();
  const outcomes = await Promise.allSettled(['/a', '/b', '/c'].map((id) => store.change([put(id)])));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { code: 'StoreRefused' satisfies StoreError['code'] } });
  expect(await store.check()).toMatchObject({ ok: true, resources: 2, changes: 2 });
});
