import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ChangeNotice, Store } from '../contract.ts';
import { type CreateDatabase, createSqlite } from '../testing/harness.ts';
import { apiId, put, remove } from '../testing/resources.ts';

/** Backups, restoring them in either database, and the check. */
export function describeBackup(create: CreateDatabase): void {
  test('a backup holds one moment and is restored by the same and by the other driver', async () => {
    await using db = await create();
    const store = await db.open();
    await fill(store);
    const path = join(db.folder, 'backup');
    const [summary] = await Promise.all([
      store.backup(path),
      ...Array.from({ length: 20 }, (_, n) => store.change([put(apiId(`later-${n}`)), put(apiId(`later-${n}b`))])),
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(store.backup(path)).rejects.toMatchObject({ code: 'BackupExists' });
    await expect(store.backup(join(db.folder, 'no/such/folder'))).rejects.toMatchObject({ code: 'BackupUnwritable' });
    for (const createOther of [create, createSqlite]) {
      await using otherDb = await createOther();
      const other = await otherDb.open({ keys: db.options.keys });
      expect(await other.restore(path)).toEqual(summary);
      expect(await other.check()).toMatchObject({ ok: true, problems: [] });
      expect(await other.sequence()).toBe(summary.sequence);
      expect(await other.get(apiId('kept'))).toEqual(await store.get(apiId('kept')));
      expect(await other.readSecrets(apiId('kept'))).toEqual(new Map([['s', 'secret']]));
      expect(await other.verifyAudit()).toMatchObject({ ok: true, entries: 2 });
      expect((await other.change([put(apiId('after'))])).sequence).toBe(summary.sequence + 1);
      await expect(other.restore(path)).rejects.toMatchObject({ code: 'StoreNotEmpty' });
      expect(await other.restore(path, { replace: true })).toEqual(summary);
      expect(await other.get(apiId('after'))).toBeUndefined();
    }
  });

  test('a SQLite file as backup is restored too', async () => {
    await using db = await create();
    const store = await db.open();
    await using source = await createSqlite();
    const sqlite = await source.open({ keys: db.options.keys });
    await fill(sqlite);
    const path = join(source.folder, 'copy.db');
    const summary = await sqlite.backup(path, { format: 'sqlite' });
    if (store.kind !== 'sqlite') {
      await expect(store.backup(`${path}2`, { format: 'sqlite' })).rejects.toMatchObject({ code: 'BackupUnsupported' });
    }
    expect(await store.restore(path)).toEqual(summary);
    expect(await store.check()).toMatchObject({ ok: true, resources: 2, secrets: 1 });
  });

  test('readers are told to read anew after a restore', async () => {
    await using db = await create();
    const [store, other] = [await db.open(), await db.open()];
    await fill(store);
    const path = join(db.folder, 'backup');
    await store.backup(path);
    const notices: ChangeNotice[] = [];
    const subscriptions = [store, other].map((each) => each.subscribe(4, (notice) => void notices.push(notice)));
    const { epoch } = store;
    await store.restore(path, { replace: true });
    expect(store.epoch).not.toBe(epoch);
    await expect.poll(() => notices.length).toBe(2);
    const expected = { kind: 'reload', sequence: await store.sequence(), epoch: store.epoch };
    expect(notices).toEqual([expected, expected]);
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
  });

  test('a backup that is cut, altered, or none changes nothing', async () => {
    await using db = await create();
    const store = await db.open();
    await fill(store);
    const good = join(db.folder, 'good');
    await store.backup(good);
    const lines = gunzipSync(readFileSync(good)).toString('utf8').split('\n');
    const write = (name: string, content: Buffer | string): string => {
      const path = join(db.folder, name);
      writeFileSync(path, content);
      return path;
    };
    const cut = write('cut', readFileSync(good));
    truncateSync(cut, statSync(good).size - 20);
    const bad = [
      cut,
      join(db.folder, 'missing'),
      write('empty', ''),
      write('text', 'hello'),
      write('sqlite', 'SQLite format 3\0 and nothing else'),
      write('no-end', gzipSync(lines.slice(0, -2).join('\n'))),
      write('altered', gzipSync(lines.join('\n').replace('Kept', 'Lept'))),
      write('dropped', gzipSync(lines.toSpliced(2, 1).join('\n'))),
      write('table', gzipSync(`${lines[0]}\n["__proto__",[1]]\n`)),
      write('columns', gzipSync(`${lines[0]}\n["resource",["a"]]\n`)),
      write('nulls', gzipSync(`${lines[0]}\n["secret",[null,null,null,null,null]]\n`)),
    ];
    for (const path of bad) {
      await expect(store.restore(path, { replace: true }), path).rejects.toMatchObject({ code: 'BackupInvalid' });
    }
    const newer = write('newer', gzipSync(lines.join('\n').replace('"schemaVersion":1', '"schemaVersion":99')));
    await expect(store.restore(newer, { replace: true })).rejects.toMatchObject({ code: 'NewerSchema' });
    expect(await store.check()).toMatchObject({ ok: true, resources: 2 });
    await store.change([put(apiId('still works'))]);
  });

  test.each([
    ['a body', `UPDATE resource SET body = '{"n":2}' WHERE id LIKE '%/Kept'`, 'ResourceDamaged'],
    ['broken JSON', `UPDATE resource SET secret_fields = '{' WHERE id LIKE '%/Kept'`, 'ResourceDamaged'],
    ['an index column', `UPDATE resource SET parent_key = '/x' WHERE id LIKE '%/Kept'`, 'ResourceDamaged'],
    ['a lost resource', `DELETE FROM resource WHERE id LIKE '%/other'`, 'FeedDisagrees'],
    ['a gap', 'DELETE FROM change_feed WHERE sequence = 2', 'FeedGap'],
    ['a cut feed', 'DELETE FROM change_feed WHERE sequence = 4', 'FeedGap'],
    ['a sequence set back', 'UPDATE store_state SET sequence = 3', 'FeedGap'],
    ['a secret', 'DELETE FROM secret', 'SecretMissing'],
    ['a data key', 'DELETE FROM data_key', 'StoreCorrupt'],
  ])('the check finds %s', async (_, sql, code) => {
    await using db = await create();
    const store = await db.open();
    await fill(store);
    expect(await store.check()).toEqual({
      ok: true,
      problems: [],
      resources: 2,
      changes: 4,
      secrets: 1,
      logEntries: 3,
    });
    await db.sql(sql);
    const { ok, problems } = await store.check();
    expect(ok).toBe(false);
    expect(problems.map((problem) => problem.code)).toContain(code);
  });
}

async function fill(store: Store): Promise<void> {
  await store.change([put(apiId('Kept'), { n: 1 }, { secrets: { s: 'secret' } }), put(apiId('gone'))], {
    append: [
      { log: 'audit', entries: [{ body: { n: 1 } }, { subject: apiId('kept'), body: { n: 2 } }] },
      { log: 'activity', entries: [{ body: {} }] },
    ],
  });
  await store.change([put(apiId('other')), remove(apiId('gone'))]);
}
