import { expect, test } from 'vitest';
import type { CreateDatabase } from '../testing/harness.ts';
import { apiId, put, service } from '../testing/resources.ts';

/** Append-only logs and their hash chain. */
export function describeLogs(create: CreateDatabase): void {
  test('entries are numbered, read by subject, time and page, both ways', async () => {
    await using db = await create();
    const store = await db.open({ now: () => Date.parse('2026-01-02T00:00:00Z') });
    const { appended } = await store.change([put(apiId('a'))], {
      append: [
        {
          log: 'activity',
          entries: [
            { subject: apiId('A'), body: { n: 1 } },
            { subject: service, body: { n: 2 } },
          ],
        },
        { log: 'audit', entries: [{ body: { who: 'me' }, at: '2020-01-01T00:00:00.5Z' }] },
      ],
    });
    expect(appended.map(({ log, sequence, at }) => [log, sequence, at])).toEqual([
      ['activity', 1, '2026-01-02T00:00:00.000Z'],
      ['activity', 2, '2026-01-02T00:00:00.000Z'],
      ['audit', 1, '2020-01-01T00:00:00.500Z'],
    ]);
    await store.append('activity', [{ subject: apiId('a2'), body: { n: 3 }, at: '2026-01-03T00:00:00Z' }]);
    const numbers = async (query: Parameters<typeof store.readLog>[1]) =>
      (await store.readLog('activity', query)).entries.map(({ sequence }) => sequence);
    expect(await numbers({})).toEqual([1, 2, 3]);
    expect(await numbers({ subject: apiId('a').toUpperCase() })).toEqual([1]);
    expect(await numbers({ subject: service })).toEqual([1, 2, 3]);
    expect(await numbers({ order: 'descending', after: 3 })).toEqual([2, 1]);
    expect(await numbers({ from: '2026-01-03T00:00:00Z' })).toEqual([3]);
    expect(await numbers({ to: '2026-01-03T00:00:00Z' })).toEqual([1, 2]);
    expect(await store.readLog('activity', { limit: 2 })).toMatchObject({ next: 2 });
    expect(await store.readLog('activity', { limit: 1, after: 2 })).toEqual({
      entries: [expect.objectContaining({ sequence: 3 })],
    });
    expect(await store.readLog('none')).toEqual({ entries: [] });
    expect(await store.logHead('audit')).toEqual({ sequence: 1, hash: appended[2]!.hash });
    expect(await store.sequence()).toBe(1);
  });

  test('entries of several processes form one chain', async () => {
    await using db = await create();
    const stores = [await db.open(), await db.open()];
    await Promise.all(Array.from({ length: 40 }, (_, n) => stores[n % 2]!.append('audit', [{ body: { n } }])));
    expect(await stores[0]!.verifyAudit()).toMatchObject({ ok: true, entries: 40, head: { sequence: 40 } });
    expect(await stores[0]!.verifyLog('none')).toMatchObject({ ok: true, entries: 0 });
  });

  test.each([
    ['a changed body', 'UPDATE log_entry SET body = \'{"n":99}\' WHERE sequence = 3', 3],
    ['a changed time', 'UPDATE log_entry SET at = at + 1 WHERE sequence = 4', 4],
    ['a changed subject', "UPDATE log_entry SET subject = '/y', subject_key = '/y' WHERE sequence = 2", 2],
    ['an entry filed elsewhere', "UPDATE log_entry SET subject_key = '/y' WHERE sequence = 2", 2],
    ['a missing entry', 'DELETE FROM log_entry WHERE sequence = 2', 2],
    ['a missing end', 'DELETE FROM log_entry WHERE sequence >= 5', 5],
    ['an entry too many', "INSERT INTO log_entry VALUES ('audit', 7, 1, NULL, NULL, '{}', 'x')", 7],
    ['a changed head', "UPDATE log_head SET hash = 'x'", 6],
  ])('names the first broken entry: %s', async (_, sql, sequence) => {
    await using db = await create();
    const store = await db.open();
    await store.append(
      'audit',
      Array.from({ length: 6 }, (_, n) => ({ subject: '/x', body: { n: n + 1 } })),
    );
    await db.sql(sql);
    expect(await store.verifyAudit()).toMatchObject({ ok: false, sequence });
    expect(await store.check()).toMatchObject({ ok: false, problems: [{ code: 'LogBroken', subject: 'audit' }] });
  });

  test('a log is trimmed and stays verifiable; the audit log is not', async () => {
    await using db = await create();
    const store = await db.open();
    for (const log of ['activity', 'audit'])
      await store.append(
        log,
        Array.from({ length: 5 }, (_, n) => ({ body: { n } })),
      );
    await expect(store.trimLog('audit', 3)).rejects.toMatchObject({ code: 'AuditLogKept' });
    expect(await store.trimLog('activity', 3)).toBe(3);
    expect(await store.trimLog('activity', 2)).toBe(0);
    expect(await store.verifyLog('activity')).toMatchObject({ ok: true, entries: 2, head: { sequence: 5 } });
    expect(await store.trimLog('activity', 100)).toBe(2);
    const [entry] = await store.append('activity', [{ body: {} }]);
    expect(entry?.sequence).toBe(6);
    expect(await store.verifyLog('activity')).toMatchObject({ ok: true, entries: 1 });
    expect(await store.check()).toMatchObject({ ok: true, logEntries: 6 });
  });

  test('what is no entry is refused', async () => {
    await using db = await create();
    const store = await db.open();
    await expect(store.append('a b', [])).rejects.toMatchObject({ code: 'InvalidLog' });
    await expect(store.append('a', [{ body: {}, at: 'yesterday' }])).rejects.toMatchObject({ code: 'InvalidLogEntry' });
    await expect(store.append('a', [{ body: {}, subject: '\0' }])).rejects.toMatchObject({ code: 'InvalidLogEntry' });
    await expect(store.append('a', [{ body: [] as never }])).rejects.toMatchObject({ code: 'InvalidBody' });
    await expect(store.readLog('a', { from: 'x' })).rejects.toMatchObject({ code: 'InvalidQuery' });
    expect(await store.append('a', [])).toEqual([]);
  });
}
