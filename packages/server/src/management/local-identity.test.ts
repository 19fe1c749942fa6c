import { expect, it } from 'vitest';
import { withLocalIdentity } from './local-identity.ts';

const others = { acquire: async () => ({ accessToken: 'other', expiresOn: 1 }) };

it('signs for the identity of the service, keeps the token, and asks others where it has none', async () => {
  let issued = 0;
  let time = 0;
  const tokens = {
    async issue(id: string, clientId: string | null) {
      if (clientId !== null) return undefined;
      issued++;
      return { token: `${id}-${issued}`, expiresAt: time + 3_600_000 };
    },
  };
  const port = withLocalIdentity(others, tokens, '/service', () => time, {});
  expect(await port.acquire('https://servicebus.azure.net', null)).toMatchObject({ accessToken: '/service-1' });
  expect(await port.acquire('https://servicebus.azure.net', null)).toMatchObject({ accessToken: '/service-1' });
  expect(await port.acquire('https://servicebus.azure.net', 'user')).toMatchObject({ accessToken: 'other' });
  time = 3_400_000;
  expect(await port.acquire('https://servicebus.azure.net', null)).toMatchObject({ accessToken: '/service-2' });
});

it('leaves it to the environment where that says whom to ask', () => {
  const tokens = { issue: async () => undefined };
  for (const environment of [{ IDENTITY_ENDPOINT: 'http://x' }, { AZURE_CLIENT_ID: 'c' }])
    expect(withLocalIdentity(others, tokens, '/service', Date.now, environment)).toBe(others);
});
