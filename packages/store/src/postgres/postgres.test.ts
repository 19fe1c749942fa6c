import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChangeNotice } from '../contract.ts';
import { describeStore } from '../store.contract.ts';
import { createPostgres } from '../testing/harness.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../testing/postgres-server.ts';
import { put } from '../testing/resources.ts';

const programs = postgresPrograms();

describe.skipIf(programs === undefined)('with a server', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(programs ?? '');
  });
  afterAll(() => server?.remove());

  test('a change of another process is heard of without looking for it', async () => {
    await using db = await createPostgres(server.url)();
    const [reader, writer] = [await db.open({ pollMilliseconds: 1_000_000 }), await db.open()];
    const { promise, resolve } = Promise.withResolvers<ChangeNotice>();
    const subscription = reader.subscribe(0, resolve);
    await writer.change([put('/a')]);
    expect(await promise).toMatchObject({ kind: 'changes', sequence: 1 });
    await subscription.close();
  });

  describeStore('PostgreSQL', () => createPostgres(server.url)());
});
