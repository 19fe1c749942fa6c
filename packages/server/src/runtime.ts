import { randomUUID } from 'node:crypto';
import {
  type AccessRecord,
  createGateway,
  createHttpPort,
  createTokenPort,
  type Gateway,
  type RequestTracing,
  type Snapshot,
} from '@lazuli/gateway';
import { type ClockPort, type CounterPort, type LogPort, MetricSeries, type TokenPort } from '@lazuli/policies';
import type { Logger } from 'pino';
import { httpImplementationOf } from './http-implementation.ts';
import { openAccessLog } from './logging/access-log.ts';
import { createLogger } from './logging/logger.ts';
import { type MetricsEndpoint, openMetricsEndpoint } from './metrics-endpoint.ts';
import { logPort, metricPort, systemClock } from './ports.ts';
import type { ServerOptions } from './server-options.ts';
import { type FindNamespace, withLocalNamespaces } from './servicebus/local-upstream.ts';
import { openSharedState, type SharedState } from './shared-state.ts';
import { TraceStore } from './tracing/trace-store.ts';
import { connectState } from './workers/remote-state.ts';

/** What gateways of one process share: logs, clock, counters and cache, connections to backends. */
export interface Runtime {
  /** A GUID of this process. */
  readonly instanceId: string;
  readonly logger: Logger;
  readonly clock: ClockPort;
  readonly metricsEndpoint: MetricsEndpoint | null;
  readonly traces: TraceStore;
  readonly counters: CounterPort;
  /** Tokens of the identity that the environment names. */
  readonly tokens: TokenPort;
  /** A gateway for the service of that name: the managed one, or a self-hosted one. */
  createGateway(
    snapshot: Snapshot,
    service: { readonly name: string; readonly id: string },
    more?: GatewayFacts,
  ): Gateway;
  /** Lets go of everything; gateways must have been drained. */
  close(): Promise<void>;
}

export interface GatewayFacts {
  /** Absent: the managed gateway. */
  readonly selfHosted?: { readonly gatewayId: string; readonly region: string };
  readonly tracing?: RequestTracing;
  /** Told of every finished request, besides the access log. */
  readonly onComplete?: (record: AccessRecord) => void;
  /** Default: the runtime's. */
  readonly tokens?: TokenPort;
}

const policyBodyBytes = 16 * 1024 * 1024;

/** What else runs in the process: it is there later than the runtime, or not at all. */
export interface Neighbours {
  /** Service Bus namespaces: requests of the gateway reach them. */
  readonly findNamespace: FindNamespace;
  /** Its metrics, in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
}

export async function openRuntime(options: ServerOptions, neighbours: Neighbours | null = null): Promise<Runtime> {
  const logger = createLogger(options.logLevel);
  const clock = systemClock(options.clock);
  const log = logPort(logger);
  const state = await stateOf(options, clock, log);
  const accessLog = openAccessLog({
    mode: options.accessLog,
    now: clock.now,
    onDropped: (dropped) => logger.warn({ dropped }, 'access log lines were dropped: whoever reads them is too slow'),
  });
  const series = new MetricSeries(clock);
  const outside = httpImplementationOf(options.http).createUpstream();
  const upstream = neighbours === null ? outside : withLocalNamespaces(outside, neighbours.findNamespace);
  const traces = new TraceStore(clock.now);
  const metricsEndpoint =
    options.metricsPort == null
      ? null
      : await openMetricsEndpoint(options.metricsPort, () => series.read(), traces, neighbours?.metrics);
  const ports = {
    cache: state.cache,
    counters: state.counters,
    clock,
    log,
    metrics: metricPort(state.metrics ?? series, logger, options.metricsPort == null ? 'info' : 'debug'),
    tokens: createTokenPort({ environment: process.env, http: createHttpPort(upstream), clock }),
  };
  const instanceId = randomUUID();
  return {
    instanceId,
    logger,
    clock,
    metricsEndpoint,
    traces,
    counters: state.counters,
    tokens: ports.tokens,
    createGateway: (snapshot, { name, id }, { selfHosted, tracing, onComplete, tokens = ports.tokens } = {}) =>
      createGateway({
        snapshot,
        upstream,
        identity: {
          region: selfHosted?.region ?? 'local',
          serviceName: name,
          serviceId: id,
          gatewayId: selfHosted?.gatewayId ?? 'managed',
          instanceId,
          isManaged: selfHosted === undefined,
        },
        limits: { policyBodyBytes },
        ports: { ...ports, tokens },
        onComplete: both(accessLog.onComplete, onComplete ?? null),
        tracing: tracing ?? null,
      }),
    async close() {
      await metricsEndpoint?.close();
      await upstream.close();
      await state.close();
      await accessLog.close();
      logger.flush();
    },
  };
}

type OnComplete = ((record: AccessRecord) => void) | null;

function both(first: OnComplete, second: OnComplete): OnComplete {
  if (!first || !second) return first ?? second;
  return (record) => {
    first(record);
    second(record);
  };
}

/** A worker's counters and cache are held by the process that started it, unless Redis holds them. */
async function stateOf(options: ServerOptions, clock: ClockPort, log: LogPort): Promise<SharedState> {
  const redisUrl = options.redisUrl ?? null;
  if (options.worker && redisUrl === null) return connectState(options.worker.stateSocket);
  const { dataFolder, folder } = options;
  return openSharedState({
    redisUrl,
    dataFolder,
    folder: typeof folder === 'string' ? folder : (options.stateName ?? null),
    clock,
    log,
  });
}
