import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '@lazuli/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RecordCache } from './record-cache.ts';

let folder: string;
let store: Store;
let others: Store;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lazuli-cache-'));
  const url = `sqlite:${join(folder, 'lazuli.db')}`;
  store = await openStore(url, { env: {} });
  others = await openStore(url, { env: {} });
});

afterAll(async () => {
  await others.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const put = (name: string) =>
  others.change([{ operation: 'put', id: `/things/${name}`, type: 'Contoso/things', body: {} }]);

it('is kept until it is told, or asked for what is there now', async () => {
  let built = 0;
  const cache = new RecordCache(store, ['Contoso/things'], (records) => {
    built += 1;
    return records.map((record) => record.id);
  });
  expect(await cache.get()).toEqual([]);
  await put('a');
  expect(await cache.get()).toEqual([]);
  expect(await cache.fresh()).toEqual(['/things/a']);
  expect(await cache.fresh()).toEqual(['/things/a']);
  expect(built).toBe(2);
  await put('b');
  cache.invalidate();
  expect(await cache.get()).toEqual(['/things/a', '/things/b']);
});

it('does not take a read that began before for what is there now', async () => {
  const cache = new RecordCache(store, ['Contoso/things'], (records) => records.length);
  const before = cache.get();
  const written = put('c');
  expect(await before).toBeGreaterThanOrEqual(2);
  await written;
  expect(await cache.fresh()).toBe(3);
});
