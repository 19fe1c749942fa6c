import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiManagementClient } from '@azure/arm-apimanagement';
import { ResourceManagementClient } from '@azure/arm-resources';
import { ClientSecretCredential, type TokenCredential } from '@azure/identity';
import {
  type ManagedServerOptions,
  openLocalAuthority,
  type RunningManagedServer,
  startManagedServer,
} from '@lazuli/server';
import { type Answer, type SendOptions, sendTo } from './kit.ts';

export interface ManagedServer {
  readonly server: RunningManagedServer;
  /** Plain HTTP port of the gateways. */
  readonly gatewayPort: number;
  /** Certificate of the authority behind the management plane. */
  readonly ca: string;
  readonly client: ApiManagementClient;
  readonly resources: ResourceManagementClient;
  readonly credential: TokenCredential;
  /** Options that every client of `@azure/arm-*` gets. */
  readonly clientOptions: { readonly endpoint: string; readonly tlsOptions: { readonly ca: string } };
  readonly group: string;
  readonly service: string;
  /** Path of the service. */
  readonly servicePath: string;
  send(method: string, path: string, options?: SendOptions): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts Lazuli as `lazuli start` does without a folder, with a resource group and a service in it. */
export async function startApiManagement(
  service = 'contoso',
  more: Partial<ManagedServerOptions> = {},
): Promise<ManagedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lazuli-managed-'));
  const server = await startManagedServer({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    dataFolder: folder,
    storeUrl: `sqlite:${join(folder, 'lazuli.db')}`,
    managementPort: 0,
    accessLog: 'off',
    logLevel: 'error',
    allowUnsupported: false,
    ...more,
  });
  const urlOf = (name: string) => server.addresses.find((address) => address.name === name)?.url ?? '';
  const url = urlOf('Management');
  const ca = (await openLocalAuthority(join(folder, 'tls'))).certificatePem;
  const { management } = server;
  const first = management.firstPrincipal;
  const credential = new ClientSecretCredential(
    management.tenantId,
    first?.application.appId ?? '',
    first?.secretText ?? '',
    { authorityHost: url, disableInstanceDiscovery: true, tlsOptions: { ca } },
  );
  const options = { endpoint: url, tlsOptions: { ca } };
  const client = new ApiManagementClient(credential, management.subscriptionId, options);
  const resources = new ResourceManagementClient(credential, management.subscriptionId, options);
  const group = 'apim';
  await resources.resourceGroups.createOrUpdate(group, { location: 'westeurope' });
  await client.apiManagementService.beginCreateOrUpdateAndWait(group, service, {
    location: 'westeurope',
    sku: { name: 'Developer', capacity: 1 },
    publisherEmail: 'admin@contoso.example',
    publisherName: 'Contoso',
  });
  return {
    server,
    gatewayPort: Number(new URL(urlOf('HTTP')).port),
    ca,
    client,
    resources,
    credential,
    clientOptions: options,
    group,
    service,
    servicePath: `/subscriptions/${management.subscriptionId}/resourceGroups/${group}/providers/Microsoft.ApiManagement/service/${service}`,
    send: (method, path, sent = {}) => sendTo(url, ca, method, path, { credential, ...sent }),
    async stop() {
      await server.stop(0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
