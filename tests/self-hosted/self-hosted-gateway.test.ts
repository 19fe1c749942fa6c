import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayToken } from '@lazuli/management';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { send, valuesOf } from '../kit/client.ts';
import { type LazuliProcess, runLazuliCommand } from '../kit/lazuli-process.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../kit/upstream.ts';
import { sendTo } from '../management/kit.ts';
import { type ManagedProcess, startManagedProcess } from './managed-process.ts';

let scratch: string;
let backend: RecordingUpstream;
let management: ManagedProcess;
let remote: LazuliProcess;
let token: string;
let keys: { readonly primary: string; readonly secondary: string };

const healthPath = '/internal-status-0123456789abcdef';

async function startRemote(auth = `GatewayKey ${token}`, data = join(scratch, 'remote')): Promise<LazuliProcess> {
  const started = runLazuliCommand(
    ['start', '--roles', 'gateway', '--port', '0', '--no-tls', '--data', data, '--access-log', 'off'],
    {
      'config.service.endpoint': management.url,
      'config.service.auth': auth,
      LAZULI_CONFIG_CA: management.caFile,
    },
  );
  const output = await started.until(/HTTP\s+(http:\S+)/);
  return { ...started, http: /HTTP\s+(http:\S+)/.exec(output)?.[1] ?? '', https: null };
}

const call = (target: string, headers: Record<string, string> = {}) =>
  send(Number(new URL(remote.http).port), { method: 'GET', target, headers });
const health = async () => JSON.parse((await call(healthPath)).body);
const live = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

async function putApi(name: string): Promise<void> {
  const { client, group, service } = management;
  await client.api.beginCreateOrUpdateAndWait(group, service, name, {
    displayName: name,
    path: name,
    protocols: ['http'],
    serviceUrl: backend.url,
    subscriptionRequired: name === 'orders',
  });
  await client.apiOperation.createOrUpdate(group, service, name, 'get', {
    displayName: 'Get',
    method: 'GET',
    urlTemplate: '/x',
  });
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lazuli-self-hosted-'));
  backend = await startRecordingUpstream();
  management = await startManagedProcess(join(scratch, 'management'));
  const { client, group, service } = management;
  await client.gateway.createOrUpdate(group, service, 'edge', { locationData: { name: 'Berlin' } });
  const { primary = '', secondary = '' } = await client.gateway.listKeys(group, service, 'edge');
  keys = { primary, secondary };
  const expiry = new Date(Date.now() + 86_400_000);
  const generated = await client.gateway.generateToken(group, service, 'edge', { keyType: 'primary', expiry });
  token = generated.value ?? '';
  await putApi('orders');
  await putApi('secrets');
  remote = await startRemote();
}, 60_000);
afterAll(async () => {
  await remote?.end('SIGKILL');
  await management?.kill();
  await backend?.close();
  await rm(scratch, { recursive: true, force: true });
});

/** What the endpoint answers to a token. */
const configuration = (authorization: string | null, headers: Record<string, string> = {}) =>
  sendTo(management.url, management.ca, 'GET', '/configuration', {
    credential: null,
    headers: { ...(authorization === null ? {} : { Authorization: authorization }), ...headers },
  });

describe('a self-hosted gateway', () => {
  it('serves nothing but what is assigned to it, with the keys of its subscriptions, and every change at once', async () => {
    const { client, group, service } = management;
    expect((await call('/orders/x')).status).toBe(404);
    await client.gatewayApi.createOrUpdate(group, service, 'edge', 'orders', { parameters: {} });
    await live(async () => expect((await call('/orders/x')).status).toBe(401));
    expect((await call('/secrets/x')).status).toBe(404);

    await client.subscription.createOrUpdate(group, service, 'tester', { displayName: 'T', scope: '/apis/orders' });
    const { primaryKey = '' } = await client.subscription.listSecrets(group, service, 'tester');
    const key = { 'Ocp-Apim-Subscription-Key': primaryKey };
    await live(async () => expect((await call('/orders/x', key)).status).toBe(200));

    await client.namedValue.beginCreateOrUpdateAndWait(group, service, 'tier', {
      displayName: 'tier',
      value: 'gold',
      secret: true,
    });
    const value =
      '<policies><outbound><set-header name="X-Gateway"><value>@(context.Deployment.Gateway.Id + " " + context.Deployment.Gateway.IsManaged + " " + context.Deployment.Region)</value></set-header><set-header name="X-Tier"><value>{{tier}}</value></set-header></outbound></policies>';
    await client.apiPolicy.createOrUpdate(group, service, 'orders', 'policy', { format: 'rawxml', value });
    const changed = performance.now();
    await live(async () =>
      expect(valuesOf((await call('/orders/x', key)).rawHeaders, 'X-Gateway')).toEqual(['edge False Berlin']),
    );
    expect(performance.now() - changed).toBeLessThan(1000);
    expect(valuesOf((await call('/orders/x', key)).rawHeaders, 'X-Tier')).toEqual(['gold']);
    expect((await call('/status-012345678990abcdef')).status).toBe(200);

    await client.gateway.createOrUpdate(group, service, 'edge', { locationData: { name: 'Paris' } });
    await live(async () =>
      expect(valuesOf((await call('/orders/x', key)).rawHeaders, 'X-Gateway')).toEqual(['edge False Paris']),
    );
  });

  it('shows that it is there, and gives it no more than it needs', async () => {
    const path = `${management.servicePath}/gateways/edge/heartbeats?api-version=2024-05-01`;
    await live(async () =>
      expect((await management.send('GET', path)).json.value).toMatchObject([{ status: 'Healthy', isCurrent: true }]),
    );
    expect((await health()).configurationSource).toMatchObject({ source: 'endpoint', endpoint: 'connected' });
    const { status, headers, json } = await configuration(`GatewayKey ${token}`);
    expect(status).toBe(200);
    expect(Object.keys(json.files).filter((name) => name.includes('secrets'))).toEqual([]);
    const again = await configuration(`GatewayKey ${token}`, { 'If-None-Match': String(headers.etag) });
    expect(again.status).toBe(304);
  });

  it('traces requests for who has debug credentials, and sends the traces to where they are asked for', async () => {
    const { client, group, service, servicePath } = management;
    const { token: credentials = '' } = await client.gateway.listDebugCredentials(group, service, 'edge', {
      apiId: `${servicePath}/apis/orders`,
      purposes: ['tracing'],
    });
    const traced = await vi.waitFor(
      async () => {
        const answer = await call('/orders/x', { 'Apim-Debug-Authorization': credentials });
        const [id] = valuesOf(answer.rawHeaders, 'Apim-Trace-Id');
        expect(id).toBeDefined();
        return id;
      },
      { timeout: 10_000 },
    );
    const path = `${servicePath}/gateways/edge/listTrace?api-version=2024-05-01`;
    await live(async () => {
      const { status, json } = await management.send('POST', path, { body: { traceId: traced } });
      expect(status).toBe(200);
      expect(json).toMatchObject({ serviceName: 'contoso', traceId: traced });
      expect(json.traceEntries.inbound[1].data.configuration.gateway).toEqual({
        id: 'edge',
        region: 'Paris',
        isManaged: false,
      });
    });
  });

  it('counts its requests in the reports of the service', async () => {
    const { client, group, service } = management;
    const filter = `timestamp ge datetime'${new Date(Date.now() - 600_000).toISOString()}' and apiId eq 'orders'`;
    await vi.waitFor(
      async () => {
        for await (const row of client.reports.listByApi(group, service, filter))
          expect(row).toMatchObject({ name: 'orders', callCountSuccess: expect.any(Number) });
        const requests = [];
        for await (const one of client.reports.listByRequest(group, service, filter)) requests.push(one);
        expect(requests.length).toBeGreaterThan(0);
      },
      { timeout: 20_000, interval: 100 },
    );
  }, 30_000);

  it('refuses tokens that are missing, foreign, altered or expired', async () => {
    const later = Date.now() + 3_600_000;
    const wrong = [
      null,
      'Bearer x',
      'GatewayKey nonsense',
      `GatewayKey ${gatewayToken('edge', later, 'another key')}`,
      `GatewayKey ${gatewayToken('elsewhere', later, keys.primary)}`,
      `GatewayKey ${token.replace(/^edge&\d{4}/, 'edge&2999')}`,
    ];
    for (const authorization of wrong) expect((await configuration(authorization)).status).toBe(401);
    const expired = await configuration(`GatewayKey ${gatewayToken('edge', Date.now() - 120_000, keys.primary)}`);
    expect(expired.json.error.message).toBe('The token has expired.');
    expect((await configuration(`GatewayKey ${gatewayToken('edge', later, keys.secondary)}`)).status).toBe(200);
    await expect(
      startRemote(`GatewayKey ${gatewayToken('edge', later, 'another key')}`, join(scratch, 'refused')),
    ).rejects.toThrow(/ended with 1 .*\n?.*(key is another|no gateway)/s);
  });

  it('serves on while the management plane is away, starts from its backup, and is found again', async () => {
    await management.kill();
    const key = { 'Ocp-Apim-Subscription-Key': 'none' };
    expect((await call('/orders/x', key)).status).toBe(401);
    await live(async () => expect((await health()).configurationSource.endpoint).toBe('unreachable'));
    expect((await call('/status-012345678990abcdef')).status).toBe(200);
    await remote.end('SIGKILL');
    remote = await startRemote();
    await remote.until(/started from the backup/);
    expect((await call('/orders/x', key)).status).toBe(401);
    expect((await health()).configurationSource).toMatchObject({ source: 'backup', endpoint: 'unreachable' });
    const folder = join(scratch, 'remote', 'self-hosted');
    const files = await readdir(folder);
    expect(files).toHaveLength(1);
    expect((await stat(join(folder, files[0] ?? ''))).mode & 0o777).toBe(0o600);

    management = await management.restart();
    await live(async () =>
      expect((await health()).configurationSource).toMatchObject({ source: 'endpoint', endpoint: 'connected' }),
    );
    const { client, group, service } = management;
    await client.gatewayApi.createOrUpdate(group, service, 'edge', 'secrets', { parameters: {} });
    await live(async () => expect((await call('/secrets/x')).status).toBe(200));
  }, 60_000);

  it('is cut off when its key is regenerated, and keeps what it has', async () => {
    const { client, group, service } = management;
    await client.gateway.regenerateKey(group, service, 'edge', { keyType: 'primary' });
    await live(async () => expect((await health()).configurationSource.endpoint).toBe('refused'));
    expect((await configuration(`GatewayKey ${token}`)).status).toBe(401);
    expect((await call('/secrets/x')).status).toBe(200);
    await remote.until(/refuses the token/);
  });
});
