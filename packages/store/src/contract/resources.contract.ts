import { expect, test } from 'vitest';
import type { CreateDatabase } from '../testing/harness.ts';
import { apiId, apiType, put, putOne, remove, service } from '../testing/resources.ts';

/** Reading and listing what was written. */
export function describeResources(create: CreateDatabase): void {
  test('a resource is found whatever the case of its id, which stays as it was first given', async () => {
    await using db = await create();
    const store = await db.open({ now: () => 1_700_000_000_000 });
    const { record, created } = await putOne(store, put(apiId('Echo'), { displayName: 'Écho' }));
    expect(created).toBe(true);
    expect(record).toEqual({
      id: apiId('Echo'),
      key: apiId('Echo').toLowerCase(),
      type: apiType,
      body: { displayName: 'Écho' },
      secretFields: [],
      etag: expect.stringMatching(/^[A-Za-z0-9_-]{16}$/),
      createdAt: '2023-11-14T22:13:20.000Z',
      updatedAt: '2023-11-14T22:13:20.000Z',
      sequence: 1,
    });
    const again = await putOne(store, put(apiId('ECHO').toUpperCase(), { displayName: 'new' }));
    expect(again).toMatchObject({ created: false, record: { id: apiId('Echo'), sequence: 2 } });
    expect(again.record.etag).not.toBe(record.etag);
    expect(await store.get(apiId('eCHO'))).toEqual(again.record);
    expect(await store.get(apiId('other'))).toBeUndefined();
    expect(await store.getMany([apiId('x'), apiId('echo')])).toEqual([again.record]);
  });

  test('what was written is there when the store is opened again', async () => {
    await using db = await create();
    const first = await db.open();
    const { record } = await putOne(first, put(apiId('a'), { n: 1 }, { secrets: { 'properties/value': 's3cret' } }));
    await first.close();
    const second = await db.open();
    expect(await second.get(apiId('a'))).toEqual(record);
    expect(await second.readSecrets(apiId('a'))).toEqual(new Map([['properties/value', 's3cret']]));
    expect(second.epoch).toBe(first.epoch);
  });

  test('lists by type in a scope, by parent, by scope, page by page, both ways, and counts', async () => {
    await using db = await create();
    const store = await db.open();
    const names = ['a', 'b', 'c', 'd', 'e'];
    await store.change([
      put(service, {}, { type: 'Microsoft.ApiManagement/service' }),
      put(`${service}2`, {}, { type: 'Microsoft.ApiManagement/service' }),
      put(`${service}2/apis/z`),
      ...names.flatMap((name) => [
        put(apiId(name)),
        put(`${apiId(name)}/operations/get`, {}, { type: `${apiType}/operations` }),
      ]),
    ]);
    const ids = (page: { items: readonly { id: string }[] }) => page.items.map(({ id }) => id);
    const first = await store.list({ scope: service, type: apiType.toUpperCase(), limit: 2 });
    expect(ids(first)).toEqual([apiId('a'), apiId('b')]);
    const second = await store.list({ scope: service, type: apiType, limit: 3, after: first.next });
    expect(ids(second)).toEqual([apiId('c'), apiId('d'), apiId('e')]);
    expect(second.next).toBeUndefined();
    expect(second.sequence).toBe(13);
    const down = await store.list({ parent: service, order: 'descending', limit: 2, after: apiId('d') });
    expect(ids(down)).toEqual([apiId('c'), apiId('b')]);
    expect(down.next).toBe(apiId('b').toLowerCase());
    expect(ids(await store.list({ scope: apiId('A') }))).toEqual([`${apiId('a')}/operations/get`]);
    expect(ids(await store.list({ parent: '/subscriptions/s1/resourceGroups/rg' }))).toEqual([service, `${service}2`]);
    expect(ids(await store.list({ scope: '/', limit: 1 }))).toEqual([service]);
    expect(await store.list({ scope: '/subscriptions/none' })).toEqual({ items: [], sequence: 13 });
    expect(await store.count({ scope: service })).toBe(10);
    expect(await store.count()).toBe(13);
    expect(await store.countByType({ scope: service })).toEqual(
      new Map([
        [apiType, 5],
        [`${apiType}/operations`, 5],
      ]),
    );
  });

  test('keys are ordered by their bytes', async () => {
    await using db = await create();
    const store = await db.open();
    // U+FF5E comes before U+1F600 in UTF-8, after it in UTF-16; '-' and '_' around letters differ between locales.
    const names = ['a', 'a-b', 'a_b', 'ab', 'é', '\uff5e', '\u{1f600}'];
    await store.change([...names].reverse().map((name) => put(apiId(name))));
    const { items } = await store.list({ parent: service });
    expect(items.map(({ id }) => id)).toEqual(names.map(apiId));
  });

  test('deletes a resource, or all that is below it, the deepest first', async () => {
    await using db = await create();
    const store = await db.open();
    const ids = [apiId('a'), `${apiId('a')}/operations/x`, `${apiId('a')}/operations/x/policies/policy`, apiId('a2')];
    await store.change(ids.map((id) => put(id)));
    const { results, sequence } = await store.change([
      { operation: 'deleteSubtree', id: apiId('A') },
      remove(apiId('none')),
      { operation: 'deleteSubtree', id: apiId('none') },
    ]);
    expect(results.map((result) => 'deleted' in result && result.deleted)).toEqual([3, 0, 0]);
    expect(sequence).toBe(7);
    const { changes } = await store.changesAfter(4);
    expect(changes.map(({ operation, id, batch }) => [operation, id, batch])).toEqual([
      ['delete', ids[2], 7],
      ['delete', ids[1], 7],
      ['delete', ids[0], 7],
    ]);
    expect((await store.list()).items.map(({ id }) => id)).toEqual([apiId('a2')]);
    expect((await store.change([remove(apiId('a2'))])).results).toEqual([{ operation: 'delete', deleted: 1 }]);
    expect(await store.count()).toBe(0);
  });

  test('thousands of APIs with operations and policies are listed by type', async () => {
    await using db = await create();
    const store = await db.open();
    const total = 2_000;
    for (let from = 0; from < total; from += 500) {
      await store.change(
        Array.from({ length: 500 }, (_, index) => apiId(`api-${from + index}`)).flatMap((id) => [
          put(id, { properties: { path: id } }),
          put(`${id}/operations/get`, {}, { type: `${apiType}/operations` }),
          put(`${id}/operations/get/policies/policy`, {}, { type: `${apiType}/operations/policies` }),
        ]),
      );
    }
    const started = performance.now();
    const { items, next } = await store.list({ scope: service, type: apiType, limit: 1_000 });
    const elapsed = performance.now() - started;
    expect(items).toHaveLength(1_000);
    expect(next).toBeDefined();
    expect(await store.count({ scope: service, type: apiType })).toBe(total);
    // A page of a thousand takes some ten milliseconds; a scan of the table would grow with what is in it.
    expect(elapsed).toBeLessThan(2_000);
  });
}
