import { randomUUID } from 'node:crypto';
import { createGateway, createHttpPort, createTokenPort, type Snapshot } from '@lazuli/gateway';
import { type ClockPort, type LogPort, MetricSeries } from '@lazuli/policies';
import { folderFromDisk } from '@lazuli/resources';
import { watchFolder } from './configuration/folder-watcher.ts';
import { LiveConfiguration } from './configuration/live-configuration.ts';
import { Reloader } from './configuration/reloader.ts';
import { httpImplementationOf } from './http-implementation.ts';
import { openListeners, urlOf } from './listeners.ts';
import { openAccessLog } from './logging/access-log.ts';
import { createLogger } from './logging/logger.ts';
import { openMetricsEndpoint } from './metrics-endpoint.ts';
import { logPort, metricPort, systemClock } from './ports.ts';
import { ConfigurationError, type RunningServer, type ServerOptions } from './server-options.ts';
import { openSharedState, type SharedState } from './shared-state.ts';
import { connectState } from './workers/remote-state.ts';

const policyBodyBytes = 16 * 1024 * 1024;

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

  const logger = createLogger(options.logLevel);
  const clock = systemClock(options.clock);
  const log = logPort(logger);
  const state = await stateOf(options, clock, log);
  const accessLog = openAccessLog({
    mode: options.accessLog,
    now: clock.now,
    onDropped: (dropped) => logger.warn({ dropped }, 'access log lines were dropped: whoever reads them is too slow'),
  });
  const metrics = new MetricSeries(clock);
  const upstream = httpImplementationOf(options.http).createUpstream();
  const gateway = createGateway({
    snapshot,
    upstream,
    identity: {
      region: 'local',
      serviceName: 'lazuli',
      serviceId: 'lazuli',
      gatewayId: 'managed',
      instanceId: randomUUID(),
      isManaged: true,
    },
    limits: { policyBodyBytes },
    ports: {
      cache: state.cache,
      counters: state.counters,
      clock,
      log,
      metrics: metricPort(state.metrics ?? metrics, logger, options.metricsPort == null ? 'info' : 'debug'),
      tokens: createTokenPort({ environment: process.env, http: createHttpPort(upstream), clock }),
    },
    onComplete: accessLog.onComplete,
  });
  const metricsEndpoint =
    options.metricsPort == null ? null : await openMetricsEndpoint(options.metricsPort, () => metrics.read());
  const listeners = await openListeners(options, gateway.handler, logger).catch(async (error: unknown) => {
    await metricsEndpoint?.close();
    throw error;
  });
  const reloader = new Reloader(
    configuration,
    (next) => gateway.swap(next),
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
    addresses: [
      ...listeners.map(({ address }) => ({ name: address.secure ? 'HTTPS' : 'HTTP', url: urlOf(address) })),
      ...(metricsEndpoint ? [{ name: 'Metrics', url: `${urlOf(metricsEndpoint.address)}/metrics` }] : []),
    ],
    summary: summaryOf(snapshot),
    warnings: diagnostics,
    gateway,
    reload: () => reloader.reload(),
    async stop(graceMs) {
      watcher?.close();
      gateway.startDraining();
      await Promise.all(listeners.map(({ listener }) => listener.drain(graceMs)));
      await metricsEndpoint?.close();
      await gateway.flushEvents();
      await upstream.close();
      await state.close();
      await accessLog.close();
      logger.flush();
    },
  };
}

/** A worker's counters and cache are held by the process that started it, unless Redis holds them. */
async function stateOf(options: ServerOptions, clock: ClockPort, log: LogPort): Promise<SharedState> {
  const redisUrl = options.redisUrl ?? null;
  if (options.worker && redisUrl === null) return connectState(options.worker.stateSocket);
  const { dataFolder, folder } = options;
  return openSharedState({ redisUrl, dataFolder, folder: typeof folder === 'string' ? folder : null, clock, log });
}

function summaryOf({ model }: Snapshot): string {
  const { apis, products, subscriptions } = model;
  const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  return [
    count(apis.length, 'API', 'APIs'),
    count(products.length, 'product', 'products'),
    count(subscriptions.length, 'subscription', 'subscriptions'),
  ].join(', ');
}
