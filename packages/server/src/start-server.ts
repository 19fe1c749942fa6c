import type { Snapshot } from '@lazuli/gateway';
import { folderFromDisk } from '@lazuli/resources';
import { watchFolder } from './configuration/folder-watcher.ts';
import { LiveConfiguration } from './configuration/live-configuration.ts';
import { Reloader } from './configuration/reloader.ts';
import { addressesOf, openListeners, urlOf } from './listeners.ts';
import { openRuntime } from './runtime.ts';
import { ConfigurationError, type RunningServer, type ServerOptions } from './server-options.ts';
import type { ServiceBusBesideFolder } from './servicebus/beside-folder.ts';
import { traceUrl } from './tracing/answer-trace.ts';
import { RequestTracer } from './tracing/request-tracer.ts';

/**
 * Serves a folder.
 * @throws {ConfigurationError} when it has errors; other errors name the port, the file or the folder that is to blame.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { folder } = options;
  const source = typeof folder === 'string' ? folderFromDisk(folder) : folder;
  const configuration = new LiveConfiguration(source, options);
  const { snapshot, diagnostics } = await configuration.load();
  if (!snapshot) throw new ConfigurationError(diagnostics);

  const links: { serviceBus?: ServiceBusBesideFolder } = {};
  const neighbours = {
    findNamespace: (hostName: string) => links.serviceBus?.find(hostName),
    metrics: async () => (await links.serviceBus?.metrics()) ?? '',
  };
  const runtime = await openRuntime(options, options.serviceBus == null ? null : neighbours);
  const { logger } = runtime;
  const { metricsEndpoint, traces } = runtime;
  const tracer = new RequestTracer({
    serviceName: 'lazuli',
    now: runtime.clock.now,
    debugKey: () => null,
    keep: (trace, location) => traces.put('lazuli', trace, location),
    locationUrl: (location) => metricsEndpoint && traceUrl(urlOf(metricsEndpoint.address), location),
  }).serve(snapshot.model);
  const gateway = runtime.createGateway(snapshot, { name: 'lazuli', id: 'lazuli' }, { tracing: tracer });
  const open = async () => {
    if (options.serviceBus != null) {
      // Workers, and most who serve a folder, need neither the broker nor a store.
      const { openServiceBusBesideFolder } = await import('./servicebus/beside-folder.ts');
      links.serviceBus = await openServiceBusBesideFolder(options, logger, runtime.clock);
    }
    return openListeners(options, gateway.handler, logger);
  };
  const listeners = await open().catch(async (error: unknown) => {
    await links.serviceBus?.close(0);
    await runtime.close();
    throw error;
  });
  const reloader = new Reloader(
    configuration,
    (next) => {
      tracer.serve(next.model);
      gateway.swap(next);
    },
    (report) => options.onReload?.(report),
  );
  const watcher =
    typeof folder === 'string' && options.watch
      ? watchFolder(folder, {
          onChange: () => void reloader.reload(),
          onFallback: (reason) => logger.warn({ folder, reason }, 'the folder is polled for changes'),
          settleMs: 15,
          patienceMs: 100,
        })
      : null;
  return {
    addresses: [...addressesOf(listeners, runtime.metricsEndpoint), ...(links.serviceBus?.addresses ?? [])],
    summary: summaryOf(snapshot),
    warnings: diagnostics,
    gateway,
    reload: () => reloader.reload(),
    async stop(graceMs) {
      watcher?.close();
      gateway.startDraining();
      await Promise.all(listeners.map(({ listener }) => listener.drain(graceMs)));
      await gateway.flushEvents();
      await links.serviceBus?.close(graceMs);
      await runtime.close();
    },
  };
}

/** `6 APIs, 3 products, 3 subscriptions`. */
export function summaryOf({ model }: Snapshot): string {
  const { apis, products, subscriptions } = model;
  const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  return [
    count(apis.length, 'API', 'APIs'),
    count(products.length, 'product', 'products'),
    count(subscriptions.length, 'subscription', 'subscriptions'),
  ].join(', ');
}
