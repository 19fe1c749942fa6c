import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderReader } from '@lazuli/resources';
import { type Operation, openStore, type Store } from '@lazuli/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importApi } from '../import/import-api.ts';
import { ServiceFolder } from './service-folder.ts';

const serviceId =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.ApiManagement/service/s';

const put = (path: string, type: string, properties: object, secrets?: Record<string, string>): Operation => ({
  operation: 'put',
  id: `${serviceId}/${path}`,
  type: `Microsoft.ApiManagement/service/${type}`,
  body: { properties: properties as never },
  ...(secrets ? { secrets } : {}),
});

describe('the folder of a service', () => {
  let scratch: string;
  let store: Store;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'lazuli-service-folder-'));
    store = await openStore(`sqlite:${join(scratch, 'lazuli.db')}`);
  });
  afterAll(async () => {
    await store.close();
    await rm(scratch, { recursive: true });
  });

  it('is the model that the gateway serves, and follows changes', async () => {
    const specification = JSON.stringify({
      openapi: '3.0.3',
      info: { title: 'Orders', version: '1' },
      servers: [{ url: 'https://orders.example' }],
      paths: {
        '/orders/{id}': {
          get: {
            operationId: 'getOrder',
            parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
            responses: {
              200: {
                description: 'OK',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
              },
            },
          },
        },
      },
      components: { schemas: { Order: { type: 'object', properties: { id: { type: 'string' } } } } },
    });
    const imported = await importApi(
      { format: 'openapi+json', value: specification, apiType: '' },
      { id: `${serviceId}/apis/orders`, properties: {} },
    );
    expect(imported.problems).toEqual([]);
    await store.change([
      put('apis/orders', 'apis', { ...imported.properties, path: 'orders', apiRevision: '1', protocols: ['https'] }),
      ...imported.operations,
      put('apis/orders/policies/policy', 'apis/policies', {
        format: 'xml',
        value: '<policies><inbound><set-variable name="a" value="@(1 &lt; 2)" /></inbound></policies>',
      }),
      put('namedValues/n', 'namedValues', { displayName: 'n', secret: true }, { 'properties/value': 'hidden' }),
      put('products/p', 'products', { displayName: 'P', subscriptionRequired: true, state: 'published' }),
      put('products/p/apis/orders', 'products/apis', { provisioningState: 'created' }),
      put('users/u', 'users', { email: 'u@example.com', firstName: 'U', lastName: 'U', state: 'active' }),
      put('groups/partners', 'groups', { displayName: 'Partners', type: 'custom' }),
      put('groups/partners/users/u', 'groups/users', {}),
      put(
        'subscriptions/sub',
        'subscriptions',
        { displayName: 'Sub', scope: `${serviceId}/products/p`, state: 'active', ownerId: '/users/u' },
        { 'properties/primaryKey': 'one', 'properties/secondaryKey': 'two' },
      ),
      put('backends/b', 'backends', { url: 'https://b.example', protocol: 'http', type: 'Single' }),
      put('loggers/l', 'loggers', { loggerType: 'azureEventHub' }, { 'properties/credentials/name': 'hub' }),
    ]);
    const { folder, sequence } = await ServiceFolder.load(store, serviceId);
    const reader = createFolderReader(folder.folder);
    const { model, diagnostics } = await reader.read();
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(model.apis[0]).toMatchObject({
      name: 'orders',
      displayName: 'Orders',
      serviceUrl: 'https://orders.example',
      policy: {
        format: 'rawxml',
        text: '<policies><inbound><set-variable name="a" value="@(1 < 2)" /></inbound></policies>',
      },
      operations: [
        {
          name: 'getorder',
          method: 'GET',
          urlTemplate: '/orders/{id}',
          responses: [{ statusCode: 200, representations: [{ schema: { $ref: '#/schemas/Order' } }] }],
        },
      ],
    });
    expect(model.namedValues).toEqual([expect.objectContaining({ displayName: 'n', value: 'hidden' })]);
    expect(model.products[0]).toMatchObject({ apis: ['orders'] });
    expect(model.users[0]?.groups).toContain('partners');
    expect(model.subscriptions[0]).toMatchObject({
      primaryKey: 'one',
      scope: { kind: 'product', product: 'p' },
      owner: 'u',
    });
    expect(model.loggers[0]?.credentials.get('name')).toBe('hub');

    await store.change([
      put('backends/b', 'backends', { url: 'https://c.example', protocol: 'http', type: 'Single' }),
      { operation: 'deleteSubtree', id: `${serviceId}/products/p` },
      put('subscriptions/sub', 'subscriptions', { displayName: 'Sub', scope: '/apis', state: 'active' }),
    ]);
    const { changes } = await store.changesAfter(sequence);
    expect(await folder.apply(changes, store)).toBe(true);
    const next = (await reader.read()).model;
    expect(next.backends[0]?.url).toBe('https://c.example');
    expect(next.products).toEqual([]);
    expect(next.subscriptions[0]).toMatchObject({ scope: { kind: 'allApis' }, primaryKey: 'one' });
    // What did not change is the same object: nothing of it is compiled again.
    expect(next.apis[0]).toBe(model.apis[0]);
  });
});
