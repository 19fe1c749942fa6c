import { methodNotAllowed } from '../errors.ts';
import type { OpenHandler, OpenRequest, OpenResponse } from '../http/front.ts';
import { isWord } from '../ids/arm-id.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
import { TokenError } from './token-errors.ts';

export interface AuthorityOptions {
  readonly tenantId: string;
  readonly keys: SigningKeys;
  readonly tokens: TokenEndpoint;
}

/** Requests of a token are small; RFC 7521 assertions with certificate chains stay below this. */
const bodyBytes = 64 * 1024;

/**
 * The built-in authority: enough of Microsoft Entra ID (`/{tenant}`) and of AD FS (`/adfs`) for an application to sign in
 * with a secret or a certificate. MSAL asks an authority that ends with `/adfs` for nothing outside of it.
 */
export function createAuthority(options: AuthorityOptions): OpenHandler {
  return async (request) => {
    const [tenant, ...rest] = request.segments;
    if (tenant === undefined) return undefined;
    const path = rest.join('/').toLowerCase();
    if (isWord(tenant, 'discovery') && path === 'instance') return instanceDiscovery(request, 'common');
    const endpoint = endpoints[path];
    if (endpoint === undefined) return undefined;
    if (request.method === 'OPTIONS') return { status: 204, headers: { Allow: endpoint === 'token' ? 'POST' : 'GET' } };
    try {
      return await serve(endpoint, tenant, request, options);
    } catch (error) {
      if (error instanceof TokenError) return error.response(request.now);
      throw error;
    }
  };
}

type Endpoint = 'configuration' | 'configuration2' | 'keys' | 'token' | 'instance';

const endpoints: Readonly<Record<string, Endpoint>> = {
  '.well-known/openid-configuration': 'configuration',
  'v2.0/.well-known/openid-configuration': 'configuration2',
  'discovery/keys': 'keys',
  'discovery/v2.0/keys': 'keys',
  'oauth2/token': 'token',
  'oauth2/v2.0/token': 'token',
  'discovery/instance': 'instance',
};

async function serve(
  endpoint: Endpoint,
  tenant: string,
  request: OpenRequest,
  options: AuthorityOptions,
): Promise<OpenResponse> {
  if (endpoint === 'instance') return instanceDiscovery(request, tenant);
  requireTenant(tenant, options.tenantId);
  if (endpoint === 'token') {
    if (request.method !== 'POST') throw methodNotAllowed(request.method, 'POST');
    const isV2 = request.segments.some((segment) => isWord(segment, 'v2.0'));
    const body = new URLSearchParams(Buffer.from(await request.readBody(bodyBytes)).toString('utf8'));
    return options.tokens.issue(request, body, authorityUrl(request, tenant, options.tenantId, isV2), isV2);
  }
  if (request.method !== 'GET') throw methodNotAllowed(request.method, 'GET');
  if (endpoint === 'keys') return { status: 200, body: await keySet(options.keys) };
  return { status: 200, body: configuration(request, tenant, options.tenantId, endpoint === 'configuration2') };
}

function requireTenant(tenant: string, tenantId: string): void {
  const known = ['adfs', 'common', 'organizations', tenantId];
  if (!known.some((one) => isWord(tenant, one))) throw new TokenError('tenantUnknown', { tenant });
}

/** `iss` of tokens and `issuer` of the configuration. */
function authorityUrl({ baseUrl }: OpenRequest, tenant: string, tenantId: string, isV2: boolean): string {
  if (isWord(tenant, 'adfs')) return `${baseUrl}/adfs`;
  return isV2 ? `${baseUrl}/${tenantId}/v2.0` : `${baseUrl}/${tenantId}/`;
}

function configuration(request: OpenRequest, tenant: string, tenantId: string, isV2: boolean): object {
  const base = `${request.baseUrl}/${isWord(tenant, 'adfs') ? 'adfs' : tenantId}`;
  const version = isV2 ? '/v2.0' : '';
  return {
    issuer: authorityUrl(request, tenant, tenantId, isV2),
    token_endpoint: `${base}/oauth2${version}/token`,
    // Required by the specification and by MSAL; interactive sign-in is not offered there.
    authorization_endpoint: `${base}/oauth2${version}/authorize`,
    jwks_uri: `${base}/discovery${version}/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
    grant_types_supported: ['client_credentials'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nbf', 'oid', 'tid', 'appid', 'ver'],
    tenant_region_scope: null,
    cloud_instance_name: new URL(request.baseUrl).host,
  };
}

async function keySet(keys: SigningKeys): Promise<object> {
  const all = await keys.all();
  return { keys: all.map(({ kid, publicJwk }) => ({ ...publicJwk, kid, use: 'sig', alg: 'RS256' })) };
}

function instanceDiscovery(request: OpenRequest, tenant: string): OpenResponse {
  const { host } = new URL(request.baseUrl);
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `${request.baseUrl}/${tenant}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}
