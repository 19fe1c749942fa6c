import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CreateDatabase } from '../testing/harness.ts';
import { apiId, put, putOne, remove } from '../testing/resources.ts';

/** Secrets beside bodies. */
export function describeSecrets(create: CreateDatabase): void {
  test('secrets are in readSecrets and nowhere else', async () => {
    await using db = await create();
    const store = await db.open();
    const secrets = { 'properties/value': 'GEHEIM-1', certificate: 'GEHEIM-2' };
    const { record } = await putOne(store, put(apiId('a'), { displayName: 'a' }, { secrets }));
    expect(record.secretFields).toEqual(['certificate', 'properties/value']);
    expect(await store.readSecrets(apiId('A'))).toEqual(new Map(Object.entries(secrets).reverse()));
    expect(await store.readSecrets(apiId('a'), ['certificate', 'other'])).toEqual(
      new Map([['certificate', 'GEHEIM-2']]),
    );
    expect(await store.read((view) => view.readSecrets(apiId('a'), ['certificate']))).toEqual(
      new Map([['certificate', 'GEHEIM-2']]),
    );
    expect(await store.readSecrets(apiId('none'))).toEqual(new Map());
    const shown = JSON.stringify([await store.get(apiId('a')), await store.list(), await store.changesAfter(0)]);
    expect(shown).not.toContain('GEHEIM');
    const path = join(db.folder, 'copy');
    await store.backup(path);
    expect(readFileSync(path).toString('latin1')).not.toContain('GEHEIM');
  });

  test('fields that are not named keep their secret; null removes it; deleting the resource removes all', async () => {
    await using db = await create();
    const store = await db.open();
    await store.change([put(apiId('a'), {}, { secrets: { one: '1', two: '2' } })]);
    await store.change([put(apiId('a'), { changed: true })]);
    await store.change([put(apiId('a'), {}, { secrets: { two: 'II', three: '3' } })]);
    expect(await store.readSecrets(apiId('a'))).toEqual(new Map(Object.entries({ one: '1', three: '3', two: 'II' })));
    await store.change([put(apiId('a'), {}, { secrets: { one: null, none: null } })]);
    expect(await store.get(apiId('a'))).toMatchObject({ secretFields: ['three', 'two'] });
    expect(await store.check()).toMatchObject({ ok: true, secrets: 2 });
    await store.change([remove(apiId('a'))]);
    expect(await store.readSecrets(apiId('a'))).toEqual(new Map());
    await store.change([put(apiId('a'))]);
    expect(await store.get(apiId('a'))).toMatchObject({ secretFields: [] });
    expect(await store.check()).toMatchObject({ ok: true, secrets: 0, problems: [] });
  });

  test('values that cannot be secrets are refused without being repeated', async () => {
    await using db = await create();
    const store = await db.open({ limits: { secretBytes: 100 } });
    const bad: Record<string, string>[] = [
      { '': 'x' },
      { a: 'x'.repeat(101) },
      { a: '\ud800' },
      { 'a\0': 'x' },
      { a: 1 as never },
    ];
    for (const secrets of bad) {
      await expect(store.change([put('/x', {}, { secrets })])).rejects.toMatchObject({
        code: 'InvalidSecret',
        message: expect.not.stringContaining('xxx'),
      });
    }
    await store.change([put('/x', {}, { secrets: { a: '', b: '\0\u{1f600}' } })]);
    expect(await store.readSecrets('/x')).toEqual(
      new Map([
        ['a', ''],
        ['b', '\0\u{1f600}'],
      ]),
    );
  });

  test('without the key, with another key, or moved elsewhere, a secret is not readable', async () => {
    await using db = await create();
    const [key, otherKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const store = await db.open({ keys: { kind: 'keys', keys: [key] } });
    await store.change([
      put('/a', {}, { secrets: { one: 'A1', two: 'A2' } }),
      put('/b', {}, { secrets: { one: 'B1' } }),
    ]);
    const without = await db.open({ keys: { kind: 'keys', keys: [otherKey] } });
    await expect(without.readSecrets('/a')).rejects.toMatchObject({ code: 'KeyMissing' });
    expect((await without.check()).problems.map(({ code }) => code)).toEqual([
      'KeyMissing',
      'KeyMissing',
      'KeyMissing',
    ]);
    await expect((await db.open({ keys: [] })).change([put('/c', {}, { secrets: { a: 'b' } })])).rejects.toMatchObject({
      code: 'KeyUnusable',
    });
    expect(await (await db.open({ keys: { kind: 'keys', keys: [otherKey, key] } })).readSecrets('/b')).toHaveLength(1);

    // Two fields of one resource share a data key: only what is bound to the ciphertext tells them apart.
    await db.sql(
      "UPDATE secret SET ciphertext = (SELECT s.ciphertext FROM secret s WHERE s.key = '/a' AND s.field = 'two'), nonce = (SELECT s.nonce FROM secret s WHERE s.key = '/a' AND s.field = 'two') WHERE key = '/a' AND field = 'one'",
      "UPDATE secret SET data_key = (SELECT d.id FROM data_key d WHERE d.key = '/a') WHERE key = '/b'",
    );
    await expect(store.readSecrets('/a', ['one'])).rejects.toMatchObject({ code: 'SecretUndecryptable' });
    await expect(store.readSecrets('/b')).rejects.toMatchObject({ code: 'SecretUndecryptable' });
    expect(await store.readSecrets('/a', ['two'])).toEqual(new Map([['two', 'A2']]));
  });

  test('rotation wraps data keys anew and leaves payloads as they are; other processes follow', async () => {
    await using db = await create();
    const [store, other] = [await db.open(), await db.open()];
    await store.change(Array.from({ length: 3 }, (_, n) => put(`/r/${n}`, {}, { secrets: { s: `value ${n}` } })));
    const keyFile = join(db.folder, 'keys');
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const { keyId, rewrapped } = await store.rotateKeys({ newKey: true });
    expect(rewrapped).toBe(3);
    expect(readFileSync(keyFile, 'utf8').trim().split('\n')).toHaveLength(2);
    expect(await store.rotateKeys()).toEqual({ keyId, rewrapped: 0 });
    await other.change([put('/r/0', {}, { secrets: { s: 'by the other' } })]);
    expect(await other.rotateKeys()).toEqual({ keyId, rewrapped: 0 });
    expect(await other.readSecrets('/r/1')).toEqual(new Map([['s', 'value 1']]));
    expect(await store.readSecrets('/r/0')).toEqual(new Map([['s', 'by the other']]));
    expect(await store.check()).toMatchObject({ ok: true, secrets: 3 });

    const newKey = randomBytes(32).toString('base64');
    const moving = await db.open({
      keys: [
        { kind: 'keys', keys: [newKey] },
        { kind: 'file', path: keyFile },
      ],
    });
    expect(await moving.rotateKeys()).toMatchObject({ rewrapped: 3 });
    await expect(moving.rotateKeys({ newKey: true })).rejects.toMatchObject({ code: 'KeysFixed' });
    const moved = await db.open({ keys: { kind: 'keys', keys: [newKey] } });
    expect(await moved.check()).toMatchObject({ ok: true });
  });
}
