import { ResourceManagementClient } from '@azure/arm-resources';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedManagement, serveManagement } from './kit.ts';
import { slowProvider } from './slow.ts';

let served: ServedManagement;
let gate: { open: Promise<void>; release: () => void; fail?: boolean; runs: number };
let path: string;
const version = 'api-version=2024-01-01';
beforeEach(async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  gate = { open: promise, release: resolve, runs: 0 };
  served = await serveManagement({ providers: [slowProvider(gate)] });
  const group = `/subscriptions/${served.management.subscriptionId}/resourceGroups/g`;
  await served.send('PUT', `${group}?api-version=2022-09-01`, { body: { location: 'westeurope' } });
  path = `${group}/providers/Contoso.Slow/things/one`;
});
afterEach(() => served.stop());

const create = () => served.send('PUT', `${path}?${version}`, { body: { location: 'westeurope' } });
const state = async () => (await served.send('GET', `${path}?${version}`)).json.properties.provisioningState;
const follow = (url: unknown) => served.send('GET', String(url));

describe('long-running operations', () => {
  it('answer a PUT at once, then its state at Azure-AsyncOperation and the resource at Location', async () => {
    const made = await create();
    expect([made.status, made.json.properties.provisioningState, made.headers['retry-after']]).toEqual([
      201,
      'Creating',
      '1',
    ]);
    const running = await follow(made.headers['azure-asyncoperation']);
    expect([running.status, running.json.status]).toEqual([200, 'InProgress']);
    expect((await follow(made.headers.location)).status).toBe(202);
    gate.release();
    await expect.poll(async () => (await follow(made.headers['azure-asyncoperation'])).json.status).toBe('Succeeded');
    const result = await follow(made.headers.location);
    expect([result.status, result.json.name, result.json.properties.provisioningState]).toEqual([
      200,
      'one',
      'Succeeded',
    ]);
  });

  it('say that they failed, and leave the resource as failed; what broke inside stays inside', async () => {
    gate.fail = true;
    gate.release();
    const made = await create();
    await expect.poll(async () => (await follow(made.headers['azure-asyncoperation'])).json.status).toBe('Failed');
    const status = await follow(made.headers['azure-asyncoperation']);
    expect(status.json.error.code).toBe('InternalServerError');
    expect(status.text).not.toContain('broken inside');
    expect(await state()).toBe('Failed');
  });

  it('delete with 202 and Location, which the SDK follows to its end', async () => {
    gate.release();
    await create();
    const client = new ResourceManagementClient(
      served.credential,
      served.management.subscriptionId,
      served.clientOptions,
    );
    await client.resources.beginDeleteByIdAndWait(path, '2024-01-01', { updateIntervalInMs: 10 });
    expect((await served.send('GET', `${path}?${version}`)).status).toBe(404);
  });

  it('are repeated after a restart when they may be, and say that they were interrupted when not', async () => {
    const made = await create();
    await expect.poll(() => gate.runs).toBe(1);
    const mended = await served.send('POST', `${path}/mend?${version}`);
    expect(mended.status).toBe(202);
    await expect.poll(() => gate.runs).toBe(2);
    const before = served;
    served = await served.restart();
    const moved = (url: unknown) => String(url).replace(before.url, served.url);
    await expect.poll(() => gate.runs).toBe(3);
    const failed = await follow(moved(mended.headers['azure-asyncoperation']));
    await expect
      .poll(async () => (await follow(moved(mended.headers['azure-asyncoperation']))).json.status)
      .toBe('Failed');
    expect(failed.status).toBe(200);
    expect(await state()).toBe('Creating');
    gate.release();
    await expect
      .poll(async () => (await follow(moved(made.headers['azure-asyncoperation']))).json.status)
      .toBe('Succeeded');
    expect(await state()).toBe('Succeeded');
  });

  it('are nobody else’s business', async () => {
    const made = await create();
    const guest = await served.management.applications.create('guest');
    const { secretText } = await served.management.applications.addPassword(guest.appId);
    const credential = served.credentialOf(guest.appId, secretText);
    const answer = await served.send('GET', String(made.headers['azure-asyncoperation']), { credential });
    expect([answer.status, answer.json.error.code]).toEqual([404, 'OperationNotFound']);
    gate.release();
  });
});

describe('a restart', () => {
  it('keeps the subscription, the tenant, the first principal and the keys of the authority', async () => {
    const token = await served.credential.getToken(`${served.url}/.default`);
    const { subscriptionId, tenantId } = served.management;
    served = await served.restart();
    expect(served.management).toMatchObject({ subscriptionId, tenantId, firstPrincipal: undefined });
    const headers = { Authorization: `Bearer ${token?.token}` };
    const path = '/subscriptions?api-version=2022-12-01';
    // Another port is another audience.
    const stale = await served.send('GET', path, { credential: null, headers });
    expect(stale.json.error.code).toBe('InvalidAuthenticationTokenAudience');
    expect((await served.send('GET', path)).json.value[0].subscriptionId).toBe(subscriptionId);
  });
});
