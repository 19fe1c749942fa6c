import { type HttpPort, PolicyError } from '@lazuli/policies';
import { FakeClock, type FakeRequest, type FakeResponse, fakePorts } from '@lazuli/policies/testing';
import { describe, expect, it } from 'vitest';
import { createTokenPort } from './token-port.ts';

const endpoint = { IDENTITY_ENDPOINT: 'http://127.0.0.1:42356/msi/token', IDENTITY_HEADER: 'shared-secret' };
const principal = {
  AZURE_TENANT_ID: 'contoso',
  AZURE_CLIENT_ID: 'app',
  AZURE_CLIENT_SECRET: 'top secret',
  AZURE_AUTHORITY_HOST: 'https://login.example/',
};

function scene(environment: Record<string, string>, answer: (request: FakeRequest, call: number) => FakeResponse) {
  const requests: FakeRequest[] = [];
  const { http } = fakePorts({
    http: (request) => {
      requests.push(request);
      return answer(request, requests.length);
    },
  });
  const clock = new FakeClock();
  return { requests, clock, port: createTokenPort({ environment, http, clock }) };
}

const token = (expiresIn = 3600) => ({ body: JSON.stringify({ access_token: 'abc', expires_in: expiresIn }) });

describe('where tokens come from', () => {
  it('IDENTITY_ENDPOINT', async () => {
    const { port, requests } = scene(endpoint, () => ({ body: '{"access_token":"abc","expires_on":"1900000000"}' }));
    expect(await port.acquire('https://vault.azure.net', 'id-1')).toEqual({
      accessToken: 'abc',
      expiresOn: 1_900_000_000_000,
    });
    expect(requests[0]?.url).toBe(
      'http://127.0.0.1:42356/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net&client_id=id-1',
    );
    expect(requests[0]?.headers.get('X-IDENTITY-HEADER')).toBe('shared-secret');
  });

  it('client credentials', async () => {
    const { port, requests } = scene(principal, () => token());
    await port.acquire('https://storage.azure.com/', null);
    expect([requests[0]?.method, requests[0]?.url]).toEqual([
      'POST',
      'https://login.example/contoso/oauth2/v2.0/token',
    ]);
    expect(requests[0]?.body).toBe(
      'grant_type=client_credentials&client_id=app&client_secret=top+secret&scope=https%3A%2F%2Fstorage.azure.com%2F%2F.default',
    );
  });

  it('the instance metadata service', async () => {
    const { port, requests } = scene({}, () => token());
    await port.acquire('r', null);
    expect(requests[0]?.url).toBe(
      'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=r',
    );
    expect(requests[0]?.headers.get('Metadata')).toBe('true');
  });
});

describe('tokens', () => {
  it('are kept until five minutes before they expire', async () => {
    const { port, requests, clock } = scene(endpoint, () => token());
    await port.acquire('r', null);
    clock.time += 3_299_000;
    expect(port.acquire('r', null)).not.toBeInstanceOf(Promise);
    clock.time += 1_000;
    await port.acquire('r', null);
    expect(requests).toHaveLength(2);
  });

  it('of a short life are renewed when a tenth of it is left', async () => {
    const { port, requests, clock } = scene(endpoint, () => token(100));
    await port.acquire('r', null);
    clock.time += 89_000;
    await port.acquire('r', null);
    clock.time += 1_000;
    await port.acquire('r', null);
    expect(requests).toHaveLength(2);
  });

  it('are fetched once for all who wait', async () => {
    const { port, requests } = scene(endpoint, () => token());
    await Promise.all(Array.from({ length: 50 }, () => port.acquire('r', null)));
    expect(requests).toHaveLength(1);
  });

  it('differ by resource and identity', async () => {
    const { port, requests } = scene(endpoint, () => token());
    await port.acquire('a', null);
    await port.acquire('b', null);
    await port.acquire('a', 'id');
    expect(requests).toHaveLength(3);
  });

  it('are used to their end when the renewal fails, which is not tried all the time', async () => {
    const { port, requests, clock } = scene(endpoint, (_request, call) => (call === 1 ? token() : { status: 500 }));
    await port.acquire('r', null);
    clock.time += 3_400_000;
    for (let i = 0; i < 10; i++) expect((await port.acquire('r', null)).accessToken).toBe('abc');
    expect(requests).toHaveLength(2);
    clock.time += 200_000;
    await expect(port.acquire('r', null)).rejects.toThrow(PolicyError);
  });

  it('that cannot be had are an error without secrets, and asked for again', async () => {
    const { port, requests } = scene(principal, () => ({
      status: 401,
      body: '{"error":"invalid_client","error_description":"AADSTS7000215"}',
    }));
    const error = await Promise.resolve(port.acquire('r', null)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PolicyError);
    expect(String(error)).toContain(
      "No token for 'r' was obtained from https://login.example/contoso/oauth2/v2.0/token",
    );
    expect(String(error)).toContain('status 401, AADSTS7000215');
    expect(String(error)).not.toContain('top secret');
    await expect(port.acquire('r', null)).rejects.toMatchObject({ reason: 'IdentityTokenUnavailable' });
    expect(requests).toHaveLength(2);
  });

  it.each([['not json'], ['[]'], ['{"access_token":5}'], ['null']])('are not read from %s', async (body) => {
    const { port } = scene(endpoint, () => ({ body }));
    await expect(port.acquire('r', null)).rejects.toThrow('no access_token');
  });

  it('are not read from an endless answer', async () => {
    const { port } = scene(endpoint, () => ({ body: 'x'.repeat(300_000) }));
    await expect(port.acquire('r', null)).rejects.toMatchObject({ reason: 'IdentityTokenUnavailable' });
  });

  it('say what to set when there is no identity at all', async () => {
    const http: HttpPort = { send: () => Promise.reject(new Error('connect ETIMEDOUT')) };
    const port = createTokenPort({ environment: {}, http, clock: new FakeClock() });
    await expect(port.acquire('r', null)).rejects.toThrow(/neither IDENTITY_ENDPOINT nor AZURE_TENANT_ID.*ETIMEDOUT/);
  });

  it('of many resources do not fill the memory', async () => {
    const { port, requests } = scene(endpoint, () => token());
    for (let i = 0; i < 1_001; i++) await port.acquire(`r${i}`, null);
    await port.acquire('r1', null);
    await port.acquire('r0', null);
    expect(requests).toHaveLength(1_002);
  });
});
