import { describe, expect, test } from 'vitest';
import { PreconditionFailedError, StoreError } from '../errors.ts';
import type { CreateDatabase } from '../testing/harness.ts';
import { apiId, put, putOne, remove } from '../testing/resources.ts';

/** Preconditions, atomicity, and what is refused. */
export function describeChange(create: CreateDatabase): void {
  test('preconditions hold or the whole batch is refused, naming the resource', async () => {
    await using db = await create();
    const store = await db.open();
    const { record } = await putOne(store, put(apiId('a'), {}, { ifNoneMatch: '*' }));
    const other = { log: 'audit', entries: [{ body: { never: true } }] };
    const refused = await store
      .change([put(apiId('b')), put(apiId('A'), { changed: true }, { ifMatch: 'stale' })], { append: [other] })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PreconditionFailedError);
    expect(refused).toMatchObject({ code: 'PreconditionFailed', id: apiId('A'), index: 1, etag: record.etag });
    expect(await store.get(apiId('b'))).toBeUndefined();
    expect(await store.get(apiId('a'))).toEqual(record);
    expect(await store.sequence()).toBe(1);
    expect(await store.readLog('audit')).toEqual({ entries: [] });

    const refusals = [
      put(apiId('a'), {}, { ifNoneMatch: '*' }),
      put(apiId('none'), {}, { ifMatch: '*' }),
      put(apiId('none'), {}, { ifMatch: record.etag }),
      remove(apiId('none'), { ifMatch: '*' }),
      remove(apiId('a'), { ifMatch: ['x', 'y'] }),
      { operation: 'deleteSubtree', id: apiId('none'), ifMatch: '*' } as const,
      { operation: 'require', id: apiId('none'), ifMatch: '*' } as const,
      { operation: 'require', id: apiId('a'), ifNoneMatch: '*' } as const,
    ];
    for (const operation of refusals) {
      await expect(store.change([operation]), JSON.stringify(operation)).rejects.toThrow(PreconditionFailedError);
    }
    await store.change([{ operation: 'require', id: apiId('a'), ifMatch: '*' }, put(apiId('c'))]);
    await store.change([put(apiId('a'), {}, { ifMatch: ['x', record.etag] })]);
    expect((await store.change([remove(apiId('c'), { ifMatch: '*' })])).results).toMatchObject([{ deleted: 1 }]);
  });

  test('an operation sees what those before it in the batch did', async () => {
    await using db = await create();
    const store = await db.open();
    const { results, sequence } = await store.change([
      put(apiId('a'), { n: 1 }, { ifNoneMatch: '*' }),
      put(apiId('a'), { n: 2 }, { ifMatch: '*', secrets: { s: 'one' } }),
      remove(apiId('a'), { ifMatch: '*' }),
      put(apiId('a'), { n: 3 }, { ifNoneMatch: '*', secrets: { t: 'two' } }),
    ]);
    expect(sequence).toBe(4);
    expect(results.map((result) => 'created' in result && result.created)).toEqual([true, false, false, true]);
    expect(await store.get(apiId('a'))).toMatchObject({ body: { n: 3 }, secretFields: ['t'], sequence: 4 });
    expect(await store.readSecrets(apiId('a'))).toEqual(new Map([['t', 'two']]));
    expect((await store.changesAfter(0)).changes.map(({ operation, batch }) => [operation, batch])).toEqual([
      ['put', 4],
      ['put', 4],
      ['delete', 4],
      ['put', 4],
    ]);
    expect(await store.check()).toMatchObject({ ok: true });
  });

  test('of many writers that expect the same etag one wins', async () => {
    await using db = await create();
    const stores = [await db.open(), await db.open()];
    const [first] = stores;
    const { record } = await putOne(first!, put(apiId('a'), { n: 0 }));
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => stores[n % 2]!.change([put(apiId('a'), { n }, { ifMatch: record.etag })])),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await first!.sequence()).toBe(2);
  });

  test('a batch that is refused leaves those that are written together with it alone', async () => {
    await using db = await create();
    const store = await db.open();
    const outcomes = await Promise.allSettled([
      store.change([put(apiId('a'))]),
      store.change([put(apiId('b')), put(apiId('a'), {}, { ifNoneMatch: '*' })]),
      store.change([put(apiId('c'), {}, { ifNoneMatch: '*' })]),
      store.change([put(apiId('d')), remove(apiId('b'), { ifMatch: '*' })]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect((await store.list()).items.map(({ id }) => id)).toEqual([apiId('a'), apiId('c')]);
    expect(await store.check()).toMatchObject({ ok: true, changes: 2 });
  });

  test('a closed store refuses, after finishing what was asked before', async () => {
    await using db = await create();
    const store = await db.open();
    const running = store.change([put(apiId('a'))]);
    const closed = store.close();
    await expect(store.get(apiId('a'))).rejects.toMatchObject({ code: 'StoreClosed' });
    await expect(store.change([])).rejects.toMatchObject({ code: 'StoreClosed' });
    await closed;
    expect((await running).sequence).toBe(1);
    expect(await (await db.open()).get(apiId('a'))).toBeDefined();
  });

  describe('what it is given', () => {
    const odd = [
      "/x/'; DROP TABLE resource; --",
      '/x/"quoted" %_ \\ $1 ?1 :name @p',
      '/x/日本語 \u{1f600}',
      '/x/__proto__',
      '/x/constructor',
      `/x/${'n'.repeat(1_197)}`,
    ];

    test('odd ids are ids', async () => {
      await using db = await create();
      const store = await db.open();
      await store.change(odd.map((id) => put(id, { id })));
      for (const id of odd) expect(await store.get(id)).toMatchObject({ id, body: { id } });
      expect(await store.count({ scope: '/x' })).toBe(odd.length);
      expect(await store.count({ parent: '/' })).toBe(odd.length);
      expect(await store.check()).toMatchObject({ ok: true });
    });

    test('what cannot be an id is refused', async () => {
      await using db = await create();
      const store = await db.open();
      const bad = [
        '',
        'x',
        '/x/',
        '/x//y',
        '/x/a\0b',
        '/x/\n',
        '/x/\ud800',
        `/${'é'.repeat(601)}`,
        '/'.repeat(10_000_000),
      ];
      for (const id of bad) {
        await expect(store.change([put(id)])).rejects.toMatchObject({ code: 'InvalidId' });
        await expect(store.get(id)).rejects.toMatchObject({ code: 'InvalidId' });
      }
      await expect(store.list({ after: 'a\0' })).rejects.toMatchObject({ code: 'InvalidQuery' });
      await expect(store.list({ limit: 0 })).rejects.toMatchObject({ code: 'InvalidQuery' });
      await expect(store.change([put('/x', {}, { type: 'a b' })])).rejects.toMatchObject({ code: 'InvalidType' });
    });

    test('names in a body are only names', async () => {
      await using db = await create();
      const store = await db.open();
      const body = JSON.parse(
        '{"__proto__":{"polluted":true},"constructor":{"prototype":1},"a\\u0000b":"\\u0000\\ud800"}',
      );
      await store.change([put('/x', body)]);
      const found = (await store.get('/x'))?.body;
      expect(JSON.stringify(found)).toBe(JSON.stringify(body));
      expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
      expect('polluted' in {}).toBe(false);
    });

    test('bodies that are too large, too deep, or no JSON are refused with what is wrong', async () => {
      await using db = await create();
      const store = await db.open({ limits: { bodyBytes: 1_000, batchBytes: 1_500, batchOperations: 5 } });
      const codeOf = (body: unknown): Promise<unknown> =>
        store.change([put('/x', body as never)]).then(
          () => 'written',
          (error: unknown) => (error instanceof StoreError ? error.code : error),
        );
      let deep: unknown = 'end';
      for (let level = 0; level < 100_000; level++) deep = [deep];
      const cycle: Record<string, unknown> = {};
      cycle.self = cycle;
      expect(await codeOf({ text: 'x'.repeat(2_000) })).toBe('BodyTooLarge');
      expect(await codeOf({ text: 'é'.repeat(600) })).toBe('BodyTooLarge');
      expect(await codeOf({ deep })).toBe('BodyTooDeep');
      expect(await codeOf({ cycle })).toBe('BodyTooDeep');
      for (const bad of [null, [], 'text', { a: 1n }, { a: Number.NaN }, { a: new Date(0) }, { a: [undefined] }]) {
        expect(await codeOf(bad)).toBe('InvalidBody');
      }
      expect(await codeOf({ a: undefined, b: null })).toBe('written');
      expect((await store.get('/x'))?.body).toEqual({ b: null });
      const many = Array.from({ length: 6 }, (_, n) => put(`/x/${n}`));
      await expect(store.change(many)).rejects.toMatchObject({ code: 'BatchTooLarge' });
      const large = ['a', 'b'].map((name) => put(`/${name}`, { text: 'x'.repeat(900) }));
      await expect(store.change(large)).rejects.toMatchObject({ code: 'BatchTooLarge' });
      expect(await store.count()).toBe(1);
    });
  });
}
