import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SigningKeys } from './signing-keys.ts';

/** How long a token of the built-in authority is good. */
export const accessTokenSeconds = 3600;

export interface AccessTokenFacts {
  readonly principal: { readonly appId: string; readonly objectId: string; readonly displayName: string };
  readonly tenantId: string;
  readonly audience: string;
  readonly issuer: string;
  readonly version: '1.0' | '2.0';
  /** Seconds since 1970. */
  readonly issuedAt: number;
}

/** Signs an access token with the claims that Microsoft Entra gives to applications ("Access token claims reference"). */
export async function signAccessToken(keys: SigningKeys, facts: AccessTokenFacts): Promise<string> {
  const { principal, issuedAt } = facts;
  const { kid, key } = await keys.current();
  return new SignJWT({
    aud: facts.audience,
    iss: facts.issuer,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + accessTokenSeconds,
    appid: principal.appId,
    azp: principal.appId,
    appidacr: '1',
    app_displayname: principal.displayName,
    idtyp: 'app',
    oid: principal.objectId,
    sub: principal.objectId,
    tid: facts.tenantId,
    uti: randomUUID(),
    ver: facts.version,
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid, x5t: kid })
    .sign(key);
}
