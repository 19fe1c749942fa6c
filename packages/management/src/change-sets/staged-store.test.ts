import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JsonObject, type Operation, openStore, PreconditionFailedError, type Store } from '@lazuli/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isChanged } from './describe-change.ts';
import { StagedStore } from './staged-store.ts';

const root = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/A.B/things';
const put = (
  name: string,
  properties: JsonObject,
  more: Partial<Operation & { operation: 'put' }> = {},
): Operation => ({
  operation: 'put',
  id: `${root}/${name}`,
  type: name.includes('/') ? 'A.B/things/parts' : 'A.B/things',
  body: { properties: properties as never },
  ...more,
});

describe('a staged store', () => {
  let folder: string;
  let store: Store;
  let stage: StagedStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lazuli-staged-'));
    store = await openStore(`sqlite:${join(folder, 'lazuli.db')}`);
    await store.change([
      put('a', { n: 1 }, { secrets: { 'properties/key': 'old' } }),
      put('a/parts/x', { n: 1 }),
      put('b', { n: 1 }),
    ]);
    stage = new StagedStore(store, () => 0);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const names = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id.slice(root.length + 1));

  it('shows what is staged to its readers only', async () => {
    await stage.change([
      put('aa', { n: 2 }),
      put('a', { n: 1 }, { secrets: { 'properties/key': 'new' } }),
      { operation: 'delete', id: `${root}/b` },
    ]);
    const reader = stage.asStore();
    expect(names((await reader.list({ type: 'a.b/things' })).items)).toEqual(['a', 'aa']);
    expect(names((await reader.list({ parent: `${root}/a` })).items)).toEqual(['a/parts/x']);
    expect(names((await reader.list({ scope: root, order: 'descending' })).items)).toEqual(['aa', 'a/parts/x', 'a']);
    expect(await reader.count({ type: 'A.B/things' })).toBe(2);
    expect((await reader.readSecrets(`${root}/a`)).get('properties/key')).toBe('new');
    expect(await reader.get(`${root}/B`)).toBeUndefined();
    expect(names((await store.list({ type: 'A.B/things' })).items)).toEqual(['a', 'b']);
  });

  it('pages through the store below with what is staged between', async () => {
    await stage.change([put('aa', {}), put('c', {})]);
    const reader = stage.asStore();
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await reader.list({ type: 'A.B/things', limit: 1, after });
      found.push(...names(page.items));
      after = page.next;
    } while (after !== undefined);
    expect(found).toEqual(['a', 'aa', 'b', 'c']);
  });

  it('writes what all of it comes to as one batch, if nobody else was faster', async () => {
    await stage.change([put('a', { n: 1 }), put('b', { n: 2 }), put('c', { n: 3 })]);
    await stage.change([put('b', { n: 4 }), { operation: 'delete', id: `${root}/c` }]);
    await stage.change([{ operation: 'deleteSubtree', id: `${root}/a/parts/x` }]);
    const changes = (await stage.changes()).filter(isChanged);
    const operations = stage.operations(changes);
    expect(operations.map(({ operation, id }) => `${operation} ${id.slice(root.length + 1)}`)).toEqual([
      'delete a/parts/x',
      'put b',
    ]);
    await store.change([put('b', { n: 9 })]);
    await expect(store.change(operations)).rejects.toBeInstanceOf(PreconditionFailedError);
    expect(await store.get(`${root}/a/parts/x`)).toBeDefined();
  });

  it('tells a changed secret, and stages nothing of a batch that fails', async () => {
    await stage.change([put('a', { n: 1 }, { secrets: { 'properties/key': 'new' } })]);
    await expect(stage.change([put('b', { n: 5 }), put('a', {}, { ifNoneMatch: '*' })])).rejects.toBeInstanceOf(
      PreconditionFailedError,
    );
    expect((await stage.get(`${root}/b`))?.body).toEqual({ properties: { n: 1 } });
    const changes = await stage.changes();
    expect(changes.filter(isChanged)).toMatchObject([{ secretFields: ['properties/key'] }]);
    await store.change(stage.operations(changes.filter(isChanged)));
    expect((await store.readSecrets(`${root}/a`)).get('properties/key')).toBe('new');
  });
});
