import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { type FakeRequest, problemsOf, type RunPolicyInit, runPolicy } from '../testing/index.ts';
import { encryptToken } from '../testing/token-issuer.ts';

const tid = '11111111-2222-3333-4444-555555555555';
const client = 'aaaaaaaa-0000-0000-0000-000000000001';
const api = 'bbbbbbbb-0000-0000-0000-000000000002';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const now = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
function token(claims: object, key: KeyObject = privateKey): string {
  const input = `${base64({ alg: 'RS256', typ: 'JWT', kid: 'k1' })}.${base64({ exp: now + 600, ...claims })}`;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}
const v2 = { iss: `https://login.microsoftonline.com/${tid}/v2.0`, tid, aud: api, azp: client, ver: '2.0' };
const v1 = { iss: `https://sts.windows.net/${tid}/`, tid, aud: `api://${api}`, appid: client, ver: '1.0' };

/** Entra: metadata of one tenant, of `common` and of `organizations`. */
function entra({ url }: FakeRequest) {
  const { host, pathname } = new URL(url);
  if (pathname.endsWith('/keys'))
    return { body: JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] }) };
  const name = pathname.split('/')[1];
  const tenant = name === 'common' || name === 'organizations' ? '{tenantid}' : tid;
  return {
    body: JSON.stringify({
      issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
      jwks_uri: `https://${host}/keys`,
    }),
  };
}

const clients = `<client-application-ids><application-id>${client}</application-id></client-application-ids>`;
async function run(
  bearer: string | null,
  children = clients,
  attributes = `tenant-id="${tid}"`,
  init: RunPolicyInit = {},
) {
  const { status, body, exchange } = await runPolicy(
    { inbound: `<validate-azure-ad-token ${attributes}>${children}</validate-azure-ad-token>` },
    { http: entra, request: bearer === null ? {} : { headers: { Authorization: `Bearer ${bearer}` } }, ...init },
  );
  return { status, body, reason: exchange.lastError?.reason, exchange };
}

describe('validate-azure-ad-token', () => {
  it.each([
    ['v2', v2],
    ['v1', v1],
  ])('accepts a %s token of the tenant', async (_, claims) => {
    expect((await run(token(claims))).status).toBe(200);
  });

  it.each([
    [`tenant-id="contoso.onmicrosoft.com"`, 'https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0/'],
    ['tenant-id="common"', 'https://login.microsoftonline.com/common/v2.0/'],
    [
      'tenant-id="https://login.microsoftonline.com/organizations"',
      'https://login.microsoftonline.com/organizations/v2.0/',
    ],
    [
      `tenant-id="${tid}" authentication-endpoint="https://login.microsoftonline.us/"`,
      `https://login.microsoftonline.us/${tid}/v2.0/`,
    ],
    [
      `tenant-id="${tid}" authentication-endpoint="https://login-microsoftonline.com"`,
      `https://login.microsoftonline.com/${tid}/v2.0/`,
    ],
  ])('%s takes the keys from %s', async (attributes, prefix) => {
    const { status, exchange } = await run(token(v2), clients, attributes);
    expect([status, exchange.ports.httpRequests[0]?.url]).toEqual([200, `${prefix}.well-known/openid-configuration`]);
  });

  it('answers without a token as validate-jwt does', async () => {
    const { status, body, reason } = await run(null);
    expect([status, body, reason]).toEqual([
      401,
      '{ "statusCode": 401, "message": "JWT not present." }',
      'TokenNotPresent',
    ]);
  });

  it('says nothing else about a bad token, unless told to', async () => {
    expect((await run(token(v2).slice(0, -5))).body).toBe('{ "statusCode": 401, "message": "Invalid JWT." }');
    const own = await run(
      'x',
      clients,
      `tenant-id="${tid}" failed-validation-httpcode="403" failed-validation-error-message="No."`,
    );
    expect([own.status, own.body]).toEqual([403, '{ "statusCode": 403, "message": "No." }']);
  });

  it.each([
    [
      'of another tenant',
      { ...v2, iss: 'https://login.microsoftonline.com/other/v2.0', tid: 'other' },
      'TokenIssuerNotAllowed',
    ],
    ['of another tenant, v1', { ...v1, iss: 'https://sts.windows.net/other/', tid: 'other' }, 'TokenIssuerNotAllowed'],
    ['of another client', { ...v2, azp: 'someone' }, 'TokenClaimValueNotAllowed'],
    ['without a client', { ...v2, azp: undefined }, 'TokenClaimNotFound'],
    ['that is over', { ...v2, exp: now - 1 }, 'TokenExpired'],
    ['without an end', { ...v2, exp: undefined }, 'TokenExpired'],
  ])('refuses a token %s', async (_, claims, reason) => {
    expect((await run(token(claims))).reason).toBe(reason);
  });

  it('refuses a token that somebody else signed', async () => {
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect((await run(token(v2, stranger))).reason).toBe('TokenSignatureInvalid');
  });

  it('binds the issuer to the tenant of the token where several tenants are allowed', async () => {
    expect((await run(token({ ...v2, tid: 'other' }), clients, 'tenant-id="common"')).reason).toBe(
      'TokenIssuerNotAllowed',
    );
  });

  it('takes personal accounts for common, not for organizations', async () => {
    const personal = '9188040d-6c67-4c5b-b112-36a304b66dad';
    const claims = { ...v2, tid: personal, iss: `https://login.microsoftonline.com/${personal}/v2.0` };
    expect((await run(token(claims), clients, 'tenant-id="common"')).status).toBe(200);
    expect((await run(token(claims), clients, 'tenant-id="organizations"')).reason).toBe('TokenIssuerNotAllowed');
  });

  it('checks audiences; a backend application is one', async () => {
    const audience = `${clients}<audiences><audience>api://x</audience></audiences>`;
    expect((await run(token(v2), audience)).reason).toBe('TokenAudienceNotAllowed');
    expect((await run(token({ ...v2, aud: 'api://x' }), audience)).status).toBe(200);
    const backend = `<backend-application-ids><application-id>${api}</application-id></backend-application-ids>${clients}`;
    expect([(await run(token(v2), backend)).status, (await run(token(v1), backend)).status]).toEqual([200, 200]);
  });

  it('checks claims', async () => {
    const claim = '<required-claims><claim name="roles" match="any"><value>admin</value></claim></required-claims>';
    expect((await run(token(v2), clients + claim)).reason).toBe('TokenClaimNotFound');
    expect((await run(token({ ...v2, roles: ['user', 'admin'] }), clients + claim)).status).toBe(200);
  });

  it('finds the token elsewhere and stores it', async () => {
    const { status, exchange } = await run(
      null,
      clients,
      `tenant-id="${tid}" header-name="X-Token" output-token-variable-name="jwt"`,
      { request: { headers: { 'X-Token': token(v2) } } },
    );
    expect([status, exchange.variables.has('jwt')]).toEqual([200, true]);
  });

  it('refuses the request when the keys cannot be had', async () => {
    expect((await run(token(v2), clients, undefined, { http: () => ({ status: 500 }) })).reason).toBe(
      'TokenSignatureKeyNotFound',
    );
  });

  it('a tenant from an expression cannot lead elsewhere', async () => {
    const { reason, exchange } = await run(token(v2), clients, 'tenant-id="@("../evil?")"');
    expect([reason, exchange.ports.httpRequests]).toEqual(['JwtInvalid', []]);
  });

  it('refuses what cannot be', () => {
    const problems = (attributes: string, children = clients) =>
      problemsOf({ inbound: `<validate-azure-ad-token ${attributes}>${children}</validate-azure-ad-token>` });
    expect(problems(`tenant-id="${tid}"`, '')).toHaveLength(1);
    expect(problems('tenant-id="a b"')).toHaveLength(1);
    expect(problems('')).toHaveLength(1);
    expect(problems(`tenant-id="${tid}" header-name="a" token-value="b"`)).toHaveLength(1);
    for (const value of ['true', '@(true)'])
      expect(problems(`tenant-id="${tid}" allow-protected-forwarded-tokens="${value}"`)).toEqual([
        expect.stringContaining('not supported'),
      ]);
    expect(problems(`tenant-id="${tid}" allow-protected-forwarded-tokens="false"`)).toEqual([]);
  });

  it('opens encrypted tokens with the decryption keys', async () => {
    const secret = randomBytes(32);
    const children = `${clients}<decryption-keys><key>${secret.toString('base64')}</key></decryption-keys>`;
    const encrypted = await encryptToken(token(v2), secret, 'A256KW');
    expect((await run(encrypted, children)).status).toBe(200);
    expect((await run(encrypted)).reason).toBe('JwtInvalid');
  });
});

describe('proof-of-possession tokens', () => {
  const proof = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = proof.publicKey.export({ format: 'jwk' });
  const attributes = `tenant-id="${tid}" allow-proof-of-possession-tokens="true" output-token-variable-name="jwt"`;
  const bound = async () => token({ ...v2, cnf: { kid: await calculateJwkThumbprint(jwk) } });
  const fitting = { ts: now, m: 'GET', u: 'gateway.example', p: '/orders/42', cnf: { jwk } };

  function signedRequest(claims: object, key: KeyObject = proof.privateKey): string {
    const input = `${base64({ alg: 'ES256', typ: 'pop' })}.${base64(claims)}`;
    return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }
  const send = (text: string, own = attributes) =>
    run(null, clients, own, { request: { headers: { Authorization: `PoP ${text}` } } });

  it('are accepted with a proof of the key that they name, or hold', async () => {
    const named = await send(signedRequest({ at: await bound(), ...fitting }));
    expect([named.status, named.exchange.variables.has('jwt')]).toEqual([200, true]);
    const held = token({ ...v2, cnf: { jwk } });
    expect((await send(signedRequest({ at: held, ...fitting, cnf: undefined }))).status).toBe(200);
    expect(
      (await send(signedRequest({ at: held, ...fitting, u: 'GATEWAY.example:443', p: 'orders/42/' }))).status,
    ).toBe(200);
  });

  it('are refused unless they are allowed, when bearer tokens still are', async () => {
    expect((await send(signedRequest({ at: await bound(), ...fitting }), `tenant-id="${tid}"`)).status).toBe(401);
    expect((await run(token(v2), clients, attributes)).status).toBe(200);
  });

  it.each<[string, object, string]>([
    ['another method', { m: 'POST' }, 'JwtInvalid'],
    ['another host', { u: 'other.example' }, 'JwtInvalid'],
    ['another path', { p: '/orders/43' }, 'JwtInvalid'],
    ['no path', { p: undefined }, 'JwtInvalid'],
    ['no time', { ts: undefined }, 'JwtInvalid'],
    ['a time long past', { ts: now - 301 }, 'TokenExpired'],
    ['a time to come', { ts: now + 301 }, 'JwtInvalid'],
    ['no key', { cnf: undefined }, 'JwtInvalid'],
    ['a key that is none', { cnf: { jwk: { kty: 'EC' } } }, 'JwtInvalid'],
    [
      'another key',
      { cnf: { jwk: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) } },
      'TokenSignatureInvalid',
    ],
  ])('are refused with a proof for %s', async (_, claims, reason) => {
    expect((await send(signedRequest({ at: await bound(), ...fitting, ...claims }))).reason).toBe(reason);
  });

  it('are refused when somebody else signed the request, or the access token', async () => {
    const thief = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    expect((await send(signedRequest({ at: await bound(), ...fitting }, thief))).reason).toBe('TokenSignatureInvalid');
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const forged = token({ ...v2, cnf: { jwk } }, stranger);
    expect((await send(signedRequest({ at: forged, ...fitting }))).reason).toBe('TokenSignatureInvalid');
    expect((await send(signedRequest({ at: token(v2), ...fitting }))).reason).toBe('JwtInvalid');
  });
});
