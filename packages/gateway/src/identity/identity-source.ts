/** Where tokens come from. `url` is absolute; `description` is for messages. */
export type IdentitySource =
  | {
      readonly kind: 'identity-endpoint';
      readonly url: string;
      readonly header: string | null;
      readonly description: string;
    }
  | {
      readonly kind: 'client-credentials';
      readonly url: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly description: string;
    }
  | { readonly kind: 'instance-metadata'; readonly url: string; readonly description: string };

/**
 * Reads the variables that Azure's own SDKs read, in this order:
 *
 * 1. `IDENTITY_ENDPOINT`, `IDENTITY_HEADER`: App Service, Container Apps, or an endpoint of one's own that speaks their protocol;
 * 2. `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`, `AZURE_AUTHORITY_HOST`: OAuth client credentials; this
 *    principal stands for every identity, also those that a policy names by `client-id`;
 * 3. otherwise the instance metadata service of a virtual machine (`AZURE_POD_IDENTITY_AUTHORITY_HOST` replaces its address).
 */
export function identitySource(environment: Readonly<Record<string, string | undefined>>): IdentitySource {
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = environment;
  if (endpoint)
    return {
      kind: 'identity-endpoint',
      url: endpoint,
      header: header || null,
      description: `IDENTITY_ENDPOINT ${endpoint}`,
    };

  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret } = environment;
  if (tenant && clientId && clientSecret) {
    const host = withoutSlash(environment.AZURE_AUTHORITY_HOST || 'https://login.microsoftonline.com');
    const authority = host.includes('://') ? host : `https://${host}`;
    const url = `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
    return { kind: 'client-credentials', url, clientId, clientSecret, description: url };
  }

  const host = withoutSlash(environment.AZURE_POD_IDENTITY_AUTHORITY_HOST || 'http://169.254.169.254');
  const url = `${host}/metadata/identity/oauth2/token`;
  const hint = 'neither IDENTITY_ENDPOINT nor AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are set';
  return { kind: 'instance-metadata', url, description: `the instance metadata service ${host} (${hint})` };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
