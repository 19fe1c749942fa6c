import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type ClientRequest, send } from '../kit/client.ts';
import { type ManagedServer, startApiManagement } from './api-management-server.ts';

let lazuli: ManagedServer;
let backend: Server;
let backendUrl: string;
const texts: Record<string, string> = {};
beforeAll(async () => {
  for (const name of ['northwind.edmx', 'library.wadl', 'saga.graphql', 'route-guide.proto'])
    texts[name] = readFileSync(
      new URL(`../../packages/management/src/apimanagement/import/fixtures/${name}`, import.meta.url),
      'utf8',
    );
  // Serves the specifications, and says of anything else what it was asked.
  backend = createServer((request, response) => {
    const text = texts[(request.url ?? '').slice(1)];
    response.end(request.method === 'GET' && text !== undefined ? text : `${request.method} ${request.url}`);
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

async function importApi(name: string, more: object): Promise<void> {
  await lazuli.client.api.beginCreateOrUpdateAndWait(lazuli.group, lazuli.service, name, {
    path: name,
    displayName: name,
    subscriptionRequired: false,
    protocols: ['http', 'https'],
    serviceUrl: backendUrl,
    ...more,
  });
}

async function answers(request: ClientRequest, expected: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const { status, body } = await send(lazuli.gatewayPort, request);
      expect({ status, body }).toEqual({ status: 200, body: expected });
    },
    { timeout: 5000, interval: 5 },
  );
}

it('serves OData', async () => {
  await importApi('trade', { format: 'odata-link', value: `${backendUrl}/northwind.edmx`, apiType: 'odata' });
  const { client, group, service } = lazuli;
  expect(await client.api.get(group, service, 'trade')).toMatchObject({ apiType: 'odata' });
  await answers({ method: 'GET', target: "/trade/Customers('A')/Orders?$top=2" }, "GET /Customers('A')/Orders?$top=2");
  await answers(
    { method: 'PATCH', target: '/trade/OrderLines(OrderId=1,ProductId=2)', body: '{}' },
    'PATCH /OrderLines(OrderId=1,ProductId=2)',
  );
  await answers({ method: 'GET', target: '/trade/TopCustomers(count=3)' }, 'GET /TopCustomers(count=3)');
  await answers({ method: 'GET', target: '/trade/Orders/$count' }, 'GET /Orders/$count');
  expect((await send(lazuli.gatewayPort, { method: 'DELETE', target: '/trade/Orders' })).status).toBe(404);
});

it('serves WADL', async () => {
  await importApi('library', { format: 'wadl-link-json', value: `${backendUrl}/library.wadl` });
  await answers({ method: 'GET', target: '/library/books?title=x&limit=1' }, 'GET /books?title=x&limit=1');
  await answers({ method: 'POST', target: '/library/books/1234567890', body: 'a' }, 'POST /books/1234567890');
});

it('serves GraphQL, whose schema may be put in place of the imported one', async () => {
  await importApi('saga', { format: 'graphql-link', value: `${backendUrl}/saga.graphql`, apiType: 'graphql' });
  const { client, group, service } = lazuli;
  const query = JSON.stringify({ query: '{ hero { name } }' });
  await answers(
    { method: 'POST', target: '/saga', body: query, headers: { 'Content-Type': 'application/json' } },
    'POST /',
  );
  const contentType = 'application/vnd.ms-azure-apim.graphql.schema';
  const schemas = client.apiSchema;
  expect(await schemas.get(group, service, 'saga', 'graphql')).toMatchObject({
    contentType,
    value: texts['saga.graphql'],
  });
  const put = (value: string) =>
    schemas.beginCreateOrUpdateAndWait(group, service, 'saga', 'graphql', { contentType, value });
  await put('type Query { a: Int }');
  await expect(put('type Query { a: }')).rejects.toMatchObject({
    details: { error: { details: [{ message: expect.stringContaining('Line 1, column 17') }] } },
  });
});

it('takes gRPC', async () => {
  await importApi('places', { format: 'grpc-link', value: `${backendUrl}/route-guide.proto`, apiType: 'grpc' });
  const { client, group, service } = lazuli;
  expect(await client.apiOperation.get(group, service, 'places', 'places-v1-routeguide-getplace')).toMatchObject({
    method: 'POST',
    urlTemplate: '/places.v1.RouteGuide/GetPlace',
  });
  await answers(
    { method: 'POST', target: '/places/places.v1.RouteGuide/GetPlace' },
    'POST /places.v1.RouteGuide/GetPlace',
  );
});
