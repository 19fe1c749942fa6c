import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ApiManagementClient } from '@azure/arm-apimanagement';
import { ResourceManagementClient } from '@azure/arm-resources';
import { ClientSecretCredential } from '@azure/identity';
import { openLocalAuthority } from '@lazuli/server';
import { runLazuliCommand } from '../kit/lazuli-process.ts';
import { type Answer, type SendOptions, sendTo } from '../management/kit.ts';

export interface ManagedProcess {
  readonly url: string;
  /** File of the authority that signed the certificate of the management plane. */
  readonly caFile: string;
  readonly ca: string;
  readonly gatewayPort: number;
  readonly client: ApiManagementClient;
  readonly group: string;
  readonly service: string;
  readonly servicePath: string;
  send(method: string, path: string, options?: SendOptions): Promise<Answer>;
  /** Kills it as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to end, and waits. */
  stop(): Promise<void>;
  /** The same again after it ended, on the same port. */
  restart(): Promise<ManagedProcess>;
}

interface Known {
  readonly port: number;
  readonly clientId: string;
  readonly secret: string;
}

/** `lazuli start` without a folder as a process of its own, with the service `contoso`. */
export async function startManagedProcess(folder: string, known?: Known): Promise<ManagedProcess> {
  const port = known?.port ?? (await freePort());
  const store = `sqlite:${join(folder, 'lazuli.db')}`;
  const args = [
    '--port',
    '0',
    '--no-service-bus',
    '--no-tls',
    '--data',
    folder,
    '--store',
    store,
    '--management-port',
    String(port),
  ];
  const process = runLazuliCommand(['start', ...args, '--access-log', 'off']);
  const output = await process.until(known ? /Subscription\s+\S+\n/ : /Client secret\s+\S+\n/);
  const found = (pattern: RegExp) => pattern.exec(output)?.[1] ?? '';
  const authority = await openLocalAuthority(join(folder, 'tls'));
  const ca = authority.certificatePem;
  const url = `https://localhost:${port}`;
  const clientId = known?.clientId ?? found(/Client id\s+(\S+)/);
  const secret = known?.secret ?? found(/Client secret\s+(\S+)/);
  const credential = new ClientSecretCredential(found(/Tenant\s+(\S+)/), clientId, secret, {
    authorityHost: url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca },
  });
  const subscriptionId = found(/Subscription\s+(\S+)/);
  const options = { endpoint: url, tlsOptions: { ca } };
  const client = new ApiManagementClient(credential, subscriptionId, options);
  const [group, service] = ['apim', 'contoso'];
  if (!known) {
    const resources = new ResourceManagementClient(credential, subscriptionId, options);
    await resources.resourceGroups.createOrUpdate(group, { location: 'westeurope' });
    await client.apiManagementService.beginCreateOrUpdateAndWait(group, service, {
      location: 'westeurope',
      sku: { name: 'Developer', capacity: 1 },
      publisherEmail: 'admin@contoso.example',
      publisherName: 'Contoso',
    });
  }
  return {
    url,
    ca,
    caFile: authority.certificateFile,
    gatewayPort: Number(new URL(found(/HTTP\s+(http:\S+)/)).port),
    client,
    group,
    service,
    servicePath: `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.ApiManagement/service/${service}`,
    send: (method, path, sent = {}) => sendTo(url, ca, method, path, { credential, ...sent }),
    async kill() {
      await process.end('SIGKILL');
    },
    async stop() {
      await process.end();
    },
    restart: () => startManagedProcess(folder, { port, clientId, secret }),
  };
}

/** A port that the process takes again after it was killed. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
