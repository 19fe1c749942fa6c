import { expect, test } from 'vitest';
import { MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';
import { apiOf, exchangeFor, productOf, subscriptionOf, type TraceEntry, userOf } from '../testing/index.ts';

test("context shows the API, operation, product, subscription and user in Azure's terms", () => {
  const { context } = exchangeFor({
    match: { product: productOf(), subscription: subscriptionOf(), subscriptionKey: 'k', user: userOf() },
  });
  expect(context.api).toMatchObject({
    id: 'orders-api',
    name: 'Orders',
    path: 'orders',
    revision: '1',
    isCurrentRevision: true,
  });
  expect(context.operation).toEqual({ id: 'get-order', method: 'GET', name: 'Get order', urlTemplate: '/{id}' });
  expect(context.product).toMatchObject({
    id: 'starter',
    state: 'Published',
    groups: [{ id: 'developers', name: 'developers' }],
  });
  expect(context.subscription).toMatchObject({ id: 'contoso', key: 'k', primaryKey: 'primary-key' });
  expect(context.user).toMatchObject({ id: 'ada', firstName: 'Ada', identities: [] });
});

test('without a product context, key or user these are null', () => {
  const { context } = exchangeFor();
  expect([
    context.product,
    context.subscription,
    context.user,
    context.workspace,
    context.response,
    context.lastError,
    context.backend,
  ]).toEqual(Array(7).fill(null));
});

test("OriginalUrl is the caller's, Url follows the backend and what policies change", () => {
  const exchange = exchangeFor({ request: { url: 'https://gateway.example:8443/orders/42?x=1' } });
  const { request } = exchange.context;
  expect(request.originalUrl).toEqual({
    scheme: 'https',
    host: 'gateway.example',
    port: 8443,
    path: '/orders/42',
    queryString: '?x=1',
  });
  expect(request.url).toEqual({
    scheme: 'https',
    host: 'backend.example',
    port: 443,
    path: '/base/42',
    queryString: '?x=1',
  });
  exchange.request.url.base = null;
  exchange.request.url.query = '';
  expect(request.url).toEqual({ scheme: 'https', host: 'gateway.example', port: 8443, path: '/42', queryString: '' });
});

test('an API without a service URL still has a path', () => {
  const exchange = exchangeFor({ match: { api: apiOf({ serviceUrl: null }) }, request: { url: 'http://h/orders' } });
  expect(exchange.context.request.url).toMatchObject({ scheme: 'http', host: 'h', port: 80, path: '/' });
});

test('bodies: bytes once they are buffered, empty after they were consumed', async () => {
  const exchange = exchangeFor({ request: { body: 'hé', headers: { 'Content-Type': 'text/plain; Charset="utf-8"' } } });
  const body = exchange.context.request.body;
  expect(() => body?.bytes()).toThrow(TypeError);
  await exchange.request.body?.buffer(100);
  expect([Buffer.from(body?.bytes() ?? []).toString(), body?.charset]).toEqual(['hé', 'utf-8']);
  body?.consume();
  expect(body?.bytes().length).toBe(0);
});

test('the response is the one that is there when it is asked for', () => {
  const exchange = exchangeFor();
  exchange.response = {
    status: 418,
    reason: 'Teapot',
    headers: new HeaderList(['A', 'b']),
    body: MessageBody.fromBytes(Buffer.from('x')),
  };
  expect(exchange.context.response).toMatchObject({ statusCode: 418, statusReason: 'Teapot' });
  expect(exchange.context.response?.headers.getAll('a')).toEqual(['b']);
  exchange.response = null;
  expect(exchange.context.response).toBeNull();
});

test('backend: the entity, or the member of the pool that answered', () => {
  const exchange = exchangeFor();
  exchange.backend = { kind: 'entity', backendId: 'pool' };
  expect(exchange.context.backend).toEqual({ id: 'pool', type: 'Single', azureRegion: null });
  exchange.backendId = 'member';
  expect(exchange.context.backend).toEqual({ id: 'member', type: 'Pool', azureRegion: null });
});

test('time, id and traces', () => {
  const traces: TraceEntry[] = [];
  const exchange = exchangeFor({}, traces);
  exchange.ports.clock.time += 250;
  exchange.context.trace('hello');
  expect([exchange.context.elapsed(), exchange.context.tracing, exchange.context.requestId]).toEqual([
    250,
    true,
    exchange.id,
  ]);
  expect(traces).toEqual([{ info: null, message: 'hello', data: undefined }]);
});
