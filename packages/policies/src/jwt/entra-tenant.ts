import { TokenError } from './token-error.ts';

/** A tenant of Microsoft Entra ID, or one of the endpoints that serve several. */
export interface EntraTenant {
  readonly metadataUrl: string;
  /** Accounts of persons are none of an organization. */
  readonly isOrganizations: boolean;
}

/** What is wrong with a `tenant-id`, or undefined. */
export function tenantProblem(tenantId: string): string | undefined {
  const isName = /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(tenantId);
  const isUrl = /^https?:\/\/[^\s/?#]+\/[A-Za-z0-9][A-Za-z0-9.-]*(\/v2\.0)?\/?$/i.test(tenantId);
  if (isName || (isUrl && URL.canParse(tenantId))) return undefined;
  return `'${tenantId.slice(0, 100).replace(/[^\x20-\x7e]/g, '?')}' is no tenant: expected a GUID, a domain, 'organizations', 'common', or the URL of one.`;
}

/**
 * Where the keys of a tenant are published: GUID, domain, `organizations`, `common`, or a URL such as
 * `https://login.microsoftonline.com/common`.
 * @throws {TokenError} JwtInvalid for anything else (an expression may give it).
 */
export function entraTenant(tenantId: string, endpoint: string): EntraTenant {
  const problem = tenantProblem(tenantId);
  if (problem) throw new TokenError('JwtInvalid', problem);
  const address = /^https?:\/\//i.test(tenantId)
    ? tenantId.replace(/\/+$/, '').replace(/\/v2\.0$/i, '')
    : `${endpoint.replace(/\/+$/, '')}/${tenantId}`;
  return {
    metadataUrl: `${address}/v2.0/.well-known/openid-configuration`,
    isOrganizations: /\/organizations$/i.test(address),
  };
}

/**
 * The issuer of the tenant's v1 tokens, from that of its v2 tokens (the metadata's): both are signed with the same keys.
 * `{tenantid}` stays where the metadata has it. Null when the issuer does not look like Entra's.
 */
export function v1Issuer(issuer: string): string | null {
  const match = /^https?:\/\/([^/]+)\/([^/]+)\/v2\.0$/.exec(issuer);
  if (!match) return null;
  const isChina = /\.(chinacloudapi|microsoftonline)\.cn$/.test(match[1] ?? '');
  return `https://sts.${isChina ? 'chinacloudapi.cn' : 'windows.net'}/${match[2]}/`;
}

/** The tenant of all personal Microsoft accounts. */
export const personalAccounts = '9188040d-6c67-4c5b-b112-36a304b66dad';
