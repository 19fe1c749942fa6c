import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalAuthority } from '@lazuli/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ManagedServer, startApiManagement } from './api-management-server.ts';
import type { Answer } from './kit.ts';

/** Templates as teams have them, ours; each is checked, deployed, and some are called. */
const templates = new URL('./templates/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(`${name}.json`, templates), 'utf8');

let managed: ManagedServer;
let files: Server;
let filesUrl: string;
let requested: string[];
let certificate: string;
beforeAll(async () => {
  vi.stubEnv('LAZULI_NAMED_VALUE_VAULT_WORD', 'from the environment');
  const folder = await mkdtemp(join(tmpdir(), 'lazuli-templates-'));
  const pair = await (await openLocalAuthority(folder)).serverCertificate(['mutual.contoso.example']);
  certificate = `${pair.certificatePem}\n${pair.privateKeyPem}`;
  await rm(folder, { recursive: true });
  vi.stubEnv('LAZULI_CERTIFICATE_VAULT_CERTIFICATE_DATA', certificate);
  requested = [];
  files = createServer((incoming, outgoing) => {
    requested.push(incoming.url ?? '');
    const text = served[incoming.url ?? ''];
    outgoing.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
  filesUrl = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  managed = await startApiManagement();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await managed?.stop();
  files?.close();
});

const answer = (text: string) =>
  `<policies><inbound><base /><return-response><set-body>${text}</set-body></return-response></inbound></policies>`;
const served: Readonly<Record<string, string>> = {
  '/policy.xml': answer('@("fetched " + "once")'),
  '/openapi.json': JSON.stringify({
    openapi: '3.0.1',
    info: { title: 'Specified', version: '1' },
    paths: { '/there': { get: { operationId: 'there', responses: { 200: { description: 'ok' } } } } },
  }),
  '/linked-child.json': read('linked-child'),
};

interface Case {
  readonly template: string;
  readonly parameters?: () => Readonly<Record<string, unknown>>;
  readonly scope?: 'subscription';
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const owner = () => ({ ownerEmail: 'owner@contoso.example', ownerName: 'Contoso' });
const guid = /^[0-9a-f-]{36}$/;
const base64Pfx = () => ({ ...owner(), gatewayHost: 'api.contoso.example', pfx: 'cGZ4', pfxPassword: 'secret-pfx' });

const cases: readonly Case[] = [
  {
    template: 'service-defaults',
    parameters: owner,
    outputs: {
      gatewayUrl: 'https://harbour.azure-api.net',
      portalUrl: 'https://harbour.portal.azure-api.net',
      developerPortalUrl: 'https://harbour.developer.azure-api.net',
      scmUrl: 'https://harbour.scm.azure-api.net',
      publicIPAddresses: ['127.0.0.1'],
      outboundPublicIPAddresses: ['127.0.0.1'],
    },
  },
  { template: 'service-text-capacity' },
  {
    template: 'service-identity',
    parameters: owner,
    outputs: { principalId: expect.stringMatching(guid), tenantId: expect.stringMatching(guid) },
  },
  { template: 'service-network', parameters: owner },
  { template: 'service-custom-domains', parameters: base64Pfx, outputs: { host: 'api.contoso.example' } },
  { template: 'nested-children', parameters: owner },
  { template: 'former-properties', parameters: () => ({ greeting: 'ahoy' }) },
  { template: 'flat-bodies' },
  { template: 'former-version-sets' },
  {
    template: 'former-subscriptions',
    parameters: () => ({ key: 'k'.repeat(32) }),
    outputs: { secret: 'k'.repeat(32) },
  },
  { template: 'policies-of-one-template' },
  { template: 'key-vault-named-value' },
  { template: 'key-vault-certificate' },
  {
    template: 'exported-service',
    parameters: () => ({ users_1_lastName: 'Wharfinger', subscriptions_master_displayName: 'All' }),
  },
  { template: 'linked-master', parameters: () => ({ baseUrl: filesUrl }) },
  { template: 'policy-links', parameters: () => ({ baseUrl: filesUrl }) },
  { template: 'openapi-inline' },
  { template: 'copies-and-conditions', parameters: () => ({ withTags: true }), outputs: { names: ['spring', 'neap'] } },
  { template: 'identity-providers', parameters: () => ({ secret: 'client' }) },
  { template: 'former-diagnostics' },
  { template: 'diagnostics' },
  { template: 'self-hosted-gateways' },
  { template: 'extension-resources', parameters: () => ({ reader: '11111111-1111-4111-8111-111111111111' }) },
  { template: 'subscription-scope', scope: 'subscription' },
  { template: 'bicep-symbolic', outputs: { url: 'https://contoso.azure-api.net' } },
  { template: 'backend-pool' },
  { template: 'graphql-and-websocket' },
  {
    template: 'service-bus-entities',
    parameters: () => ({ busName: 'harbour-bus' }),
    outputs: {
      endpoint: 'https://harbour-bus.servicebus.windows.net:443/',
      rootConnection: expect.stringMatching(
        /^Endpoint=sb:\/\/harbour-bus\.servicebus\.windows\.net\/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=[\w+/]{43}=$/,
      ),
      pilotKeyName: 'pilot',
      clerkConnection: expect.stringMatching(/;EntityPath=manifests$/),
      deliveries: 10,
    },
  },
];

describe('templates', () => {
  it.each(cases)('$template is valid, and is deployed', async (one) => {
    requested.length = 0;
    const validated = await send(managed, one, 'validate');
    expect(validated.json?.error ?? validated.status).toBe(200);
    if (one.template === 'policy-links') expect(requested).toEqual([]);
    const properties = await deployed(managed, one);
    expect(properties).toMatchObject({ provisioningState: 'Succeeded' });
    const outputs = Object.entries<{ value: unknown }>(properties.outputs ?? {}).map(([name, { value }]) => [
      name,
      value,
    ]);
    expect(Object.fromEntries(outputs)).toMatchObject(one.outputs ?? {});
    // A second time, over what is there now.
    const again = await send(managed, one, 'validate');
    expect(again.json?.error ?? again.status).toBe(200);
  });

  it('make entities of Service Bus, whatever the age of their types and values', async () => {
    const bus = `${managed.servicePath.replace(/Microsoft\.ApiManagement.*/, '')}Microsoft.ServiceBus/namespaces/harbour-bus`;
    const get = async (path: string) => (await managed.send('GET', `${bus}/${path}?api-version=2024-01-01`)).json;
    expect((await get('queues/manifests')).properties).toMatchObject({
      lockDuration: 'PT5M',
      maxSizeInMegabytes: 1024,
      requiresSession: true,
      maxDeliveryCount: 10,
    });
    expect((await get('queues/berths~north')).properties.forwardDeadLetteredMessagesTo).toBe('manifests');
    expect((await get('topics/arrivals/subscriptions')).value).toMatchObject([
      { name: 'grain', properties: { forwardTo: 'berths/north', maxDeliveryCount: 5 } },
      { name: 'timber' },
    ]);
    expect((await get('topics/arrivals/subscriptions/timber/rules')).value).toMatchObject([
      {
        name: '$Default',
        properties: {
          sqlFilter: { sqlExpression: "cargo = 'timber'" },
          action: { sqlExpression: 'SET checked = FALSE' },
        },
      },
    ]);
    expect((await get('authorizationRules')).value).toHaveLength(2);
  });

  it.each([
    ['dock', '/tides/today', 'high water'],
    ['contoso', '/greet/hello', 'ahoy'],
    ['contoso', '/charts/v2/list', 'second edition'],
    ['contoso', '/fees/b7', 'b7 pays 25'],
    ['contoso', '/word', 'from the environment'],
    ['contoso', '/remote', 'fetched once'],
    ['contoso', '/moorings/free', 'moored'],
    ['wharf', '/echo/resource', 'exported Read'],
  ])('%s answers %s as its template says', async (service, path, expected) => {
    expect(await call(service, path)).toEqual([200, expected]);
  });

  it('a key that an older template gave opens the product of its subscription', async () => {
    expect((await call('contoso', '/catch'))[0]).toBe(401);
    expect(await call('contoso', '/catch', { 'Ocp-Apim-Subscription-Key': 'k'.repeat(32) })).toEqual([200, 'Marlin']);
  });

  it('secrets of domains are not answered, nor are those that stand for Key Vault', async () => {
    const scope = managed.servicePath.replace(/[^/]+$/, '');
    const domains = await managed.send('GET', `${scope}buoy?api-version=2022-08-01`);
    expect(domains.text).not.toMatch(/secret-pfx|cGZ4/);
    const named = `${managed.servicePath}/namedValues`;
    const read = await managed.send('GET', `${named}/vault-word?api-version=2022-08-01`);
    expect(read.json.properties).toMatchObject({ secret: true, keyVault: { lastStatus: { code: 'Success' } } });
    expect(read.text).not.toContain('from the environment');
    const absent = await managed.send('GET', `${named}/vault-absent?api-version=2022-08-01`);
    expect(absent.json.properties.keyVault.lastStatus).toMatchObject({
      code: 'Error',
      message: expect.stringContaining('LAZULI_NAMED_VALUE_VAULT_ABSENT'),
    });
    vi.stubEnv('LAZULI_NAMED_VALUE_VAULT_ABSENT', 'there now');
    await managed.send('POST', `${named}/vault-absent/refreshSecret?api-version=2022-08-01`);
    const value = await managed.send('POST', `${named}/vault-absent/listValue?api-version=2022-08-01`);
    expect(value.json.value).toBe('there now');
  });

  it('the former name of a type leads to the resource under its name of today', async () => {
    const former = await managed.send('GET', `${managed.servicePath}/properties/greeting?api-version=2019-01-01`);
    expect([former.status, former.json.type]).toEqual([200, 'Microsoft.ApiManagement/service/namedValues']);
  });

  it('a linked template that cannot be reached is told, not refused, until it is deployed', async () => {
    const one = { template: 'linked-master', parameters: () => ({ baseUrl: 'http://127.0.0.1:9' }) };
    const validated = await send(managed, one, 'validate');
    expect(validated.status).toBe(200);
    expect(validated.json.properties.diagnostics).toMatchObject([
      { level: 'Warning', code: 'NestedDeploymentShortCircuited', target: 'http://127.0.0.1:9/linked-child.json' },
    ]);
    const properties = await deployed(managed, one);
    expect(JSON.stringify(properties.error)).toMatch(/InvalidContentLink.*127\.0\.0\.1:9/);
    const missing = await send(managed, { ...one, parameters: () => ({ baseUrl: `${filesUrl}/no` }) }, 'validate');
    expect([missing.status, missing.json.error.code]).toEqual([400, 'InvalidContentLink']);
  });

  it('a template at a link is deployed, and exported as it was', async () => {
    const path = deploymentPath(managed, { template: 'linked-child' });
    const properties = { mode: 'Incremental', templateLink: { uri: `${filesUrl}/linked-child.json` } };
    const parameters = { apimName: { value: 'contoso' }, valueName: { value: 'top-link' } };
    await managed.send('PUT', `${path}?api-version=2022-09-01`, {
      body: { properties: { ...properties, parameters } },
    });
    expect(await ended(managed, path)).toMatchObject({ provisioningState: 'Succeeded' });
    const exported = await managed.send('POST', `${path}/exportTemplate?api-version=2022-09-01`);
    expect(exported.json.template).toEqual(JSON.parse(read('linked-child')));
  });

  it('what a template has wrong is still found, beside what only refers to what is not there', async () => {
    const policy = (value: string) => ({
      type: 'Microsoft.ApiManagement/service/policies',
      apiVersion: '2022-08-01',
      name: 'contoso/policy',
      properties: { format: 'rawxml', value },
    });
    const validate = (value: string) =>
      managed.send('POST', `${deploymentPath(managed, { template: 'x' })}/validate?api-version=2022-09-01`, {
        body: {
          properties: {
            mode: 'Incremental',
            template: { ...JSON.parse(read('flat-bodies')), resources: [policy(value)] },
          },
        },
      });
    const inbound = (text: string) => `<policies><inbound>${text}</inbound></policies>`;
    expect((await validate(inbound('<include-fragment fragment-id="elsewhere" />'))).status).toBe(200);
    const wrong = await validate(inbound('<no-such-policy />'));
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('no-such-policy')]);
  });

  it('types that are not served are refused by name, all in one answer', async () => {
    const refused = await send(managed, { template: 'unknown-types', parameters: () => ({ word: 'w' }) }, 'validate');
    expect([refused.status, refused.json.error.code]).toEqual([400, 'InvalidTemplateDeployment']);
    expect(refused.json.error.details.map(({ target }: { target: string }) => target)).toEqual([
      'Microsoft.Insights/components',
      'Microsoft.Insights/diagnosticSettings',
      'Microsoft.KeyVault/vaults',
      'Microsoft.KeyVault/vaults/secrets',
    ]);
  });

  it('are kept as they are, without what looks secret, by a server that is told to', async () => {
    const recording = await startApiManagement('contoso', { recordUnknownResources: true });
    try {
      const one = { template: 'unknown-types', parameters: () => ({ word: 'open-sesame' }) };
      expect((await send(recording, one, 'validate')).status).toBe(200);
      expect(await deployed(recording, one)).toMatchObject({ provisioningState: 'Succeeded' });
      const group = recording.servicePath.replace(/\/providers.*/, '');
      const vault = await recording.send(
        'GET',
        `${group}/providers/Microsoft.KeyVault/vaults/strongbox?api-version=2023-07-01`,
      );
      expect(vault.json).toMatchObject({
        type: 'Microsoft.KeyVault/vaults',
        location: 'westeurope',
        properties: { sku: { family: 'A' }, provisioningState: 'Succeeded' },
      });
      const secret = await recording.send('GET', `${vault.json.id}/secrets/word?api-version=2023-07-01`);
      expect([secret.status, secret.text.includes('open-sesame')]).toEqual([200, false]);
    } finally {
      await recording.stop();
    }
  });
});

function deploymentPath({ servicePath }: ManagedServer, { template, scope }: Case): string {
  const at =
    scope === 'subscription' ? servicePath.replace(/\/resourceGroups.*/, '') : servicePath.replace(/\/providers.*/, '');
  return `${at}/providers/Microsoft.Resources/deployments/${template}`;
}

function send(server: ManagedServer, one: Case, what: 'validate' | 'create'): Promise<Answer> {
  const given = Object.entries(one.parameters?.() ?? {}).map(([name, value]) => [name, { value }]);
  const properties = {
    mode: 'Incremental',
    template: JSON.parse(read(one.template)),
    parameters: Object.fromEntries(given),
  };
  const body = { properties, ...(one.scope === 'subscription' ? { location: 'westeurope' } : {}) };
  const path = deploymentPath(server, one);
  return what === 'validate'
    ? server.send('POST', `${path}/validate?api-version=2022-09-01`, { body })
    : server.send('PUT', `${path}?api-version=2022-09-01`, { body });
}

async function deployed(server: ManagedServer, one: Case) {
  const started = await send(server, one, 'create');
  expect(started.json?.error ?? started.status).toSatisfy((status) => status === 200 || status === 201);
  return ended(server, deploymentPath(server, one));
}

// biome-ignore lint/suspicious/noExplicitAny: the properties of a deployment, of which tests assert parts
async function ended(server: ManagedServer, path: string): Promise<any> {
  return vi.waitUntil(
    async () => {
      const { json } = await server.send('GET', `${path}?api-version=2022-09-01`);
      return /^(Succeeded|Failed|Canceled)$/.test(json.properties.provisioningState) ? json.properties : undefined;
    },
    { timeout: 15_000, interval: 20 },
  );
}

/** Asks the gateway until the change has reached it: publishing follows the deployment. */
function call(service: string, path: string, headers: Record<string, string> = {}) {
  const once = () =>
    new Promise<readonly [number, string]>((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: managed.gatewayPort,
          path,
          headers: { ...headers, Host: `${service}.azure-api.net` },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () => resolve([incoming.statusCode ?? 0, Buffer.concat(chunks).toString()]));
        },
      );
      outgoing.on('error', reject).end();
    });
  return vi.waitUntil(async () => {
    const found = await once();
    return found[0] === 404 ? undefined : found;
  }, 10_000);
}
