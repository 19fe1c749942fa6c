import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HeaderList } from '@lazuli/policies';
import { openStore, type Store } from '@lazuli/store';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Authenticator } from './authenticator.ts';
import { ManagedIdentities } from './managed-identities.ts';
import { SigningKeys } from './signing-keys.ts';

const day = 24 * 60 * 60 * 1000;
let store: Store;
beforeEach(async () => {
  store = await openStore('sqlite::memory:');
});
afterEach(() => store.close());

describe('signing keys', () => {
  it('are replaced after 30 days, verify one day longer, and are secrets of the store', async () => {
    let now = 1_000 * day;
    const keys = new SigningKeys(store, () => now);
    await keys.rotate();
    const first = await keys.current();
    now += 29 * day;
    await keys.rotate();
    expect((await keys.current()).kid).toBe(first.kid);
    now += day;
    await keys.rotate();
    const second = await keys.current();
    expect(second.kid).not.toBe(first.kid);
    expect(await keys.byId(first.kid)).toBeDefined();
    now += 2 * day;
    await keys.rotate();
    expect(await keys.byId(first.kid)).toBeUndefined();
    const record = (await store.list()).items.find((one) => one.body.kid === second.kid);
    expect(record?.secretFields).toEqual(['privateKey']);
    expect(JSON.stringify(record?.body)).not.toContain('PRIVATE');
  });
});

describe('an issuer outside', () => {
  it('is trusted for its own tokens, its keys fetched', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    const server = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const issuer = 'https://login.example/v2.0';
    const keys = new SigningKeys(store, Date.now);
    await keys.rotate();
    const authenticator = new Authenticator({
      managedIdentities: new ManagedIdentities(store),
      store,
      keys,
      tenantId: 't',
      issuers: [{ issuer, jwksUri: `http://127.0.0.1:${port}/keys`, audiences: ['api://lazuli'] }],
      publicUrls: () => ['https://lazuli.example'],
      now: Date.now,
    });
    const token = (audience: string, from = issuer) =>
      new SignJWT({ oid: 'user-1', upn: 'ann@example.com', groups: ['g1'], tid: 'other' })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setIssuer(from)
        .setAudience(audience)
        .setExpirationTime('5m')
        .sign(privateKey);
    const authenticate = (text: string) => {
      const headers = HeaderList.from([['Authorization', `Bearer ${text}`]]);
      return authenticator.authenticate({ headers, localPort: 443 } as never, 'https://lazuli.example');
    };
    try {
      for (const audience of ['api://lazuli', 'https://lazuli.example/'])
        expect(await authenticate(await token(audience))).toMatchObject({
          objectId: 'user-1',
          kind: 'User',
          name: 'ann@example.com',
          groups: ['g1'],
        });
      await expect(authenticate(await token('api://other'))).rejects.toMatchObject({
        code: 'InvalidAuthenticationTokenAudience',
      });
      await expect(authenticate(await token('api://lazuli', 'https://evil.example'))).rejects.toMatchObject({
        code: 'InvalidAuthenticationTokenTenant',
      });
    } finally {
      server.close();
    }
  });
});
