import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientCertificateCredential } from '@azure/identity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedManagement, serveManagement } from './kit.ts';

let served: ServedManagement;
let ahead = 0;
let appId: string;
let secret: string;
beforeEach(async () => {
  ahead = 0;
  served = await serveManagement({ now: () => Date.now() + ahead });
  const application = await served.management.applications.create('reader');
  appId = application.appId;
  ({ secretText: secret } = await served.management.applications.addPassword(appId));
  await served.management.assignRole({
    principalId: application.objectId,
    role: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    scope: '/',
  });
});
afterEach(() => served.stop());

const subscriptions = '/subscriptions?api-version=2022-12-01';
const ask = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  served.send('POST', path, {
    credential: null,
    body: new URLSearchParams(form).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
  });
const grant = (extra: Record<string, string> = {}) => ({
  grant_type: 'client_credentials',
  client_id: appId,
  client_secret: secret,
  scope: `${served.url}//.default`,
  ...extra,
});
const use = (token: string) =>
  served.send('GET', subscriptions, { credential: null, headers: { Authorization: `Bearer ${token}` } });

describe('the built-in authority', () => {
  it('says at /adfs and at the tenant where its endpoints are', async () => {
    const adfs = await served.send('GET', '/adfs/.well-known/openid-configuration', { credential: null });
    expect(adfs.json).toMatchObject({
      issuer: `${served.url}/adfs`,
      token_endpoint: `${served.url}/adfs/oauth2/token`,
    });
    const tenant = served.management.tenantId;
    const v2 = await served.send('GET', `/${tenant}/v2.0/.well-known/openid-configuration`, { credential: null });
    expect(v2.json.issuer).toBe(`${served.url}/${tenant}/v2.0`);
    const keys = await served.send('GET', new URL(v2.json.jwks_uri).pathname, { credential: null });
    expect(keys.json.keys).toMatchObject([{ kty: 'RSA', alg: 'RS256', use: 'sig' }]);
    expect(keys.text).not.toContain('"d"');
    const discovery = await served.send('GET', '/common/discovery/instance?api-version=1.1', { credential: null });
    expect(discovery.json.metadata[0].aliases).toEqual([new URL(served.url).host]);
    const other = await served.send('GET', '/11111111-1111-1111-1111-111111111111/.well-known/openid-configuration', {
      credential: null,
    });
    expect([other.status, other.json.error_codes]).toEqual([400, [90002]]);
  });

  it('gives tokens for a secret, by either version of the endpoint and either way to send it', async () => {
    const tenant = served.management.tenantId;
    const basic = `Basic ${Buffer.from(`${appId}:${secret}`).toString('base64')}`;
    const answers = [
      await ask('/adfs/oauth2/token', grant()),
      await ask(`/${tenant}/oauth2/v2.0/token`, grant()),
      await ask(`/${tenant}/oauth2/token`, { ...grant(), resource: 'https://management.azure.com/' }),
      await ask(
        `/${tenant}/oauth2/v2.0/token`,
        { grant_type: 'client_credentials', scope: `${served.url}/.default` },
        { Authorization: basic },
      ),
    ];
    for (const answer of answers) {
      expect([answer.status, answer.json.token_type, answer.headers['cache-control']]).toEqual([
        200,
        'Bearer',
        'no-store',
      ]);
      expect((await use(answer.json.access_token)).json.value).toHaveLength(1);
    }
    const [, payload = ''] = answers[0]?.json.access_token.split('.') ?? [];
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      aud: `${served.url}/`,
      appid: appId,
      idtyp: 'app',
    });
  });

  it.each([
    ['a wrong secret', { client_secret: 'nonsense' }, 401, 'invalid_client', 7000215],
    ['an unknown client', { client_id: '22222222-2222-2222-2222-222222222222' }, 400, 'unauthorized_client', 700016],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['a scope without .default', { scope: 'https://localhost/user' }, 400, 'invalid_scope', 1002012],
    ['no scope', { scope: '' }, 400, 'invalid_request', 900144],
  ])('refuses %s as Entra ID does', async (_, extra, status, error, code) => {
    const answer = await ask('/adfs/oauth2/token', grant(extra));
    expect([answer.status, answer.json.error, answer.json.error_codes]).toEqual([status, error, [code]]);
    expect(answer.json.error_description).toContain(`AADSTS${code}`);
  });

  it('locks a client out that fails too often, for a minute, from its address', async () => {
    for (let tries = 0; tries < 10; tries++)
      expect((await ask('/adfs/oauth2/token', grant({ client_secret: `guess ${tries}` }))).status).toBe(401);
    const locked = await ask('/adfs/oauth2/token', grant());
    expect([locked.status, Number(locked.headers['retry-after']) > 0]).toEqual([429, true]);
    ahead += 61_000;
    expect((await ask('/adfs/oauth2/token', grant())).status).toBe(200);
  });

  it('refuses secrets that have expired or were removed', async () => {
    const { credential } = await served.management.applications.addPassword(appId, { days: 1 });
    await served.management.applications.removePassword(appId, credential.keyId);
    expect((await ask('/adfs/oauth2/token', grant())).status).toBe(200);
    ahead += 366 * 24 * 60 * 60 * 1000;
    const answer = await ask('/adfs/oauth2/token', grant());
    expect([answer.status, answer.json.error_codes]).toEqual([401, [7000222]]);
  });

  it('takes certificates: @azure/identity signs the assertion', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazuli-assertion-'));
    try {
      const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
      const subject = ['-subj', '/CN=reader', '-days', '2', '-keyout', key, '-out', certificate];
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], { stdio: 'ignore' });
      const both = join(folder, 'both.pem');
      writeFileSync(both, readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'));
      const options = { authorityHost: served.url, disableInstanceDiscovery: true, tlsOptions: { ca: served.ca } };
      const credential = new ClientCertificateCredential(served.management.tenantId, appId, both, options);
      await expect(credential.getToken(`${served.url}/.default`)).rejects.toThrow(/700027/);
      await served.management.applications.addCertificate(appId, readFileSync(certificate, 'utf8'));
      const token = await credential.getToken(`${served.url}/.default`);
      expect((await use(token.token)).status).toBe(200);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('tokens', () => {
  const token = async () => (await ask('/adfs/oauth2/token', grant())).json.access_token as string;
  const refusal = async (text: string) => {
    const answer = await use(text);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('error=');
    return answer.json.error.code;
  };

  it('end with their time, and with their application', async () => {
    const one = await token();
    expect((await use(one)).status).toBe(200);
    ahead += 3_601_000;
    expect(await refusal(one)).toBe('ExpiredAuthenticationToken');
    const other = await token();
    await served.management.applications.delete(appId);
    expect(await refusal(other)).toBe('InvalidAuthenticationToken');
  });

  it('are refused when they are for somebody else, changed, or none at all', async () => {
    const elsewhere = await ask('/adfs/oauth2/token', grant({ scope: 'https://vault.example/.default' }));
    expect(await refusal(elsewhere.json.access_token)).toBe('InvalidAuthenticationTokenAudience');
    const [header = '', payload = '', signature = ''] = (await token()).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(await refusal(`${header}.${encode({ ...claims, oid: 'x' })}.${signature}`)).toBe(
      'InvalidAuthenticationToken',
    );
    expect(
      await refusal(
        `${encode({ alg: 'none', kid: JSON.parse(Buffer.from(header, 'base64url').toString()).kid })}.${payload}.`,
      ),
    ).toBe('InvalidAuthenticationToken');
    expect(await refusal(`${encode({ alg: 'HS256' })}.${encode({ iss: 'https://evil.example' })}.${signature}`)).toBe(
      'InvalidAuthenticationTokenTenant',
    );
    expect(await refusal('a.b.c')).toBe('InvalidAuthenticationToken');
    expect(await refusal('x'.repeat(20_000))).toBe('InvalidAuthenticationToken');
  });
});

describe('managed identities', () => {
  const id = (name: string) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/${name}`;
  const dataAction = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read';
  const put = (name: string, identity?: Record<string, unknown>) =>
    served.management.services.store.change([
      {
        operation: 'put',
        id: id(name),
        type: 'Microsoft.ApiManagement/service',
        body: { properties: {}, ...(identity === undefined ? {} : { identity: identity as never }) },
      },
    ]);

  it('are signed for as themselves, for other services only, and end with their resource', async () => {
    const { tokens, services } = served.management;
    const objectId = '11111111-2222-3333-4444-555555555555';
    const user = {
      principalId: '61111111-2222-3333-4444-555555555555',
      clientId: 'c1111111-2222-3333-4444-555555555555',
    };
    await put('with', {
      type: 'SystemAssigned, UserAssigned',
      principalId: objectId,
      userAssignedIdentities: { '/identities/u': user },
    });
    await put('without');
    services.wrote(['Microsoft.ApiManagement/service']);
    const audience = 'https://servicebus.azure.net';
    expect(await tokens.issue(id('without'), null, audience)).toBeUndefined();
    expect(await tokens.issue(id('with'), 'someone', audience)).toBeUndefined();
    const issued = await tokens.issue(id('WITH'), null, audience);
    const principal = await tokens.verify(issued?.token ?? '', [audience]);
    expect(principal).toMatchObject({ objectId, kind: 'ServicePrincipal' });
    const asUser = await tokens.issue(id('with'), user.clientId.toUpperCase(), audience);
    expect(await tokens.verify(asUser?.token ?? '', [audience])).toMatchObject({ objectId: user.principalId });
    expect((await use(issued?.token ?? '')).status).toBe(401);

    let told = 0;
    tokens.onRolesChanged(() => told++);
    expect(await tokens.allowsData(principal, dataAction, id('with'))).toBe(false);
    const { json } = await served.send(
      'PUT',
      `/subscriptions/${served.management.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/aaaaaaaa-0000-0000-0000-000000000001?api-version=2022-04-01`,
      {
        body: {
          properties: {
            roleName: 'Blob reader',
            permissions: [{ actions: [], dataActions: [dataAction] }],
            assignableScopes: [`/subscriptions/${served.management.subscriptionId}`],
          },
        },
      },
    );
    expect(json.name).toBe('aaaaaaaa-0000-0000-0000-000000000001');
    await served.management.assignRole({ principalId: objectId, role: json.name, scope: id('with') });
    expect(told).toBeGreaterThan(0);
    expect(await tokens.allowsData(principal, dataAction, id('with'))).toBe(true);
    expect(await tokens.allowsData(principal, dataAction, id('without'))).toBe(false);

    await services.store.change([{ operation: 'delete', id: id('with') }]);
    services.wrote(['Microsoft.ApiManagement/service']);
    await expect(tokens.verify(issued?.token ?? '', [audience])).rejects.toThrow('does not exist any more');
  });
});
