import { randomBytes } from 'node:crypto';
import { type PostgresServer, postgresPrograms, startPostgres } from '@lazuli/store/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedManagement, serveManagement } from './kit.ts';
import { slowProvider } from './slow.ts';

const programs = postgresPrograms();

describe.skipIf(programs === undefined)('two management planes on one PostgreSQL', () => {
  let postgres: PostgresServer;
  let one: ServedManagement;
  let two: ServedManagement;
  let group: string;
  const gate = { ...Promise.withResolvers<void>(), runs: 0 };
  beforeAll(async () => {
    postgres = await startPostgres(programs ?? '');
    const provider = slowProvider({
      get open() {
        return gate.promise;
      },
      get runs() {
        return gate.runs;
      },
      set runs(value) {
        gate.runs = value;
      },
    });
    const key = randomBytes(32).toString('base64');
    const storeOptions = { keys: { kind: 'keys' as const, keys: [key] }, pollMilliseconds: 50 };
    const shared = { storeUrl: postgres.url, storeOptions };
    one = await serveManagement({ ...shared, providers: [provider] });
    two = await serveManagement({ ...shared, providers: [provider], principal: one.principal });
    group = `/subscriptions/${one.management.subscriptionId}/resourceGroups/g`;
  }, 60_000);
  afterAll(async () => {
    await two.stop();
    await one.stop();
    await postgres.remove();
  });

  it('are one subscription: what one writes the other reads', async () => {
    expect(two.management.subscriptionId).toBe(one.management.subscriptionId);
    expect(two.management.firstPrincipal).toBeUndefined();
    const made = await one.send('PUT', `${group}?api-version=2022-09-01`, { body: { location: 'westeurope' } });
    expect(made.status).toBe(201);
    expect((await two.send('GET', `${group}?api-version=2022-09-01`)).json.name).toBe('g');
  });

  it('take the same roles, locks and deleted applications into account, at once or when the feed brings them', async () => {
    const guest = await one.management.applications.create('guest');
    const { secretText } = await one.management.applications.addPassword(guest.appId);
    const credential = two.credentialOf(guest.appId, secretText);
    const read = async () => (await two.send('GET', `${group}?api-version=2022-09-01`, { credential })).status;
    expect(await read()).toBe(403);
    const role = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
    await one.management.assignRole({ principalId: guest.objectId, role, scope: group });
    await expect.poll(read, { timeout: 10_000 }).toBe(200);
    await one.management.applications.delete(guest.appId);
    await expect.poll(read, { timeout: 10_000 }).toBe(401);

    const lock = `${group}/providers/Microsoft.Authorization/locks/l?api-version=2020-05-01`;
    await one.send('PUT', lock, { body: { properties: { level: 'ReadOnly' } } });
    const write = async () =>
      (await two.send('PATCH', `${group}?api-version=2022-09-01`, { body: { tags: {} } })).status;
    await expect.poll(write, { timeout: 10_000 }).toBe(409);
    await one.send('DELETE', lock);
    await expect.poll(write, { timeout: 10_000 }).toBe(200);
  });

  it('answer for each other’s operations', async () => {
    const made = await one.send('PUT', `${group}/providers/Contoso.Slow/things/x?api-version=2024-01-01`, {
      body: { location: 'westeurope' },
    });
    const status = async () =>
      (await two.send('GET', String(made.headers['azure-asyncoperation']).replace(one.url, two.url))).json.status;
    expect(await status()).toBe('InProgress');
    gate.resolve();
    await expect.poll(status, { timeout: 10_000 }).toBe('Succeeded');
    expect(gate.runs).toBe(1);
    expect(await two.management.verifyAudit()).toMatchObject({ ok: true });
  });
});
