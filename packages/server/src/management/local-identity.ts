import { keepTokens } from '@lazuli/gateway';
import type { ManagementTokens } from '@lazuli/management';
import type { TokenPort } from '@lazuli/policies';

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
  return keepTokens(
    async (resource, clientId) => {
      const issued = await tokens.issue(serviceId, clientId, resource);
      return issued === undefined
        ? others.acquire(resource, clientId)
        : { accessToken: issued.token, expiresOn: issued.expiresAt };
    },
    { now },
  );
}
