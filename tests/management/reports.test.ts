import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { send } from '../kit/client.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../kit/upstream.ts';
import { startManagedProcess } from '../self-hosted/managed-process.ts';
import { type ManagedServer, startApiManagement } from './api-management-server.ts';

let lazuli: ManagedServer;
let backend: RecordingUpstream;
let key: string;
const began = Date.now() - 120_000;
const range = `timestamp ge datetime'${new Date(began).toISOString()}' and timestamp le datetime'${new Date(began + 3_600_000).toISOString()}'`;

const live = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 5000, interval: 5 });
const call = (target: string, headers: Record<string, string> = { 'Ocp-Apim-Subscription-Key': key }) =>
  send(lazuli.gatewayPort, { method: 'GET', target, headers });

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of pages) found.push(one);
  return found;
}

beforeAll(async () => {
  backend = await startRecordingUpstream();
  lazuli = await startApiManagement();
  const { client, group, service } = lazuli;
  for (const name of ['orders', 'stock']) {
    await client.api.beginCreateOrUpdateAndWait(group, service, name, {
      displayName: `The ${name}`,
      path: name,
      protocols: ['http'],
      serviceUrl: backend.url,
    });
    for (const operation of ['first', 'second'])
      await client.apiOperation.createOrUpdate(group, service, name, operation, {
        displayName: `Get ${operation}`,
        method: 'GET',
        urlTemplate: `/${operation}`,
      });
  }
  await client.user.createOrUpdate(group, service, 'ada', {
    firstName: 'Ada',
    lastName: 'L',
    email: 'ada@example.com',
  });
  await client.product.createOrUpdate(group, service, 'starter', { displayName: 'The starter', state: 'published' });
  for (const name of ['orders', 'stock']) await client.productApi.createOrUpdate(group, service, 'starter', name);
  await client.subscription.createOrUpdate(group, service, 'tester', {
    displayName: 'The tester',
    scope: '/products/starter',
    ownerId: '/users/ada',
    state: 'active',
  });
  key = (await client.subscription.listSecrets(group, service, 'tester')).primaryKey ?? '';
  await live(async () => expect((await call('/stock/second')).status).toBe(200));
  for (let i = 0; i < 3; i++) await call('/orders/first');
  await call('/orders/second');
  await call('/orders/first', {});
  backend.answerWith([{ status: 500 }, { status: 404 }, { status: 200 }]);
  for (let i = 0; i < 2; i++) await call('/orders/second');
});
afterAll(async () => {
  await lazuli.stop();
  await backend.close();
});

describe('reports', () => {
  it('count the requests by API, operation, product, subscription and user', async () => {
    const { client, group, service } = lazuli;
    const apis = await all(client.reports.listByApi(group, service, `${range} and apiId eq '/apis/orders'`));
    expect(apis).toHaveLength(1);
    expect(apis[0]).toMatchObject({
      name: 'The orders',
      apiId: '/apis/orders',
      callCountSuccess: 4,
      callCountBlocked: 1,
      callCountFailed: 1,
      callCountOther: 1,
      callCountTotal: 7,
      cacheMissCount: 6,
    });
    expect(apis[0]?.bandwidth).toBeGreaterThan(0);
    expect(apis[0]?.apiTimeAvg).toBeGreaterThan(0);
    expect(apis[0]?.serviceTimeMax).toBeGreaterThan(0);
    const operations = await all(
      client.reports.listByOperation(group, service, `${range} and apiId eq 'orders'`, {
        orderby: 'callCountTotal desc',
      }),
    );
    expect(operations.map((one) => [one.name, one.operationId, one.callCountTotal])).toEqual([
      ['Get first', '/apis/orders/operations/first', 4],
      ['Get second', '/apis/orders/operations/second', 3],
    ]);
    const products = await all(client.reports.listByProduct(group, service, `${range} and productId eq 'starter'`));
    expect(products).toMatchObject([{ name: 'The starter', productId: '/products/starter', callCountBlocked: 0 }]);
    const subscriptions = await all(
      client.reports.listBySubscription(group, service, `${range} and subscriptionId eq '/subscriptions/tester'`),
    );
    expect(subscriptions).toMatchObject([
      {
        name: 'The tester',
        subscriptionId: '/subscriptions/tester',
        userId: '/users/ada',
        productId: '/products/starter',
      },
    ]);
    const users = await all(client.reports.listByUser(group, service, `${range} and userId eq 'ada'`));
    expect(users).toMatchObject([
      { name: 'Ada L', userId: '/users/ada', callCountSuccess: subscriptions[0]?.callCountSuccess },
    ]);
  });

  it('count them by time and place, and show them one by one', async () => {
    const { client, group, service } = lazuli;
    const filter = `${range} and apiId eq 'orders'`;
    const times = await all(client.reports.listByTime(group, service, filter, 'PT15M'));
    expect(times.reduce((sum, { callCountTotal = 0 }) => sum + callCountTotal, 0)).toBe(7);
    expect(Number(times[0]?.timestamp) % 900_000).toBe(0);
    expect(times[0]?.interval).toBe('PT15M');
    await expect(all(client.reports.listByTime(group, service, filter, 'PT5M'))).rejects.toMatchObject({
      statusCode: 400,
    });
    const places = await all(client.reports.listByGeo(group, service, filter));
    expect(places).toMatchObject([{ country: 'unknown', region: 'unknown', callCountTotal: 7 }]);
    const requests = await all(client.reports.listByRequest(group, service, filter));
    expect(requests).toHaveLength(7);
    expect(requests[0]).toMatchObject({
      apiId: '/apis/orders',
      method: 'GET',
      url: '/orders/first',
      responseCode: 200,
      backendResponseCode: '200',
      userId: '/users/ada',
      subscriptionId: '/subscriptions/tester',
    });
    const page = await all(client.reports.listByRequest(group, service, filter, { top: 2, skip: 1 }));
    expect(page.map(({ requestId }) => requestId)).toEqual(requests.slice(1, 3).map(({ requestId }) => requestId));
  });

  it('leave out what was not asked for, and say what a filter may be', async () => {
    const { client, group, service } = lazuli;
    const past = `timestamp ge datetime'2020-01-01T00:00:00' and timestamp le datetime'2020-01-02T00:00:00'`;
    expect(await all(client.reports.listByApi(group, service, past))).toEqual([]);
    for (const wrong of ['nothing', "apiId ne 'x'", "unknown eq 'x'", `${range} or apiId eq 'x'`, "timestamp ge 'x'"])
      await expect(all(client.reports.listByApi(group, service, wrong))).rejects.toMatchObject({ statusCode: 400 });
    const path = `${lazuli.servicePath}/reports/byOperation?api-version=2024-05-01&$top=1&$filter=${encodeURIComponent(range)}`;
    const first = (await lazuli.send('GET', path)).json;
    expect([first.value.length, first.count > 1]).toEqual([1, true]);
    expect((await lazuli.send('GET', first.nextLink)).json.value[0]).not.toEqual(first.value[0]);
  });

  it('survive a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lazuli-reports-'));
    try {
      const first = await startManagedProcess(folder);
      // Answered by the service, not for want of one.
      await live(async () =>
        expect((await send(first.gatewayPort, { method: 'GET', target: '/nothing' })).body).toContain(
          'Resource not found',
        ),
      );
      await first.stop();
      const second = await first.restart();
      const found = await all(second.client.reports.listByGeo(second.group, second.service, range));
      expect(found).toMatchObject([{ callCountTotal: 1, callCountOther: 1 }]);
      await second.stop();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('quotas', () => {
  it('are read and set where quota-by-key counts', async () => {
    const { client, group, service } = lazuli;
    const value =
      '<policies><inbound><base /><quota-by-key calls="3" bandwidth="1000" renewal-period="3600" counter-key="@("b" + "oo")" /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>';
    await client.apiPolicy.createOrUpdate(group, service, 'stock', 'policy', { format: 'rawxml', value });
    const counters = async () => (await client.quotaByCounterKeys.listByService(group, service, 'boo')).value ?? [];
    await live(async () => {
      await call('/stock/first');
      expect((await counters())[0]?.value?.callsCount).toBeGreaterThan(0);
    });
    await live(async () => expect((await call('/stock/first')).status).toBe(403));
    const [full] = await counters();
    expect(full).toMatchObject({ counterKey: 'boo', value: { callsCount: 3 } });
    expect(full?.value?.kbTransferred).toBeGreaterThan(0);
    expect(Number(full?.periodEndTime) - Number(full?.periodStartTime)).toBe(3_600_000);

    const reset = await client.quotaByCounterKeys.update(group, service, 'boo', { callsCount: 0 });
    expect(reset.value?.[0]?.value?.callsCount).toBe(0);
    expect((await call('/stock/first')).status).toBe(200);
    const period = full?.periodKey ?? '';
    await client.quotaByPeriodKeys.update(group, service, 'boo', period, { callsCount: 3, kbTransferred: 1 });
    expect(await client.quotaByPeriodKeys.get(group, service, 'boo', period)).toMatchObject({
      periodKey: period,
      value: { callsCount: 3, kbTransferred: 1 },
    });
    expect((await call('/stock/first')).status).toBe(403);
    await expect(client.quotaByPeriodKeys.get(group, service, 'boo', 'none')).rejects.toMatchObject({
      statusCode: 404,
    });
    await expect(client.quotaByCounterKeys.update(group, service, 'boo', { callsCount: -1 })).rejects.toMatchObject({
      statusCode: 400,
    });
  });
});
