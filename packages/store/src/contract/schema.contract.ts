import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Store } from '../contract.ts';
import { migrate } from '../migrations/migrate.ts';
import { migration, migrationsFor } from '../migrations/migrations.ts';
import type { CreateDatabase } from '../testing/harness.ts';
import { apiId, put, service } from '../testing/resources.ts';

/** Databases of other versions. */
export function describeSchema(create: CreateDatabase): void {
  test('several processes may open an empty database at once', async () => {
    await using db = await create();
    const stores = await Promise.all([db.open(), db.open(), db.open()]);
    expect(new Set(stores.map(({ epoch }) => epoch)).size).toBe(1);
  });

  test('a database of a newer version is refused and left alone', async () => {
    await using db = await create();
    const store = await db.open();
    await store.change([put(apiId('a'))]);
    await store.close();
    const known = versions.length;
    await db.sql(`INSERT INTO schema_migration VALUES (${known + 1}, 'future', 'x', 0)`);
    await expect(db.open()).rejects.toMatchObject({
      code: 'NewerSchema',
      message: `The database has schema version ${known + 1}; this version of Lazuli knows up to ${known}. Use a newer Lazuli.`,
    });
    await db.sql(`DELETE FROM schema_migration WHERE version = ${known + 1}`);
    expect(await (await db.open()).count()).toBe(1);
  });

  test('a database whose migrations are not those of this version is refused', async () => {
    await using db = await create();
    await (await db.open()).close();
    await db.sql("UPDATE schema_migration SET checksum = 'x'");
    await expect(db.open()).rejects.toMatchObject({ code: 'SchemaMismatch' });
    await db.sql('UPDATE schema_migration SET version = 0');
    await expect(db.open()).rejects.toMatchObject({ code: 'SchemaMismatch' });
  });

  test('there are fixtures of every released version', () => {
    const released = migrationsFor('sqlite').length;
    expect(migrationsFor('postgres')).toHaveLength(released);
    for (let version = 1; version <= released; version++) {
      for (const name of [`sqlite-v${version}.sql`, `postgres-v${version}.sql`, `backup-v${version}.ndjson`]) {
        expect(existsSync(fixture(name)), name).toBe(true);
      }
    }
  });

  test.each(versions)('a database of version %i is brought up to date and keeps what it holds', async (version) => {
    await using db = await create();
    const sql = readFileSync(fixture(`${db.kind}-v${version}.sql`), 'utf8');
    await db.sql(sql.replaceAll(/\bfixture(?=[.;])/g, db.options.schema ?? ''));
    await expectFixture(await db.open({ keys: fixtureKeys }));
  });

  test.each(versions)('a portable backup of version %i is restored', async (version) => {
    await using db = await create();
    const path = join(db.folder, 'backup');
    writeFileSync(path, gzipSync(readFileSync(fixture(`backup-v${version}.ndjson`))));
    const store = await db.open({ keys: fixtureKeys });
    await store.restore(path);
    await expectFixture(store);
  });

  test('steps that are missing are done, all or none', async () => {
    await using db = await create();
    await (await db.open()).close();
    const released = migrationsFor(db.kind);
    const next = released.length + 1;
    const second = migration(
      next,
      'colour',
      'ALTER TABLE resource ADD COLUMN colour TEXT;\n\nCREATE INDEX by_colour\n  ON resource (colour);\n',
    );
    const broken = migration(
      next + 1,
      'broken',
      'CREATE TABLE half (id BIGINT);\nINSERT INTO no_such_table VALUES (1);\n',
    );
    const driver = db.driver();
    try {
      await expect(migrate(driver, [...released, second, broken], 0, 'e')).rejects.toMatchObject({
        code: 'StoreRefused',
      });
      await expect(driver.query([{ sql: 'SELECT colour FROM resource' }])).rejects.toThrow();
      await migrate(driver, [...released, second], 0, 'e');
      await migrate(driver, [...released, second], 0, 'e');
      expect(await driver.query([{ sql: 'SELECT colour FROM resource' }])).toEqual([[]]);
      const [rows] = await driver.query([{ sql: 'SELECT name FROM schema_migration ORDER BY version' }]);
      expect(rows?.map(({ name }) => name)).toEqual([...released.map(({ name }) => name), 'colour']);
    } finally {
      await driver.close();
    }
    await expect(db.open()).rejects.toMatchObject({ code: 'NewerSchema' });
  });
}

const versions = migrationsFor('sqlite').map(({ version }) => version);

const fixture = (name: string): string => join(import.meta.dirname, '../fixtures', name);

const fixtureKeys = {
  kind: 'keys',
  keys: [createHash('sha256').update('key of the fixtures').digest('base64')],
} as const;

/** What every fixture holds, whatever its version. */
async function expectFixture(store: Store): Promise<void> {
  expect(await store.check()).toEqual({ ok: true, problems: [], resources: 3, changes: 4, secrets: 1, logEntries: 4 });
  expect(await store.get(apiId('echo'))).toMatchObject({
    id: apiId('Echo'),
    body: { properties: { displayName: "Écho's API", path: 'echo' } },
    sequence: 2,
  });
  const secrets = await store.readSecrets(`${service}/namedValues/pass-word`);
  expect(secrets).toEqual(new Map([['properties/value', 'the secret of version 1']]));
  expect(await store.verifyAudit()).toMatchObject({ ok: true, entries: 2 });
  await expect(store.changesAfter(0)).rejects.toMatchObject({ floor: 1 });
  expect((await store.changesAfter(1)).changes.map(({ operation }) => operation)).toEqual([
    'put',
    'put',
    'put',
    'delete',
  ]);
  expect((await store.change([put(apiId('new'))])).sequence).toBe(6);
}
