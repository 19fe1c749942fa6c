import { expect, test } from 'vitest';
import type { Change, ChangeNotice, Store } from '../contract.ts';
import type { CreateDatabase } from '../testing/harness.ts';
import { apiId, put } from '../testing/resources.ts';

/** The change feed: order, gaps, resuming, compaction. */
export function describeFeed(create: CreateDatabase): void {
  test('pages never cut a batch in two', async () => {
    await using db = await create();
    const store = await db.open();
    await store.change([put(apiId('a')), put(apiId('b')), put(apiId('c'))]);
    await store.change([put(apiId('d'))]);
    const first = await store.changesAfter(0, 1);
    expect(first).toMatchObject({ sequence: 3, more: true, epoch: store.epoch });
    expect(first.changes.map(({ sequence, batch }) => [sequence, batch])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(await store.changesAfter(3)).toMatchObject({ sequence: 4, more: false });
    expect(await store.changesAfter(4)).toMatchObject({ changes: [], sequence: 4, more: false });
  });

  test('with several processes writing, a reader sees every change, in order, without gaps', async () => {
    await using db = await create();
    const writers = [await db.open(), await db.open(), await db.open()];
    const reader = await db.open();
    const seen: Change[] = [];
    const total = 240;
    const complete = whenSeen(reader, 0, seen, total);
    await Promise.all(
      writers.map(async (writer, w) => {
        for (let n = 0; n < total / 3 / 4; n++) {
          await Promise.all(
            [0, 1].map((k) => writer.change([put(apiId(`${w}-${n}-${k}`)), put(apiId(`shared-${k}`), { w, n })])),
          );
        }
      }),
    );
    await complete;
    expect(seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: total }, (_, n) => n + 1));
    const latest = new Map(seen.map((change) => [change.key, change.etag]));
    const { items } = await reader.list();
    expect(new Map(items.map(({ key, etag }) => [key, etag]))).toEqual(latest);
    expect(await reader.check()).toMatchObject({ ok: true, changes: total });
  });

  test('a subscription resumes where its handler last succeeded', async () => {
    await using db = await create();
    const store = await db.open();
    await store.change([put(apiId('a'))]);
    const errors: unknown[] = [];
    const positions: number[] = [];
    const calls: number[][] = [];
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const onError = (error: unknown): void => {
      errors.push(error);
      positions.push(subscription.position);
    };
    const subscription = store.subscribe(
      0,
      (notice) => {
        if (notice.kind !== 'changes') return;
        calls.push(notice.changes.map(({ sequence }) => sequence));
        if (calls.length === 1) throw new Error('not now');
        if (notice.sequence === 2) resolve();
      },
      { limit: 1, onError },
    );
    await expect.poll(() => errors.length).toBe(1);
    expect(positions).toEqual([0]);
    await store.change([put(apiId('b'))]);
    await done;
    await subscription.close();
    expect(calls).toEqual([[1], [1], [2]]);
    expect(errors).toEqual([new Error('not now')]);
    expect(subscription.position).toBe(2);
    const seen: Change[] = [];
    await store.change([put(apiId('c'))]);
    await whenSeen(store, subscription.position, seen, 1);
    expect(seen.map(({ sequence }) => sequence)).toEqual([3]);
  });

  test('after compaction a late reader is told to read anew, others go on', async () => {
    await using db = await create();
    const store = await db.open();
    for (const name of ['a', 'b', 'c']) await store.change([put(apiId(name)), put(apiId(`${name}2`))]);
    expect(await store.compactChanges({ keep: 3 })).toBe(2);
    expect(await store.compactChanges({ keep: 3 })).toBe(0);
    expect(await store.compactChanges({ keep: 0, keepMilliseconds: 3_600_000 })).toBe(0);
    await expect(store.changesAfter(1)).rejects.toMatchObject({ code: 'ChangesCompacted', floor: 2, current: 6 });
    await expect(store.changesAfter(7)).rejects.toMatchObject({ code: 'ChangesCompacted' });
    await expect(store.changesAfter(-1)).rejects.toMatchObject({ code: 'InvalidQuery' });
    expect((await store.changesAfter(2)).changes).toHaveLength(4);
    expect(await store.check()).toMatchObject({ ok: true, resources: 6, changes: 4 });
    expect(await firstNotice(store, 0)).toEqual({ kind: 'reload', sequence: 6, epoch: store.epoch });
    expect(await firstNotice(store, 6, 'another epoch')).toEqual({ kind: 'reload', sequence: 6, epoch: store.epoch });
    expect(await store.compactChanges({ keep: 0 })).toBe(4);
    expect(await store.changesAfter(6)).toMatchObject({ changes: [] });
    expect(await store.check()).toMatchObject({ ok: true, changes: 0 });
  });

  test('reads of one view agree with each other while others write', async () => {
    await using db = await create();
    const [store, other] = [await db.open({ viewMilliseconds: 5_000 }), await db.open()];
    await store.change([put(apiId('a'), { n: 1 })]);
    const view = await store.read(async (reader) => {
      const before = await reader.get(apiId('a'));
      await other.change([put(apiId('a'), { n: 2 }), put(apiId('b'))]);
      expect(await reader.get(apiId('a'))).toEqual(before);
      expect(await reader.list()).toMatchObject({ items: [before], sequence: 1 });
      expect([reader.at, await reader.sequence(), await reader.count()]).toEqual([1, 1, 1]);
      expect(await reader.changesAfter(0)).toMatchObject({ sequence: 1, more: false });
      return reader;
    });
    await expect(view.get(apiId('a'))).rejects.toMatchObject({ code: 'ViewExpired' });
    expect(await store.get(apiId('a'))).toMatchObject({ body: { n: 2 } });
    await expect(store.read(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
  });

  test('a view that is kept too long is taken away', async () => {
    await using db = await create();
    const store = await db.open({ viewMilliseconds: 30 });
    await store.read(async (reader) => {
      await expect.poll(() => reader.count().catch((error: { code: string }) => error.code)).toBe('ViewExpired');
    });
  });
}

/** Resolves when `count` changes after `from` were seen. */
async function whenSeen(store: Store, from: number, seen: Change[], count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const subscription = store.subscribe(
    from,
    (notice) => {
      if (notice.kind === 'changes') seen.push(...notice.changes);
      if (seen.length >= count) resolve();
    },
    { limit: 7 },
  );
  await promise;
  await subscription.close();
}

async function firstNotice(store: Store, from: number, epoch?: string): Promise<ChangeNotice> {
  const { promise, resolve } = Promise.withResolvers<ChangeNotice>();
  const subscription = store.subscribe(from, resolve, { epoch });
  const notice = await promise;
  await subscription.close();
  return notice;
}
