import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeListener, defaultListenerLimits } from '@lazuli/http';
import { selfSigned } from '@lazuli/http/contract';
import {
  type AmqpFront,
  compileRule,
  createAccessControl,
  createAmqpFront,
  createServiceBusHttp,
  makeDevelopmentNamespace,
  type OpenedDirectory,
  openDirectory,
  openNamespace,
  readNamespaces,
  type ServedNamespace,
  ServiceBusListener,
} from '@lazuli/servicebus';
import { openJournal, openStore } from '@lazuli/store';
import { MovableClock } from './movable-clock.ts';

export interface NamespaceOfTests {
  readonly port: number;
  readonly certificatePem: string;
  /** For development, without TLS. */
  readonly connectionString: string;
  /** With TLS, as for Azure. */
  readonly secureConnectionString: string;
  readonly served: ServedNamespace;
  readonly directory: OpenedDirectory;
  readonly front: AmqpFront;
  readonly clock: MovableClock;
  /** What was logged as worth a look. */
  readonly logged: object[];
  close(): Promise<void>;
}

export interface NamespaceOfTestsOptions {
  readonly limits?: Parameters<typeof createAmqpFront>[0]['limits'];
  readonly connectionLimits?: Parameters<typeof createAmqpFront>[0]['connectionLimits'];
}

/** Everything that serves a namespace, put together as the server does, over SQLite in a folder of its own, on a free port. */
export async function serveNamespace(options: NamespaceOfTestsOptions = {}): Promise<NamespaceOfTests> {
  const clock = new MovableClock();
  const logged: object[] = [];
  const log = (facts: object, message: string) => void logged.push({ ...facts, message });
  const folder = await mkdtemp(join(tmpdir(), 'lazuli-servicebus-'));
  const store = await openStore(`sqlite:${join(folder, 'store.db')}`);
  await makeDevelopmentNamespace(store, {
    resourceGroupId: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/lazuli',
    name: 'sbemulatorns',
    hasWellKnownKey: true,
  });
  const [record] = await readNamespaces(store);
  if (record === undefined) throw new Error('The namespace was not made.');
  const { journal, items } = await openJournal(`sqlite:${join(folder, 'journal.db')}`, { name: 'test', owner: 'test' });
  const served = await openNamespace({
    name: record.name,
    journal,
    items,
    clock,
    compileRule,
    onDefinitionGone: (definition) => directory.gone(definition),
    log: { warn: log, error: log },
  });
  const directory: OpenedDirectory = await openDirectory({
    store,
    namespaceId: record.id,
    served,
    compileRule,
    onError: (error) => log({ err: error }, 'entities cannot be followed'),
  });
  const access = createAccessControl({
    rules: (path) => directory.keysOf(path),
    pathsWithRule: (name) => directory.pathsWithKeys(name),
    isEntity: (path) => directory.has(path),
    clock,
  });
  const information = { sku: 'Standard', messagingUnits: undefined, createdAt: '', updatedAt: '' } as const;
  const namespace = { served, access, directory, information };
  const find = (hostName: string) => (hostName.startsWith('unknown.') ? undefined : namespace);
  const front = createAmqpFront({ namespaces: find, clock, log: { info: log, warn: log }, ...options });
  const certificate = await selfSigned('localhost');
  const http = [null, { ...certificate, requestClientCertificate: false, http2: false }].map((tls) =>
    createNodeListener({
      host: '127.0.0.1',
      port: 0,
      tls,
      limits: defaultListenerLimits,
      onRefused: () => undefined,
      handler: createServiceBusHttp({ namespaces: find, clock, log: { error: log } }),
    }),
  );
  const listener = new ServiceBusListener({
    host: '127.0.0.1',
    port: 0,
    tls: certificate,
    amqp: (transport, facts) => front.accept(transport, facts),
    http: http[0] ?? fail(),
    https: http[1] ?? fail(),
  });
  const { port } = await listener.listen();
  const keys = 'SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE';
  const secureConnectionString = `Endpoint=sb://localhost:${port}/;${keys}`;
  return {
    port,
    certificatePem: certificate.certificatePem,
    secureConnectionString,
    connectionString: `${secureConnectionString};UseDevelopmentEmulator=true`,
    served,
    directory,
    front,
    clock,
    logged,
    async close() {
      front.close();
      await listener.drain(0);
      await Promise.all(http.map((each) => each.drain(0)));
      await directory.close();
      await served.close();
      await journal.close();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

function fail(): never {
  throw new Error('There is no listener for HTTP.');
}
