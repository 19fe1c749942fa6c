import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { send, valuesOf } from '../kit/client.ts';
import { type ManagedServer, startApiManagement } from './api-management-server.ts';

let lazuli: ManagedServer;
let backend: Server;
let backendUrl: string;
beforeAll(async () => {
  backend = createServer((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  backendUrl = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  lazuli = await startApiManagement();
});
afterAll(async () => {
  await lazuli.stop();
  backend.closeAllConnections();
  backend.close();
});

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of pages) found.push(one);
  return found;
}

const call = (target: string, headers: Record<string, string> = {}) =>
  send(lazuli.gatewayPort, { method: 'GET', target, headers });

/** A change is live within moments; the bench says how many. */
const live = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 5000, interval: 5 });

describe('@azure/arm-apimanagement', () => {
  it('sets a service up that answers at the gateway', async () => {
    const { client, group, service } = lazuli;
    expect(await client.apiManagementService.get(group, service)).toMatchObject({
      name: service,
      provisioningState: 'Succeeded',
      sku: { name: 'Developer', capacity: 1 },
    });
    expect(await all(client.apiManagementService.list())).toHaveLength(1);
    expect(await client.apiManagementService.checkNameAvailability({ name: service })).toMatchObject({
      nameAvailable: false,
      reason: 'AlreadyExists',
    });

    const specification = {
      openapi: '3.0.3',
      info: { title: 'Orders', version: '1' },
      servers: [{ url: backendUrl }],
      paths: {
        '/orders/{id}': {
          get: {
            operationId: 'get-order',
            parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
            responses: { 200: { description: 'OK' } },
          },
        },
      },
    };
    const api = await client.api.beginCreateOrUpdateAndWait(group, service, 'orders', {
      path: 'shop',
      format: 'openapi+json',
      value: JSON.stringify(specification),
      protocols: ['https'],
    });
    expect(api).toMatchObject({ displayName: 'Orders', path: 'shop', serviceUrl: backendUrl, isCurrent: true });
    expect((await all(client.apiOperation.listByApi(group, service, 'orders'))).map((one) => one.urlTemplate)).toEqual([
      '/orders/{id}',
    ]);
    await live(async () => expect((await call('/shop/orders/1')).status).toBe(401));

    await client.product.createOrUpdate(group, service, 'starter', {
      displayName: 'Starter',
      subscriptionRequired: true,
      state: 'published',
    });
    await client.productApi.createOrUpdate(group, service, 'starter', 'orders');
    await client.subscription.createOrUpdate(group, service, 'tester', {
      displayName: 'Tester',
      scope: '/products/starter',
      state: 'active',
    });
    const { primaryKey = '' } = await client.subscription.listSecrets(group, service, 'tester');
    const key = { 'Ocp-Apim-Subscription-Key': primaryKey };
    await live(async () => expect((await call('/shop/orders/1', key)).status).toBe(200));
    expect(JSON.parse((await call('/shop/orders/1', key)).body)).toMatchObject({ url: '/orders/1' });

    await client.subscription.regeneratePrimaryKey(group, service, 'tester');
    await live(async () => expect((await call('/shop/orders/1', key)).status).toBe(401));
    const renewed = await client.subscription.listSecrets(group, service, 'tester');
    expect(renewed.primaryKey).not.toBe(primaryKey);
    expect((await call('/shop/orders/1', { 'Ocp-Apim-Subscription-Key': renewed.primaryKey ?? '' })).status).toBe(200);
  });

  it('keeps policies byte for byte and says what is wrong with one', async () => {
    const { client, group, service } = lazuli;
    const value =
      '<policies>\r\n\t<inbound><base /><set-header name="X-A" exists-action="override"><value>@(1 < 2 ? "yes" : "no")</value></set-header></inbound><backend><base /></backend><outbound><base /><set-header name="X-Out"><value>{{tier}}</value></set-header></outbound><on-error><base /></on-error></policies>';
    await client.namedValue.beginCreateOrUpdateAndWait(group, service, 'tier', {
      displayName: 'tier',
      value: 'gold',
      secret: true,
    });
    expect((await client.namedValue.get(group, service, 'tier')).value).toBeUndefined();
    expect(await client.namedValue.listValue(group, service, 'tier')).toEqual({ value: 'gold' });
    await client.apiPolicy.createOrUpdate(group, service, 'orders', 'policy', { format: 'rawxml', value });
    // The SDK's own apiPolicy.get reads every answer as XML and finds no value in it, Azure's neither.
    const path = `${lazuli.servicePath}/apis/orders/policies/policy?api-version=2024-05-01`;
    expect((await lazuli.send('GET', `${path}&format=rawxml`)).json.properties.value).toBe(value);
    expect((await lazuli.send('GET', path)).json.properties.value).toContain('@(1 &lt; 2 ?');
    await client.policy.createOrUpdate(group, service, 'policy', { format: 'rawxml', value });
    expect((await client.policy.get(group, service, 'policy', { format: 'rawxml' })).value).toBe(value);
    await client.policy.delete(group, service, 'policy', '*');
    const { secondaryKey = '' } = await client.subscription.listSecrets(group, service, 'tester');
    await live(async () => {
      const { rawHeaders, body } = await call('/shop/orders/1', { 'Ocp-Apim-Subscription-Key': secondaryKey });
      expect(valuesOf(rawHeaders, 'X-Out')).toEqual(['gold']);
      expect(JSON.parse(body).headers['x-a']).toBe('yes');
    });
    await expect(
      client.apiPolicy.createOrUpdate(group, service, 'orders', 'policy', {
        format: 'rawxml',
        value: '<policies>\n  <inbound>\n    <rate-limt calls="1" />\n  </inbound></policies>',
      }),
    ).rejects.toMatchObject({
      statusCode: 400,
      code: 'ValidationError',
      details: { error: { details: [{ target: 'rate-limt', message: expect.stringMatching(/line 3.*rate-limit/) }] } },
    });
    await expect(client.namedValue.delete(group, service, 'tier', '*')).rejects.toMatchObject({ statusCode: 409 });
  });

  it('guards against lost updates by entity tags', async () => {
    const { client, group, service } = lazuli;
    const { eTag } = await client.product.getEntityTag(group, service, 'starter');
    await client.product.update(group, service, 'starter', eTag ?? '', { description: 'first' });
    await expect(
      client.product.update(group, service, 'starter', eTag ?? '', { description: 'second' }),
    ).rejects.toMatchObject({ statusCode: 412 });
    expect((await client.product.get(group, service, 'starter')).description).toBe('first');
  });

  it('makes revisions, and a release makes one current with all that is below it', async () => {
    const { client, group, service } = lazuli;
    await client.api.beginCreateOrUpdateAndWait(group, service, 'orders;rev=2', {
      path: 'shop',
      sourceApiId: '/apis/orders',
      apiRevisionDescription: 'two',
    });
    await client.apiPolicy.createOrUpdate(group, service, 'orders;rev=2', 'policy', {
      format: 'rawxml',
      value: '<policies><inbound><return-response><set-body>two</set-body></return-response></inbound></policies>',
    });
    const { secondaryKey = '' } = await client.subscription.listSecrets(group, service, 'tester');
    const key = { 'Ocp-Apim-Subscription-Key': secondaryKey };
    await live(async () => expect((await call('/shop;rev=2/orders/1', key)).body).toBe('two'));
    expect((await call('/shop/orders/1', key)).body).not.toBe('two');
    await client.apiRelease.createOrUpdate(group, service, 'orders', 'second', {
      apiId: '/apis/orders;rev=2',
      notes: 'go',
    });
    await live(async () => expect((await call('/shop/orders/1', key)).body).toBe('two'));
    const revisions = await all(client.apiRevision.listByService(group, service, 'orders'));
    expect(revisions.map(({ apiRevision, isCurrent }) => [apiRevision, isCurrent])).toEqual([
      ['2', true],
      ['1', false],
    ]);
    expect((await client.api.get(group, service, 'orders;rev=1')).isCurrent).not.toBe(true);
    expect((await client.apiOperation.get(group, service, 'orders;rev=1', 'get-order')).method).toBe('GET');
  });

  it('lists with filters and pages', async () => {
    const { client, group, service } = lazuli;
    for (let i = 0; i < 5; i++)
      await client.tag.createOrUpdate(group, service, `tag-${i}`, { displayName: `Tag ${i}` });
    const filter = "contains(properties/displayName, 'Tag') and name ne 'tag-3'";
    expect((await all(client.tag.listByService(group, service, { filter }))).map(({ name }) => name)).toEqual([
      'tag-0',
      'tag-1',
      'tag-2',
      'tag-4',
    ]);
    const first = await lazuli.send('GET', `${lazuli.servicePath}/tags?api-version=2024-05-01&$top=2&$skip=1`);
    expect(first.json).toMatchObject({ count: 5, value: [{ name: 'tag-1' }, { name: 'tag-2' }] });
  });
});

describe('paths of APIs', () => {
  it('belong to one API, are free again when it is gone, and differ by version', async () => {
    const { client, group, service } = lazuli;
    const make = (name: string, path: string) =>
      client.api.beginCreateOrUpdateAndWait(group, service, name, { path, displayName: name, protocols: ['https'] });
    await make('first', 'same');
    await expect(make('second', '/Same/')).rejects.toMatchObject({
      code: 'ValidationError',
      details: { error: { details: [{ target: 'path', message: expect.stringMatching(/used by the API 'first'/) }] } },
    });
    await make('first', 'other');
    await make('second', 'same');
    await client.api.beginDeleteAndWait(group, service, 'second', '*');
    await make('third', 'same');
  });

  it('are claimed by one of several requests at the same time', async () => {
    const { client, group, service } = lazuli;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) =>
        client.api.beginCreateOrUpdateAndWait(group, service, `racer-${i}`, {
          path: 'race',
          displayName: `Racer ${i}`,
          protocols: ['https'],
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('a pool of backends', () => {
  it('cannot name a backend that is not there: no gateway could serve it', async () => {
    const { client, group, service } = lazuli;
    const pool = (id: string) =>
      lazuli.send('PUT', `${lazuli.servicePath}/backends/pool?api-version=2024-05-01`, {
        body: { properties: { type: 'Pool', pool: { services: [{ id }] } } },
      });
    expect((await pool('/backends/none')).json.error).toMatchObject({
      code: 'ValidationError',
      details: [{ target: 'pool.services[0].id' }],
    });
    await client.backend.createOrUpdate(group, service, 'single', { url: backendUrl, protocol: 'http' });
    expect((await pool('/backends/single')).status).toBe(201);
  });
});

it('says what the service depends on and whether it is reached', async () => {
  const { client, group, service } = lazuli;
  const store = expect.objectContaining({ name: 'store', status: 'success', lastUpdated: expect.any(Date) });
  expect(await client.networkStatus.listByService(group, service)).toEqual([
    { location: 'westeurope', networkStatus: { dnsServers: expect.any(Array), connectivityStatus: [store] } },
  ]);
  expect(await client.networkStatus.listByLocation(group, service, 'westeurope')).toMatchObject({
    connectivityStatus: [store],
  });
});
