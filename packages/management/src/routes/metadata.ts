import { methodNotAllowed } from '../errors.ts';
import type { OpenHandler, OpenRequest } from '../http/front.ts';
import { isWord } from '../ids/arm-id.ts';

export interface CloudMetadata {
  /** Name under which `az` shows the cloud; default `Lazuli`. */
  readonly name?: string;
  /** Suffixes of data planes: `keyVaultDns`, `storage` … */
  readonly suffixes?: Readonly<Record<string, string>>;
}

/**
 * `/metadata/endpoints`: where a client finds everything else. The old form (2015-01-01) is what `az cloud register` asks for,
 * the new one (2019-05-01 and later) an array of clouds.
 */
export function createMetadata(options: CloudMetadata): OpenHandler {
  return async (request) => {
    const { segments, method } = request;
    if (segments.length !== 2 || !isWord(segments[0], 'metadata') || !isWord(segments[1], 'endpoints'))
      return undefined;
    if (method !== 'GET') throw methodNotAllowed(method, 'GET');
    const version = request.query.get('api-version') ?? '';
    return { status: 200, body: version < '2019' ? oldForm(request) : [newForm(request, options)] };
  };
}

function oldForm({ baseUrl }: OpenRequest): object {
  return {
    galleryEndpoint: `${baseUrl}/`,
    graphEndpoint: `${baseUrl}/`,
    portalEndpoint: `${baseUrl}/`,
    authentication: { loginEndpoint: `${baseUrl}/adfs`, audiences: [`${baseUrl}/`] },
  };
}

function newForm({ baseUrl }: OpenRequest, { name = 'Lazuli', suffixes = {} }: CloudMetadata): object {
  return {
    name,
    portal: `${baseUrl}/`,
    authentication: {
      loginEndpoint: `${baseUrl}/adfs`,
      audiences: [`${baseUrl}/`, 'https://management.azure.com/'],
      tenant: 'adfs',
      identityProvider: 'ADFS',
    },
    resourceManager: `${baseUrl}/`,
    gallery: `${baseUrl}/`,
    graph: `${baseUrl}/`,
    graphAudience: `${baseUrl}/`,
    activeDirectory: `${baseUrl}/adfs`,
    activeDirectoryResourceId: `${baseUrl}/`,
    activeDirectoryGraphResourceId: `${baseUrl}/`,
    microsoftGraphResourceId: `${baseUrl}/`,
    management: `${baseUrl}/`,
    sqlManagement: `${baseUrl}/`,
    batch: `${baseUrl}/`,
    media: `${baseUrl}/`,
    vmImageAliasDoc: `${baseUrl}/metadata/aliases.json`,
    suffixes: {
      keyVaultDns: 'vault.localhost',
      storage: 'storage.localhost',
      sqlServerHostname: 'database.localhost',
      acrLoginServer: 'registry.localhost',
      ...suffixes,
    },
  };
}
