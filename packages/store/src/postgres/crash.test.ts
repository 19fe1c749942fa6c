import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crashes, expectNothingLost, startWriter } from '../testing/crash.ts';
import { createPostgres } from '../testing/harness.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../testing/postgres-server.ts';
import { put } from '../testing/resources.ts';

const programs = postgresPrograms();

describe.skipIf(programs === undefined)('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(programs ?? '');
  });
  afterAll(() => server?.remove());

  test('a killed server or writer loses nothing that was acknowledged; stores go on when it is back', {
    timeout: 60_000 * crashes,
  }, async () => {
    await using db = await createPostgres(server.url)();
    const store = await db.open();
    const { schema } = db.options;
    const keys = join(db.folder, 'keys');
    for (let round = 0; round < crashes; round++) {
      const writers = ['a', 'b'].map((name) => startWriter(db.url, schema, keys, `${name}${round}`));
      const [first, second] = writers;
      await Promise.all(writers.map((writer) => writer.reached(30)));
      const told = [...(await first!.kill())];
      await server.kill();
      const during = store.change([put(`/during/${round}`)]);
      await server.start();
      expect((await during).results).toMatchObject([{ created: true }]);
      // The other writer goes on by itself.
      const before = await store.sequence();
      await expect.poll(() => store.sequence(), { timeout: 20_000 }).toBeGreaterThan(before + 30);
      told.push(...(await second!.kill()));
      await expectNothingLost(store, told);
    }
  });

  test('a server that stays away is reported, with what is known of the outcome', async () => {
    await using db = await createPostgres(server.url)();
    const store = await db.open({ retryMilliseconds: 100 });
    await server.kill();
    try {
      const unavailable = { code: 'StoreUnavailable' };
      await expect(store.change([put('/a')])).rejects.toMatchObject({ ...unavailable, outcome: 'notWritten' });
      await expect(store.get('/a')).rejects.toMatchObject(unavailable);
      await expect(db.open({ retryMilliseconds: 0 })).rejects.toMatchObject(unavailable);
    } finally {
      await server.start();
    }
  });
});
