import type { InboundRequest } from '@lazuli/http';
import type { Store } from '@lazuli/store';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { RecordCache } from '../caching/record-cache.ts';
import type { Principal } from '../contract.ts';
import { ArmError, armError } from '../errors.ts';
import { stringAt } from '../json/json.ts';
import { applicationType } from './applications.ts';
import type { ManagedIdentities } from './managed-identities.ts';
import type { SigningKeys } from './signing-keys.ts';

/** An issuer outside whose tokens are accepted beside those of the built-in authority. */
export interface TrustedIssuer {
  /** `iss`, exactly. */
  readonly issuer: string;
  /** Where its keys are. */
  readonly jwksUri: string;
  /** Accepted beside those of Resource Manager. */
  readonly audiences?: readonly string[];
}

export interface AuthenticatorOptions {
  readonly store: Store;
  readonly keys: SigningKeys;
  readonly tenantId: string;
  readonly issuers: readonly TrustedIssuer[];
  /** Base URLs under which clients reach the front; loopback names with the port of the listener count always. */
  readonly publicUrls: () => readonly string[];
  readonly now: () => number;
  /** Resources sign in too. */
  readonly managedIdentities: ManagedIdentities;
}

/** Audiences of Azure's own Resource Manager: some SDKs ask for it wherever their endpoint is. */
const azureAudiences = [
  'https://management.azure.com',
  'https://management.core.windows.net',
  '797f4846-ba00-4fd7-ba43-dac1f8f63013',
];
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];
const longestToken = 32 * 1024;

/** Says whose bearer token (RFC 6750) a request carries. */
export class Authenticator {
  /** Object ids of the applications that exist: tokens of one that was deleted end with it. */
  readonly cache: RecordCache<ReadonlySet<string>>;
  readonly #options: AuthenticatorOptions;
  readonly #issuers: ReadonlyMap<
    string,
    { readonly issuer: TrustedIssuer; readonly keys: ReturnType<typeof createRemoteJWKSet> }
  >;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.cache = new RecordCache(
      options.store,
      [applicationType],
      (records) => new Set(records.map((record) => stringAt(record.body, 'objectId') ?? '')),
    );
    this.#issuers = new Map(
      options.issuers.map((issuer) => [issuer.issuer, { issuer, keys: createRemoteJWKSet(new URL(issuer.jwksUri)) }]),
    );
  }

  /** @throws {ArmError} 401, with a `WWW-Authenticate` that says where to sign in. */
  async authenticate(request: InboundRequest, baseUrl: string): Promise<Principal> {
    const challenge = this.#challenge(baseUrl);
    const header = request.headers.get('Authorization');
    if (header === undefined) throw armError('AuthenticationFailed', {}, { headers: challenge() });
    const token = /^Bearer +([\w.~+/=-]+)$/i.exec(header)?.[1];
    if (token === undefined || token.length > longestToken)
      throw armError('AuthenticationFailedInvalidHeader', {}, { headers: challenge('invalid_request') });
    try {
      return await this.verify(token, this.#audiences(request.localPort));
    } catch (error) {
      throw refusal(error, challenge('invalid_token'));
    }
  }

  /**
   * Whose token it is, given for one of these audiences.
   * @throws {ArmError} or an error of jose
   */
  async verify(token: string, audiences: readonly string[]): Promise<Principal> {
    return principalOf(await this.#payloadOf(token, audiences), this.#options.tenantId);
  }

  async #payloadOf(token: string, audiences: readonly string[]): Promise<JWTPayload> {
    const { kid } = decodeProtectedHeader(token);
    const { iss } = decodeJwt(token);
    const currentDate = new Date(this.#options.now());
    const own = kid === undefined ? undefined : await this.#options.keys.byId(kid);
    if (own !== undefined) {
      const { payload } = await jwtVerify(token, own.publicKey, { algorithms: ['RS256'], currentDate });
      requireAudience(payload, audiences);
      if (payload.tid !== this.#options.tenantId || !(await this.#exists(String(payload.oid))))
        throw armError('InvalidAuthenticationToken', { reason: 'its application does not exist any more' });
      return payload;
    }
    const trusted = this.#issuers.get(iss ?? '');
    if (trusted === undefined)
      throw armError('InvalidAuthenticationTokenTenant', { issuer: iss ?? '', tenant: this.#options.tenantId });
    const { payload } = await jwtVerify(token, trusted.keys, {
      algorithms,
      issuer: trusted.issuer.issuer,
      currentDate,
      clockTolerance: 300,
      requiredClaims: ['exp'],
    });
    requireAudience(payload, [...audiences, ...(trusted.issuer.audiences ?? [])]);
    return payload;
  }

  /** An application that another process made a moment ago exists too. */
  async #exists(objectId: string): Promise<boolean> {
    return (
      (await this.cache.get()).has(objectId) ||
      (await this.#isManagedIdentity(objectId)) ||
      (await this.cache.fresh()).has(objectId)
    );
  }

  async #isManagedIdentity(objectId: string): Promise<boolean> {
    for (const { system, users } of (await this.#options.managedIdentities.cache.get()).values())
      if (system?.objectId === objectId || users.some((user) => user.objectId === objectId)) return true;
    return false;
  }

  #audiences(localPort: number): readonly string[] {
    const loopback = ['localhost', '127.0.0.1', '[::1]'].map((host) => `https://${host}:${localPort}`);
    return [...this.#options.publicUrls(), ...loopback, ...azureAudiences];
  }

  #challenge(baseUrl: string): (error?: string) => Record<string, string> {
    const where = `authorization_uri="${baseUrl}/${this.#options.tenantId}", resource="${baseUrl}"`;
    return (error) => ({
      'WWW-Authenticate': `Bearer ${where}${error === undefined ? '' : `, error="${error}", error_description="The token was not accepted."`}`,
    });
  }
}

/** A slash at the end does not count: scopes such as `https://host//.default` leave one. */
function requireAudience(payload: JWTPayload, allowed: readonly string[]): void {
  const given = [payload.aud ?? []].flat();
  const normal = (audience: string) => audience.replace(/\/+$/, '').toLowerCase();
  const accepted = new Set(allowed.map(normal));
  if (given.some((audience) => accepted.has(normal(audience)))) return;
  throw armError('InvalidAuthenticationTokenAudience', { audience: given.join(' '), allowed: [...accepted].join(',') });
}

function refusal(error: unknown, headers: Record<string, string>): Error {
  if (error instanceof errors.JWTExpired) return armError('ExpiredAuthenticationToken', {}, { headers });
  if (error instanceof errors.JOSEError || error instanceof TypeError)
    return armError(
      'InvalidAuthenticationToken',
      { reason: error.message.replace(/\.$/, '') },
      { headers, cause: error },
    );
  if (error instanceof ArmError) return new ArmError({ status: error.status, headers, ...error.body });
  return error instanceof Error ? error : new Error(String(error));
}

/** Claims of Microsoft Entra tokens ("Access token claims reference"). */
function principalOf(payload: JWTPayload, tenantId: string): Principal {
  const text = (...names: string[]) => {
    for (const name of names) {
      const value = payload[name];
      if (typeof value === 'string' && value !== '') return value;
    }
    return undefined;
  };
  const objectId = text('oid', 'sub');
  if (objectId === undefined)
    throw armError('InvalidAuthenticationToken', { reason: "it has neither 'oid' nor 'sub'" });
  const applicationId = text('appid', 'azp');
  const userName = text('upn', 'preferred_username', 'unique_name', 'email');
  const isApplication = payload.idtyp === 'app' || userName === undefined;
  const groups = Array.isArray(payload.groups) ? payload.groups.filter((one) => typeof one === 'string') : [];
  const shown = ['aud', 'iss', 'appid', 'appidacr', 'idtyp', 'oid', 'sub', 'tid', 'uti', 'ver', 'name', 'upn'];
  return {
    objectId,
    tenantId: text('tid') ?? tenantId,
    kind: isApplication ? 'ServicePrincipal' : 'User',
    applicationId,
    name: (isApplication ? applicationId : userName) ?? objectId,
    groups,
    claims: Object.fromEntries(
      shown.flatMap((name) => (typeof payload[name] === 'string' ? [[name, payload[name]]] : [])),
    ),
  };
}
