import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from './index.ts';
import { put } from './testing/resources.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lazuli-open-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a store is a file that only its owner reads, with its keys beside it', async () => {
  const path = join(folder, 'data', 'store.db');
  const store = await openStore(`sqlite:${path}`, { env: {} });
  expect(existsSync(`${path}.keys`)).toBe(false);
  await store.change([put('/a', {}, { secrets: { s: 'GEHEIM' } })]);
  for (const file of [path, `${path}.keys`, `${path}-wal`]) expect(statSync(file).mode & 0o777, file).toBe(0o600);
  expect(readFileSync(`${path}-wal`, 'latin1')).not.toContain('GEHEIM');
  await store.close();
  expect(existsSync(`${path}-wal`)).toBe(false);
  expect(readFileSync(path, 'latin1')).not.toContain('GEHEIM');
});

test('a store in memory is gone when it is closed', async () => {
  const store = await openStore('sqlite::memory:', { env: {} });
  await store.change([put('/a', {}, { secrets: { s: 'x' } })]);
  expect(await store.readSecrets('/a')).toHaveLength(1);
  await store.close();
  await store.close();
});

test.each([
  ['mysql://x', 'InvalidUrl'],
  ['sqlite:', 'InvalidUrl'],
  ['', 'InvalidUrl'],
])('%s names no store', async (url, code) => {
  await expect(openStore(url)).rejects.toMatchObject({ code });
});

test('an address that is refused does not show its password', async () => {
  await expect(openStore('mysql://me:hunter2@host/db')).rejects.toMatchObject({
    message: expect.not.stringContaining('hunter2'),
  });
});

test('options that cannot be are refused', async () => {
  const url = `sqlite:${join(folder, 'x.db')}`;
  await expect(openStore(url, { pollMilliseconds: 0 })).rejects.toMatchObject({ code: 'InvalidOption' });
  await expect(openStore(url, { limits: { bodyDepth: 0.5 } })).rejects.toMatchObject({ code: 'InvalidOption' });
  await expect(openStore('postgres://x', { schema: 'a"b' })).rejects.toMatchObject({ code: 'InvalidOption' });
  await expect(openStore('postgres://x?options=-c%20a%3Db')).rejects.toMatchObject({ code: 'InvalidOption' });
  await expect(openStore(url, { env: { LAZULI_KEK: 'x' } })).rejects.toMatchObject({ code: 'KeyUnusable' });
});

test('a file that is no database is refused and left as it is', async () => {
  const path = join(folder, 'notes.txt');
  writeFileSync(path, 'Dear diary, '.repeat(500));
  chmodSync(path, 0o644);
  await expect(openStore(`sqlite:${path}`, { env: {} })).rejects.toMatchObject({ code: 'StoreCorrupt' });
  expect(readFileSync(path, 'utf8')).toMatch(/^Dear diary/);
  await expect(openStore(`sqlite:${folder}`, { env: {} })).rejects.toMatchObject({ code: 'StoreUnavailable' });
});

test('a second process that writes waits, and is told when it waited in vain', async () => {
  const path = join(folder, 'store.db');
  const store = await openStore(`sqlite:${path}`, { env: {}, busyMilliseconds: 50 });
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  await expect(store.change([put('/a')])).rejects.toMatchObject({ code: 'StoreBusy' });
  expect(await store.count()).toBe(0);
  other.exec('ROLLBACK');
  await store.change([put('/a')]);
  expect(await store.count()).toBe(1);
  other.close();
  await store.close();
});

test('more waiting batches than allowed are refused', async () => {
  const store = await openStore('sqlite::memory:', { env: {}, limits: { waitingBatches: 3 } });
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, (_, n) => store.change([put(`/${n}`)])));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(outcomes[4]).toMatchObject({ reason: { code: 'StoreBusy' } });
  await store.close();
});
