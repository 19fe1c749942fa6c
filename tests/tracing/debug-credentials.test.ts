import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ClientResponse, send, valuesOf } from '../kit/client.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../kit/upstream.ts';
import { type ManagedServer, startApiManagement } from '../management/api-management-server.ts';
import { sendTo } from '../management/kit.ts';

let lazuli: ManagedServer;
let backend: RecordingUpstream;
let key: string;

const call = (target: string, headers: Record<string, string> = {}) =>
  send(lazuli.gatewayPort, { method: 'GET', target, headers: { 'Ocp-Apim-Subscription-Key': key, ...headers } });
const header = (answer: ClientResponse, name: string) => valuesOf(answer.rawHeaders, name)[0];
const live = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 5000, interval: 5 });

const policy =
  '<policies><inbound><set-variable name="who" value="me" /><set-header name="X-Tier" exists-action="override"><value>{{tier}} of {{plain}}</value></set-header><trace source="my-source" severity="information"><message>@("seen " + context.Request.Method + " " + context.Tracing)</message><metadata name="secret" value="{{tier}}" /></trace></inbound><backend><forward-request /></backend><outbound><set-header name="X-Out"><value>done</value></set-header></outbound><on-error /></policies>';

beforeAll(async () => {
  backend = await startRecordingUpstream();
  lazuli = await startApiManagement();
  const { client, group, service } = lazuli;
  for (const [name, value, secret] of [
    ['tier', 'gold&silver', true],
    ['plain', 'things', false],
  ] as const)
    await client.namedValue.beginCreateOrUpdateAndWait(group, service, name, { displayName: name, value, secret });
  for (const name of ['orders', 'other']) {
    await client.api.beginCreateOrUpdateAndWait(group, service, name, {
      displayName: name,
      path: name,
      protocols: ['http'],
      serviceUrl: backend.url,
    });
    await client.apiOperation.createOrUpdate(group, service, name, 'get', {
      displayName: 'Get',
      method: 'GET',
      urlTemplate: '/x',
    });
  }
  await client.apiPolicy.createOrUpdate(group, service, 'orders', 'policy', { format: 'rawxml', value: policy });
  await client.subscription.createOrUpdate(group, service, 'tester', {
    displayName: 'T',
    scope: '/apis',
    allowTracing: true,
  });
  key = (await client.subscription.listSecrets(group, service, 'tester')).primaryKey ?? '';
  await live(async () => expect((await call('/orders/x')).status).toBe(200));
});
afterAll(async () => {
  await lazuli.stop();
  await backend.close();
});

async function credentials(api = 'orders', credentialsExpireAfter = 'PT1H'): Promise<string> {
  const { client, group, service, servicePath } = lazuli;
  const { token = '' } = await client.gateway.listDebugCredentials(group, service, 'managed', {
    apiId: `${servicePath}/apis/${api}`,
    purposes: ['tracing'],
    credentialsExpireAfter,
  });
  return token;
}

const trace = async (traceId: string) => {
  const path = `${lazuli.servicePath}/gateways/managed/listTrace?api-version=2024-05-01`;
  const answer = await lazuli.send('POST', path, { body: { traceId } });
  return answer;
};

describe('tracing by debug credentials', () => {
  it('shows what became of a request, without secrets', async () => {
    const token = await credentials();
    backend.take();
    const answer = await call('/orders/x?a=1', { 'Apim-Debug-Authorization': token, Authorization: 'Bearer abcdef' });
    const traceId = header(answer, 'Apim-Trace-Id') ?? '';
    expect(traceId).toMatch(/^[0-9a-f-]{36}$/);
    expect(backend.take()[0]?.rawHeaders.map((one) => one.toLowerCase())).not.toContain('apim-debug-authorization');
    let json: { traceEntries: Record<string, { source: string; data: Record<string, unknown>; elapsed: string }[]> };
    await live(async () => {
      const { json: found, text } = await trace(traceId);
      json = found;
      expect(text).toContain('sent to the caller in full');
      expect(text).not.toMatch(/gold|silver/);
      expect(text).not.toContain(key);
      expect(text).not.toContain('abcdef');
      expect(found).toMatchObject({ serviceName: 'contoso', traceId });
    });
    const { inbound = [], backend: sent = [], outbound = [] } = json!.traceEntries;
    expect(inbound[0]).toMatchObject({ source: 'api-inspector', data: { request: { method: 'GET' } } });
    expect(inbound[1]?.data.configuration).toMatchObject({
      api: { id: 'orders', from: '/orders', to: `${backend.url}`, revision: '1' },
      operation: { id: 'get', method: 'GET', uriTemplate: '/x' },
      subscription: { id: 'tester' },
    });
    const sources = inbound.map(({ source }) => source);
    expect(sources).toEqual(expect.arrayContaining(['set-variable', 'set-header', 'my-source']));
    expect(inbound.find(({ source }) => source === 'set-variable')?.data.variables).toEqual({ who: 'me' });
    expect(inbound.find(({ source }) => source === 'set-header')?.data.requestHeaders).toEqual({
      'X-Tier': '**** of things',
    });
    expect(inbound.find(({ source }) => source === 'my-source')?.data).toMatchObject({
      message: 'seen GET True',
      severity: 'information',
      metadata: { secret: '****' },
    });
    expect(sent.map(({ source }) => source)).toEqual(['forward-request', 'forward-request']);
    expect(sent[1]?.data).toMatchObject({ response: { status: { code: 200, reason: 'OK' } } });
    expect(outbound.find(({ source }) => source === 'set-header')?.data.responseHeaders).toEqual({ 'X-Out': 'done' });
    expect(outbound.at(-1)?.elapsed).toMatch(/^00:00:\d\d\.\d{7}$/);
  });

  it('traces refusals and errors too', async () => {
    const token = await credentials();
    const answer = await call('/orders/x', { 'Apim-Debug-Authorization': token, 'Ocp-Apim-Subscription-Key': 'none' });
    expect(answer.status).toBe(401);
    await live(async () => {
      const { json } = await trace(header(answer, 'Apim-Trace-Id') ?? '');
      expect(json.traceEntries['on-error'].at(-1)).toMatchObject({ source: 'transfer-response' });
    });
  });

  it('refuses credentials that are of another API, expired, altered or invalidated', async () => {
    const token = await credentials();
    const traced = (headers: Record<string, string>, target = '/orders/x') => call(target, headers);
    const wrong = await traced({ 'Apim-Debug-Authorization': token }, '/other/x');
    expect([wrong.status, header(wrong, 'Apim-Trace-Id')]).toEqual([200, undefined]);
    expect(header(wrong, 'Apim-Debug-Authorization-WrongAPI')).toContain("'orders'");
    const short = await credentials('orders', 'PT0.001S');
    await live(async () =>
      expect(header(await traced({ 'Apim-Debug-Authorization': short }), 'Apim-Debug-Authorization-Expired')).toMatch(
        /^20\d\d-/,
      ),
    );
    const altered = await traced({ 'Apim-Debug-Authorization': token.replace('aid=orders', 'aid=other') }, '/other/x');
    expect(header(altered, 'Apim-Debug-Authorization-Expired')).toBeDefined();
    const { client, group, service } = lazuli;
    await client.gateway.invalidateDebugCredentials(group, service, 'managed');
    const ended = await traced({ 'Apim-Debug-Authorization': token });
    expect(header(ended, 'Apim-Debug-Authorization-Expired')).toBeDefined();
    expect(header(ended, 'Apim-Trace-Id')).toBeUndefined();
  });

  it('gives credentials only for an API, a purpose and a time that there are', async () => {
    await expect(credentials('none')).rejects.toMatchObject({ statusCode: 400 });
    await expect(credentials('orders', 'PT2H')).rejects.toMatchObject({ statusCode: 400 });
    await expect(credentials('orders', 'P1D')).rejects.toMatchObject({ statusCode: 400 });
    const path = `${lazuli.servicePath}/gateways/none/listDebugCredentials?api-version=2024-05-01`;
    const body = { apiId: `${lazuli.servicePath}/apis/orders`, purposes: ['tracing'] };
    expect((await lazuli.send('POST', path, { body })).status).toBe(404);
    expect((await trace('none')).status).toBe(404);
  });
});

describe('Ocp-Apim-Trace', () => {
  it('says where the trace is read, to who may trace', async () => {
    const answer = await call('/other/x', { 'Ocp-Apim-Trace': 'true' });
    const location = header(answer, 'Ocp-Apim-Trace-Location') ?? '';
    const url = new URL(location);
    const ca = lazuli.ca;
    const found = await sendTo(url.origin, ca, 'GET', url.pathname, { credential: null });
    expect(found.json.traceEntries.inbound[0].source).toBe('api-inspector');
    const guessed = `${url.pathname.slice(0, -1)}${url.pathname.endsWith('A') ? 'B' : 'A'}`;
    expect((await sendTo(url.origin, ca, 'GET', guessed, { credential: null })).status).toBe(404);
  });

  it('does nothing for a subscription that may not', async () => {
    const { client, group, service } = lazuli;
    await client.subscription.createOrUpdate(group, service, 'plain', { displayName: 'P', scope: '/apis' });
    const { primaryKey = '' } = await client.subscription.listSecrets(group, service, 'plain');
    const headers = { 'Ocp-Apim-Trace': 'true', 'Ocp-Apim-Subscription-Key': primaryKey };
    await live(async () => expect((await call('/other/x', headers)).status).toBe(200));
    const answer = await call('/other/x', headers);
    expect(header(answer, 'Ocp-Apim-Trace-Location')).toBeUndefined();
  });
});
