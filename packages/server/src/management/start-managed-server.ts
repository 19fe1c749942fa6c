import { join } from 'node:path';
import type { RequestHandler } from '@lazuli/http';
import { createApiManagement, createManagement, createServiceBus, type ManagementLog } from '@lazuli/management';
import { FolderInMemory } from '@lazuli/resources';
import { ruleProblem } from '@lazuli/servicebus';
import { type OpenOptions, openStore } from '@lazuli/store';
import type { Logger } from 'pino';
import { Analytics } from '../analytics/analytics.ts';
import { addressesOf, managementTls, openListeners, openManagementListener, urlOf } from '../listeners.ts';
import { openRuntime } from '../runtime.ts';
import { ConfigurationEndpoint } from '../self-hosted/configuration-endpoint.ts';
import type { ManagedServerOptions, RunningManagedServer, ServerOptions } from '../server-options.ts';
import { openServiceBus, type ServiceBus } from '../servicebus/service-bus.ts';
import { answerTrace } from '../tracing/answer-trace.ts';
import { ServiceTracing } from '../tracing/service-tracing.ts';
import { Gateways } from './gateways.ts';
import { withLocalIdentity } from './local-identity.ts';
import { Publisher } from './publisher.ts';

/**
 * Serves what stands in the store, and the management plane that writes it.
 * @throws errors that name the port, the file or the database that is to blame
 */
export async function startManagedServer(options: ManagedServerOptions): Promise<RunningManagedServer> {
  const base: ServerOptions = {
    ...options,
    folder: new FolderInMemory(),
    secretsFile: null,
    watch: false,
    stateName: '/managed',
  };
  // What was opened, to be closed in the opposite order.
  const opened: (() => Promise<unknown>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const links: { serviceBus?: ServiceBus } = {};
    const neighbours = {
      findNamespace: (hostName: string) => links.serviceBus?.find(hostName),
      metrics: async () => (await links.serviceBus?.metrics()) ?? '',
    };
    const runtime = await openRuntime(base, options.serviceBus == null ? null : neighbours);
    opened.push(() => runtime.close());
    const { logger, clock } = runtime;
    const store = await openStore(options.storeUrl, { now: clock.now, ...keysOf(options) });
    opened.push(() => store.close());

    const urls: string[] = [];
    const tracing = new ServiceTracing({
      store,
      traces: runtime.traces,
      now: clock.now,
      baseUrl: () => urls[1] ?? '',
      onError: (error) => logger.error({ error: String(error) }, 'changes of debug credentials cannot be followed'),
    });
    const analytics = new Analytics({ dataFolder: options.dataFolder, logger, now: clock.now });
    opened.push(() => analytics.close());
    await tracing.start();
    opened.push(() => tracing.close());
    const configuration = new ConfigurationEndpoint({ store, logger, now: clock.now, tracing, analytics });
    const management = await createManagement({
      store,
      providers: [
        createApiManagement({
          heartbeats: (gatewayId) => configuration.heartbeats(gatewayId),
          tracing,
          reports: analytics,
          quotas: runtime.counters,
          environment: process.env,
        }),
        createServiceBus({
          entity: (namespaceId, path) => links.serviceBus?.runtime(namespaceId, path),
          changed: async (namespaceId, ids) => links.serviceBus?.changed(namespaceId, ids),
          ruleProblem,
          endpoint: (namespaceName) => links.serviceBus?.endpoint(namespaceName),
        }),
      ],
      publicUrls: () => urls,
      recordUnknownResources: options.recordUnknownResources ?? false,
      log: managementLog(logger),
      now: clock.now,
    });
    opened.push(() => management.close());

    if (options.serviceBus != null) {
      links.serviceBus = await openServiceBus({
        ...options,
        options: options.serviceBus,
        store,
        subscriptionId: management.subscriptionId,
        tls: await managementTls(base, options.serviceBus.port),
        tokens: management.tokens,
        http: options.http,
        logger,
        now: clock.now,
      });
      opened.push(async () => links.serviceBus?.close(0));
    }

    const gateways = new Gateways(runtime, (service) => ({
      tracer: tracing.tracerFor(service),
      onComplete: analytics.recorderOf(service.id),
      tokens: withLocalIdentity(runtime.tokens, management.tokens, service.id, clock.now),
    }));
    let services = 0;
    const publisher = new Publisher({
      store,
      allowUnsupported: options.allowUnsupported,
      now: clock.now,
      onSnapshot(service, snapshot, folder) {
        services++;
        gateways.serve(service, snapshot);
        configuration.publish(service, folder.files());
      },
      onRemoved(service) {
        gateways.remove(service.name);
        configuration.remove(service);
      },
      onProblems: ({ name }, diagnostics) =>
        logger.error(
          { service: name, problems: diagnostics.slice(0, 10).map(({ file, message }) => ({ file, message })) },
          'the configuration in the store cannot be served: the last good one stays',
        ),
      onError: (error) => logger.error({ error: String(error) }, 'the change feed cannot be followed'),
    });
    await publisher.start();
    opened.push(() => publisher.close());
    const served = services;
    await analytics.ready();
    await configuration.start();
    opened.push(() => configuration.close());

    const listeners = await openListeners(base, gateways.handler, logger);
    opened.push(() => Promise.all(listeners.map(({ listener }) => listener.drain(0))));
    const handler: RequestHandler = (request) => {
      if (!configuration.take(request) && !answerTrace(request, runtime.traces)) management.handler(request);
    };
    const front = await openManagementListener(base, options.managementPort, handler, logger);
    opened.push(() => front.listener.drain(0));
    const url = urlOf(front.address);
    urls.push(url, `https://localhost:${front.address.port}`, `https://127.0.0.1:${front.address.port}`);

    return {
      addresses: [
        ...addressesOf(listeners, runtime.metricsEndpoint),
        { name: 'Management', url: urls[1] ?? url },
        ...(links.serviceBus?.addresses ?? []),
      ],
      summary: served === 1 ? '1 service' : `${served} services`,
      warnings: [],
      management,
      async stop(graceMs) {
        gateways.startDraining();
        await configuration.close();
        await links.serviceBus?.close(graceMs);
        await Promise.all([...listeners, front].map(({ listener }) => listener.drain(graceMs)));
        await gateways.flushEvents();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/**
 * Secrets in PostgreSQL are protected by a key of the data folder unless the environment names another: processes that share
 * a database must share it. A SQLite database has a file of keys beside it.
 */
function keysOf({ storeUrl, dataFolder }: ManagedServerOptions): Pick<OpenOptions, 'keys'> {
  const { LAZULI_KEK, LAZULI_KEK_FILE, LAZULI_KEK_PKCS11 } = process.env;
  if (LAZULI_KEK || LAZULI_KEK_FILE || LAZULI_KEK_PKCS11 || storeUrl.startsWith('sqlite:')) return {};
  return { keys: { kind: 'file', path: join(dataFolder, 'store.keys'), create: true } };
}

function managementLog(logger: Logger): ManagementLog {
  return {
    info: (facts, message) => logger.info(facts, message),
    error: (facts, message) => logger.error(facts, message),
  };
}
