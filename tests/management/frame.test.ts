import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedManagement, serveManagement } from './kit.ts';
import { widgetProvider } from './widgets.ts';

let served: ServedManagement;
let group: string;
const version = 'api-version=2024-01-01';
beforeAll(async () => {
  served = await serveManagement({ providers: [widgetProvider] });
  group = `/subscriptions/${served.management.subscriptionId}/resourceGroups/Frame`;
  const made = await served.send('PUT', `${group}?api-version=2022-09-01`, { body: { location: 'West Europe' } });
  expect(made.status).toBe(201);
});
afterAll(() => served.stop());

const factory = (name: string) => `${group}/providers/Contoso.Widgets/factories/${name}`;
const put = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  served.send('PUT', `${path}?${version}`, { body, headers });

describe('requests', () => {
  it('need a token, and are told where to get one', async () => {
    const answer = await served.send('GET', '/subscriptions?api-version=2022-12-01', { credential: null });
    expect(answer.status).toBe(401);
    expect(answer.json.error.code).toBe('AuthenticationFailed');
    expect(answer.headers['www-authenticate']).toMatch(
      /^Bearer authorization_uri="https:\/\/localhost:\d+\/[0-9a-f-]{36}"/,
    );
  });

  it('carry ids, and echo those of the client', async () => {
    const headers = {
      'x-ms-client-request-id': 'abc-1',
      'x-ms-correlation-request-id': '0B6A9D2E-31C3-4B3C-9A5E-5B6B0C3D9F00',
    };
    const answer = await served.send('GET', '/subscriptions?api-version=2022-12-01', { headers });
    expect(answer.headers).toMatchObject({
      'x-ms-client-request-id': 'abc-1',
      'x-ms-correlation-request-id': '0b6a9d2e-31c3-4b3c-9a5e-5b6b0c3d9f00',
      'x-ms-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-ms-ratelimit-remaining-subscription-reads': expect.stringMatching(/^\d+$/),
    });
  });

  it.each([
    ['without an api-version', 'GET', '', '', 400, 'MissingApiVersionParameter'],
    ['with one that is no date', 'GET', '', '?api-version=latest', 400, 'InvalidApiVersionParameter'],
    [
      'with one that the type does not have',
      'GET',
      '/providers/Contoso.Widgets/factories',
      '?api-version=2001-01-01',
      400,
      'NoRegisteredProviderFound',
    ],
    [
      'of an unknown namespace',
      'GET',
      '/providers/Contoso.None/things',
      `?${version}`,
      404,
      'InvalidResourceNamespace',
    ],
    ['of an unknown type', 'GET', '/providers/Contoso.Widgets/things', `?${version}`, 404, 'InvalidResourceType'],
    [
      'of a missing resource',
      'GET',
      '/providers/Contoso.Widgets/factories/none',
      `?${version}`,
      404,
      'ResourceNotFound',
    ],
    [
      'below a missing resource',
      'GET',
      '/providers/Contoso.Widgets/factories/none/widgets',
      `?${version}`,
      404,
      'ParentResourceNotFound',
    ],
    [
      'with a method that is not served',
      'POST',
      '/providers/Contoso.Widgets/factories',
      `?${version}`,
      405,
      'MethodNotAllowed',
    ],
    ['with a broken path', 'GET', '/providers/%E0%A4%A', `?${version}`, 400, 'InvalidRequestUri'],
    [
      'with an encoded backslash',
      'GET',
      '/providers/Contoso.Widgets/factories/a%5Cb',
      `?${version}`,
      400,
      'InvalidRequestUri',
    ],
  ])('%s are refused in Azure’s words', async (_, method, path, query, status, code) => {
    const answer = await served.send(method, `${group}${path}${query}`);
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
  });

  it.each([
    ['POST', '/metadata/endpoints', 'GET'],
    ['POST', '/common/discovery/keys', 'GET'],
    ['GET', '/common/oauth2/v2.0/token', 'POST'],
  ])('%s %s is refused, and told what is taken', async (method, path, allowed) => {
    const answer = await served.send(method, path);
    expect([answer.status, answer.json.error.code]).toEqual([405, 'MethodNotAllowed']);
    expect(answer.headers).toMatchObject({ allow: allowed });
  });

  it('to another subscription or a missing group are not found', async () => {
    const other = await served.send(
      'GET',
      `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/x?${version}`,
    );
    expect([other.status, other.json.error.code]).toEqual([404, 'SubscriptionNotFound']);
    const path = `/subscriptions/${served.management.subscriptionId}/resourceGroups/none/providers/Contoso.Widgets/factories/f`;
    const missing = await put(path, { location: 'westeurope' });
    expect([missing.status, missing.json.error.code]).toEqual([404, 'ResourceGroupNotFound']);
  });

  it.each([
    ['text', 'text/plain', 'hello', 415, 'UnsupportedMediaType'],
    ['broken JSON', 'application/json', '{"location":', 400, 'InvalidRequestContent'],
    ['an array', 'application/json', '[]', 400, 'InvalidRequestBody'],
    ['a prototype', 'application/json', '{"__proto__": {"x": 1}}', 400, 'InvalidRequestBody'],
    ['deep nesting', 'application/json', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400, 'InvalidRequestBody'],
    ['too much', 'application/json', `{"a":"${'x'.repeat(4 * 1024 * 1024)}"}`, 413, 'RequestContentTooLarge'],
  ])('with %s as body are refused', async (_, contentType, body, status, code) => {
    const answer = await served.send('PUT', `${factory('bad')}?${version}`, {
      body,
      headers: { 'Content-Type': contentType },
    });
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
  });
});

describe('resources', () => {
  it('are created with 201, replaced with 200, and keep the case in which they were created', async () => {
    const body = { location: 'West Europe', tags: { env: 'test' }, sku: { name: 'basic' } };
    const created = await put(factory('Alpha'), body);
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({
      id: factory('Alpha'),
      name: 'Alpha',
      type: 'Contoso.Widgets/factories',
      location: 'westeurope',
      tags: { env: 'test' },
      sku: { name: 'Basic' },
      systemData: { createdByType: 'Application' },
    });
    const replaced = await put(factory('ALPHA').replace('resourceGroups', 'resourcegroups'), body);
    expect([replaced.status, replaced.json.id]).toEqual([200, factory('Alpha')]);
    const read = await served.send(
      'GET',
      `/${factory('alpha').toUpperCase()}?${version}`.replace('API-VERSION', 'api-version'),
    );
    expect(read.json.id).toBe(factory('Alpha'));
  });

  it('report every problem of a body at once, each with its target', async () => {
    const answer = await put(factory('Beta'), {
      location: 'westeurope',
      sku: { name: 'Gold' },
      properties: { capacity: 11 },
    });
    expect(answer.status).toBe(400);
    expect(answer.json.error.details.map((one: { target: string }) => one.target)).toEqual([
      'sku.name',
      'properties.capacity',
    ]);
  });

  it('fill in defaults, keep secrets to themselves and read-only members as they are', async () => {
    const made = await put(factory('Secretive'), {
      location: 'westeurope',
      properties: { adminKey: 'hunter2', provisioningState: 'Nonsense' },
    });
    expect(made.json.properties).toEqual({ capacity: 1, provisioningState: 'Succeeded' });
    expect(made.text).not.toContain('hunter2');
    const kept = await put(factory('Secretive'), { location: 'westeurope', properties: { capacity: 2 } });
    expect(kept.json.properties).toEqual({ capacity: 2, provisioningState: 'Succeeded' });
    const keys = await served.send('POST', `${factory('Secretive')}/LISTKEYS?${version}`);
    expect([keys.status, keys.json]).toEqual([200, { key: 'hunter2' }]);
    expect(JSON.stringify((await served.store.readLog('audit')).entries)).not.toContain('hunter2');
  });

  it('are patched by merging, tags as a whole', async () => {
    await put(factory('Patched'), { location: 'westeurope', tags: { a: '1', b: '2' }, properties: { capacity: 3 } });
    const patched = await served.send('PATCH', `${factory('Patched')}?${version}`, { body: { tags: { c: '3' } } });
    expect([patched.status, patched.json.tags, patched.json.properties.capacity]).toEqual([200, { c: '3' }, 3]);
  });

  it('cannot move to another region', async () => {
    await put(factory('Fixed'), { location: 'westeurope' });
    const moved = await put(factory('Fixed'), { location: 'northeurope' });
    expect([moved.status, moved.json.error.code]).toEqual([409, 'InvalidResourceLocation']);
  });

  it('honour If-Match and If-None-Match', async () => {
    await put(factory('Tagged'), { location: 'westeurope' });
    const path = `${factory('Tagged')}/widgets/w;rev=2`;
    const encoded = `${factory('Tagged')}/widgets/w%3Brev%3D2`;
    const body = { properties: { displayName: 'W' } };
    expect((await put(path, body, { 'If-Match': '*' })).status).toBe(412);
    const made = await put(encoded, body, { 'If-None-Match': '*' });
    expect([made.status, made.json.name]).toEqual([201, 'w;rev=2']);
    expect((await put(path, body, { 'If-None-Match': '*' })).status).toBe(412);
    const head = await served.send('HEAD', `${encoded}?${version}`);
    expect([head.status, head.headers.etag]).toEqual([200, made.headers.etag]);
    const etag = String(head.headers.etag);
    expect((await served.send('GET', `${encoded}?${version}`, { headers: { 'If-None-Match': etag } })).status).toBe(
      304,
    );
    const change = (headers: Record<string, string>) =>
      served.send('PATCH', `${encoded}?${version}`, { headers, body: { properties: { isHeavy: true } } });
    expect((await change({})).status).toBe(428);
    expect((await change({ 'If-Match': '"other"' })).status).toBe(412);
    expect((await change({ 'If-Match': etag })).json.properties).toEqual({ displayName: 'W', isHeavy: true });
    expect((await served.send('DELETE', `${encoded}?${version}`, { headers: { 'If-Match': etag } })).status).toBe(412);
    expect((await served.send('DELETE', `${encoded}?${version}`, { headers: { 'If-Match': '*' } })).status).toBe(200);
    expect((await served.send('DELETE', `${encoded}?${version}`, { headers: { 'If-Match': '*' } })).status).toBe(204);
  });

  it('are listed in pages, filtered and sorted', async () => {
    await put(factory('Listed'), { location: 'westeurope' });
    for (const [name, displayName] of [
      ['a', 'One'],
      ['b', 'Two'],
      ['c', 'Three'],
    ])
      await put(`${factory('Listed')}/widgets/${name}`, { properties: { displayName } });
    const list = (query: string) => served.send('GET', `${factory('Listed')}/widgets?${version}&${query}`);
    const names = (answer: { json: { value: { name: string }[] } }) => answer.json.value.map((one) => one.name);
    const first = await list('$top=2');
    expect([names(first), first.json.count]).toEqual([['a', 'b'], 3]);
    expect(first.json.nextLink).toContain(`${served.url}/subscriptions/`);
    const second = await served.send('GET', first.json.nextLink);
    expect([names(second), second.json.nextLink]).toEqual([['c'], undefined]);
    expect(names(await list("$filter=startswith(displayName,'T')"))).toEqual(['b', 'c']);
    expect(names(await list("$filter=properties/displayName eq 'one' or name eq 'c'"))).toEqual(['a', 'c']);
    expect(names(await list('$orderby=displayName desc'))).toEqual(['b', 'c', 'a']);
    expect(names(await list('$skip=1&$top=1'))).toEqual(['b']);
    const broken = await list('$filter=displayName eq');
    expect([broken.status, broken.json.error.code]).toEqual([400, 'InvalidFilterInQueryString']);
    const wide = await served.send(
      'GET',
      `/subscriptions/${served.management.subscriptionId}/providers/Contoso.Widgets/factories?${version}`,
    );
    expect(names(wide)).toContain('Listed');
  });
});

describe('discovery', () => {
  it('answers both forms of /metadata/endpoints without a token, extra slashes or not', async () => {
    const old = await served.send('GET', '//metadata/endpoints?api-version=2015-01-01', { credential: null });
    expect(old.json.authentication.loginEndpoint).toBe(`${served.url}/adfs`);
    const now = await served.send('GET', '/metadata/endpoints?api-version=2022-09-01', { credential: null });
    expect(now.json[0]).toMatchObject({ resourceManager: `${served.url}/`, activeDirectory: `${served.url}/adfs` });
  });

  it('lists providers and the permissions they ask for', async () => {
    const provider = await served.send(
      'GET',
      `/subscriptions/${served.management.subscriptionId}/providers/contoso.widgets?api-version=2021-04-01`,
    );
    expect(provider.json.resourceTypes[0]).toMatchObject({
      resourceType: 'factories',
      apiVersions: ['2024-01-01', '2023-01-01'],
    });
    const operations = await served.send('GET', `/providers/Contoso.Widgets/operations?${version}`);
    expect(operations.json.value.map((one: { name: string }) => one.name)).toEqual(
      expect.arrayContaining(['Contoso.Widgets/factories/write', 'Contoso.Widgets/factories/listKeys/action']),
    );
  });

  it('refuses Resource Graph by name', async () => {
    const answer = await served.send('POST', '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', {
      body: {},
    });
    expect(answer.json.error).toMatchObject({
      code: 'UnsupportedFeature',
      message: expect.stringContaining('Resource Graph'),
    });
  });

  it('runs actions of providers', async () => {
    const path = `/subscriptions/${served.management.subscriptionId}/providers/Contoso.Widgets/CheckNameAvailability?${version}`;
    expect((await served.send('POST', path, { body: { name: 'taken' } })).json).toEqual({ nameAvailable: false });
    expect((await served.send('POST', path, { body: {} })).status).toBe(400);
  });
});
