import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGateway, createHttpPort, createTokenPort, type Gateway, type Snapshot } from '@lazuli/gateway';
import {
  createNodeListener,
  createUndiciUpstream,
  defaultListenerLimits,
  type HttpListener,
  type ListenerAddress,
  type TlsOptions,
} from '@lazuli/http';
import { MetricSeries } from '@lazuli/policies';
import { type Diagnostic, type FolderSource, folderFromDisk } from '@lazuli/resources';
import type { Logger } from 'pino';
import { openLocalAuthority } from './authority/local-authority.ts';
import { watchFolder } from './configuration/folder-watcher.ts';
import { LiveConfiguration } from './configuration/live-configuration.ts';
import { Reloader, type ReloadReport } from './configuration/reloader.ts';
import { type AccessLogMode, openAccessLog } from './logging/access-log.ts';
import { createLogger, type LogLevel } from './logging/logger.ts';
import { openMetricsEndpoint } from './metrics-endpoint.ts';
import { logPort, metricPort, systemClock } from './ports.ts';
import { openSharedState } from './shared-state.ts';

export interface ServerOptions {
  /** A folder on disk, or files from elsewhere (which are not watched). */
  readonly folder: string | FolderSource;
  /** Address to bind to. */
  readonly host: string;
  /** For HTTP; 0 for any free port. */
  readonly port: number;
  /** Null: no HTTPS. */
  readonly tls: TlsListenerOptions | null;
  /** Where the local authority and quotas are kept; null keeps nothing (then `tls` needs files). */
  readonly dataFolder: string | null;
  readonly secretsFile: string | null;
  /** Shares counters and cache with other gateways. */
  readonly redisUrl?: string | null;
  /** Port of loopback for `/metrics`; 0 for any free one, null or absent: the metrics of policies go to the log. */
  readonly metricsPort?: number | null;
  readonly accessLog: AccessLogMode;
  readonly logLevel: LogLevel;
  /** Make changes in the folder live. */
  readonly watch: boolean;
  readonly allowUnsupported: boolean;
  readonly onReload?: (report: ReloadReport) => void;
  /** The time, for tests. */
  readonly clock?: { now(): number };
}

export interface TlsListenerOptions {
  readonly port: number;
  /** Both or neither; without them the local authority signs a certificate. */
  readonly certificateFile: string | null;
  readonly privateKeyFile: string | null;
  readonly requestClientCertificate: boolean;
}

export interface RunningServer {
  readonly addresses: readonly { readonly name: string; readonly url: string }[];
  /** `6 APIs, 3 products, 3 subscriptions`. */
  readonly summary: string;
  readonly warnings: readonly Diagnostic[];
  readonly gateway: Gateway;
  /** Reads the folder again now, watched or not. */
  reload(): Promise<void>;
  /** Stops accepting, lets running requests finish for at most `graceMs`, and lets go of everything. */
  stop(graceMs: number): Promise<void>;
}

/** The folder has errors: nothing was started. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    super(`${errors} ${errors === 1 ? 'error' : 'errors'} in the configuration: nothing was started.`);
    this.diagnostics = diagnostics;
  }
}

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
  const state = await openSharedState({
    redisUrl: options.redisUrl ?? null,
    dataFolder: options.dataFolder,
    folder: typeof folder === 'string' ? folder : null,
    clock,
    log,
  });
  const accessLog = openAccessLog({
    mode: options.accessLog,
    now: clock.now,
    onDropped: (dropped) => logger.warn({ dropped }, 'access log lines were dropped: whoever reads them is too slow'),
  });
  const metrics = new MetricSeries(clock);
  const upstream = createUndiciUpstream();
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
      metrics: metricPort(metrics, logger, options.metricsPort == null ? 'info' : 'debug'),
      tokens: createTokenPort({ environment: process.env, http: createHttpPort(upstream), clock }),
    },
    onComplete: accessLog.onComplete,
  });
  const metricsEndpoint =
    options.metricsPort == null ? null : await openMetricsEndpoint(options.metricsPort, () => metrics.read());
  const listeners = await openListeners(options, gateway, logger).catch(async (error: unknown) => {
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

interface OpenListener {
  readonly listener: HttpListener;
  readonly address: ListenerAddress;
}

async function openListeners(options: ServerOptions, gateway: Gateway, logger: Logger): Promise<OpenListener[]> {
  const opened: OpenListener[] = [];
  const open = async (port: number, tls: TlsOptions | null) => {
    const listener = createNodeListener({
      host: options.host,
      port,
      tls,
      limits: defaultListenerLimits,
      handler: gateway.handler,
      onRefused: (refusal) => logger.debug(refusal, 'request refused'),
    });
    opened.push({ listener, address: await listener.listen() });
  };
  try {
    await open(options.port, null);
    if (options.tls) await open(options.tls.port, await tlsOf(options, options.tls));
    return opened;
  } catch (error) {
    await Promise.all(opened.map(({ listener }) => listener.drain(0)));
    throw error;
  }
}

async function tlsOf(options: ServerOptions, tls: TlsListenerOptions): Promise<TlsOptions> {
  const { certificateFile, privateKeyFile, requestClientCertificate } = tls;
  if (certificateFile !== null && privateKeyFile !== null) {
    const [certificatePem, privateKeyPem] = await Promise.all([
      readFile(certificateFile, 'utf8'),
      readFile(privateKeyFile, 'utf8'),
    ]);
    return { certificatePem, privateKeyPem, requestClientCertificate, http2: true };
  }
  if (options.dataFolder === null)
    throw new TypeError('HTTPS needs a certificate or a data folder for the local authority.');
  const authority = await openLocalAuthority(join(options.dataFolder, 'tls'));
  const names = new Set(['localhost', '127.0.0.1', '::1']);
  if (!['0.0.0.0', '::'].includes(options.host)) names.add(options.host);
  return { ...(await authority.serverCertificate([...names])), requestClientCertificate, http2: true };
}

function urlOf({ host, port, secure }: ListenerAddress): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `${secure ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
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
