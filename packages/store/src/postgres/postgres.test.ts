import { afterAll, beforeAll, describe } from 'vitest';
import { describeStore } from '../store.contract.ts';
import { createPostgres } from '../testing/harness.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../testing/postgres-server.ts';

const programs = postgresPrograms();

describe.skipIf(programs === undefined)('with a server', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(programs ?? '');
  });
  afterAll(() => server?.remove());

  describeStore('PostgreSQL', () => createPostgres(server.url)());
});
