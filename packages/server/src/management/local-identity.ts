import type { ManagementTokens } from '@lazuli/management';
import type { TokenPort } from '@lazuli/policies';

const renewBeforeMs = 300_000;
const mostTokens = 1_000;

/**
 * Tokens of a service's managed identity from the built-in authority: for data planes of this Lazuli, and for whoever trusts it.
 * Where the environment names another source of tokens (`IDENTITY_ENDPOINT`, `AZURE_CLIENT_ID` …), or the service has no such
 * identity, `others` gives them.
 */
export function withLocalIdentity(
  others: TokenPort,
  tokens: Pick<ManagementTokens, 'issue'>,
  serviceId: string,
  now: () => number,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): TokenPort {
  const { IDENTITY_ENDPOINT, AZURE_CLIENT_ID, AZURE_POD_IDENTITY_AUTHORITY_HOST } = environment;
  if (IDENTITY_ENDPOINT || AZURE_CLIENT_ID || AZURE_POD_IDENTITY_AUTHORITY_HOST) return others;
  const kept = new Map<string, { readonly accessToken: string; readonly expiresOn: number }>();
  return {
    async acquire(resource, clientId) {
      const key = JSON.stringify([resource, clientId]);
      const known = kept.get(key);
      if (known && known.expiresOn - renewBeforeMs > now()) return known;
      const issued = await tokens.issue(serviceId, clientId, resource);
      if (issued === undefined) return others.acquire(resource, clientId);
      const token = { accessToken: issued.token, expiresOn: issued.expiresAt };
      if (kept.size >= mostTokens) kept.clear();
      kept.set(key, token);
      return token;
    },
  };
}
