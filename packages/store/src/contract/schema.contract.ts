import { expect, test } from 'vitest';
import type { CreateDatabase } from '../testing/harness.ts';
import { apiId, put } from '../testing/resources.ts';

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
    await db.sql("INSERT INTO schema_migration VALUES (2, 'future', 'x', 0)");
    await expect(db.open()).rejects.toMatchObject({
      code: 'NewerSchema',
      message: 'The database has schema version 2; this version of Lazuli knows up to 1. Use a newer Lazuli.',
    });
    await db.sql('DELETE FROM schema_migration WHERE version = 2');
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
}
