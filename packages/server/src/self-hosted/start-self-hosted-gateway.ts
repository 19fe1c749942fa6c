import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Gateway, healthPath, statusPath } from '@lazuli/gateway';
import type { InboundRequest, RequestHandler } from '@lazuli/http';
import { readGatewayToken } from '@lazuli/management';
import { HeaderList } from '@lazuli/policies';
import { FolderInMemory } from '@lazuli/resources';
import { addressesOf, openListeners } from '../listeners.ts';
import { openRuntime } from '../runtime.ts';
import type { RunningService, ServerOptions } from '../server-options.ts';
import { traceUrl } from '../tracing/answer-trace.ts';
import { RequestTracer } from '../tracing/request-tracer.ts';
import { ConfigurationBackup } from './configuration-backup.ts';
import { ConfigurationClient } from './configuration-client.ts';
import { ConfigurationSource, type ConfigurationState } from './configuration-source.ts';
import { ServedConfiguration } from './served-configuration.ts';
import { TraceReporter } from './trace-reporter.ts';
import { UsageReporter } from './usage-reporter.ts';

/** A gateway that has its configuration from a management plane elsewhere. */
export interface SelfHostedGatewayOptions
  extends Omit<ServerOptions, 'folder' | 'secretsFile' | 'watch' | 'onReload' | 'worker'> {
  /** Keeps the backup of the configuration. */
  readonly dataFolder: string;
  /** `https://host:port`; `https` when it has no scheme. */
  readonly configurationEndpoint: string;
  /** `GatewayKey {token}`. */
  readonly configurationAuthorization: string;
  /** PEM file of an authority that is trusted for the endpoint beside the machine's own. */
  readonly configurationCaFile: string | null;
}

export interface RunningSelfHostedGateway extends RunningService {
  readonly configuration: () => ConfigurationState;
}

interface Current {
  gateway: Gateway | null;
  /** Where `gateway` says it is. */
  region: string;
  tracer: RequestTracer | null;
  debugKey: string | null;
}

/** Health path of a self-hosted gateway (Azure's is spelled so). */
export const selfHostedStatusPath = '/status-012345678990abcdef';

/**
 * Serves what the management plane assigns to one gateway; starts from the backup while it is away.
 * @throws {ConfigurationRefusedError} for a token that is not accepted; errors that name the port, the file or the option
 */
export async function startSelfHostedGateway(options: SelfHostedGatewayOptions): Promise<RunningSelfHostedGateway> {
  const endpoint = endpointOf(options.configurationEndpoint);
  const { authorization, gatewayId } = authorizationOf(options.configurationAuthorization);
  const caPem = options.configurationCaFile === null ? null : await readFile(options.configurationCaFile, 'utf8');
  const base: ServerOptions = {
    ...options,
    folder: new FolderInMemory(),
    secretsFile: null,
    watch: false,
    stateName: `/gateways/${gatewayId}`,
  };
  const runtime = await openRuntime(base);
  const { logger, clock, instanceId } = runtime;
  const current: Current = { gateway: null, region: '', tracer: null, debugKey: null };
  const client = new ConfigurationClient({ endpoint, authorization, caPem });
  const reporter = new TraceReporter(client, logger);
  const usage = new UsageReporter(client, logger, clock.now);
  const source = new ConfigurationSource({
    client,
    backup: new ConfigurationBackup(options.dataFolder, backupName(endpoint, gatewayId)),
    served: new ServedConfiguration(options.allowUnsupported),
    instanceId,
    logger,
    now: clock.now,
    onSnapshot({ service, gateway, debugKey }, snapshot) {
      current.debugKey = debugKey;
      current.tracer ??= new RequestTracer({
        serviceName: service.name,
        now: clock.now,
        debugKey: () => current.debugKey,
        keep: (trace, location, isFinished) => {
          if (isFinished) reporter.report(trace, location);
        },
        locationUrl: (location) => traceUrl(endpoint.origin, location),
      });
      const tracer = current.tracer.serve(snapshot.model);
      const selfHosted = { gatewayId: gateway.id, region: gateway.region };
      if (current.gateway && current.region === gateway.region) {
        current.gateway.swap(snapshot);
        return;
      }
      // Requests that run end on the gateway that they began with.
      void current.gateway?.flushEvents();
      current.region = gateway.region;
      current.gateway = runtime.createGateway(snapshot, service, {
        selfHosted,
        tracing: tracer,
        onComplete: usage.onComplete,
      });
    },
  });
  try {
    await source.start();
    const handler = handlerOf(current, source);
    const listeners = await openListeners(base, handler, logger);
    return {
      addresses: addressesOf(listeners, runtime.metricsEndpoint),
      summary: `gateway ${gatewayId}, configuration from ${describe(source.state)}`,
      warnings: [],
      configuration: () => source.state,
      async stop(graceMs) {
        current.gateway?.startDraining();
        await Promise.all(listeners.map(({ listener }) => listener.drain(graceMs)));
        // A management plane that does not answer must not keep the process.
        await Promise.race([usage.close(), sleep(2000, undefined, { ref: false })]);
        await source.close();
        await current.gateway?.flushEvents();
        await runtime.close();
      },
    };
  } catch (error) {
    await usage.close();
    await source.close();
    await runtime.close();
    throw error;
  }
}

function handlerOf(current: { readonly gateway: Gateway | null }, source: ConfigurationSource): RequestHandler {
  return (request) => {
    const { gateway } = current;
    const { target } = request;
    if (target === healthPath || target === selfHostedStatusPath || target === statusPath || !gateway)
      answerHealth(request, gateway, source.state);
    else gateway.handler(request);
  };
}

/** A gateway that has a configuration is healthy, however old: 503 takes it out of a load balancer. */
function answerHealth(request: InboundRequest, gateway: Gateway | null, state: ConfigurationState): void {
  const health = gateway?.health();
  const isServing = health?.status === 'healthy';
  const [status, reason] = isServing ? ([200, 'OK'] as const) : ([503, 'Service Unavailable'] as const);
  const headers = new HeaderList(['Cache-Control', 'no-store']);
  if (request.target === healthPath) {
    headers.append('Content-Type', 'application/json');
    const report = { ...(health ?? { status: 'unconfigured' }), configurationSource: state };
    return void request.respond({ status, reason, headers }, Buffer.from(`${JSON.stringify(report, null, 2)}\n`));
  }
  if (request.target === statusPath || request.target === selfHostedStatusPath)
    return void request.respond({ status, reason, headers }, new Uint8Array(0));
  headers.append('Content-Type', 'application/json');
  const message = 'The gateway has no configuration yet.';
  void request.respond({ status, reason, headers }, Buffer.from(JSON.stringify({ statusCode: status, message })));
}

function describe({ source }: ConfigurationState): string {
  if (source === 'none') return 'nowhere yet';
  return source === 'backup' ? 'its backup' : 'the endpoint';
}

function endpointOf(text: string): URL {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  if (url?.protocol !== 'https:' || url.username !== '')
    throw new TypeError(
      `The configuration endpoint '${text}' is not valid: expected https://host or https://host:port.`,
    );
  return url;
}

function authorizationOf(text: string): { readonly authorization: string; readonly gatewayId: string } {
  const token = /^GatewayKey +(\S.*)$/i.exec(text.trim())?.[1] ?? '';
  const claims = readGatewayToken(token);
  if (!claims)
    throw new TypeError(
      "The authorization of the configuration endpoint is not valid: expected 'GatewayKey ' and a token that generateToken of the gateway gave.",
    );
  return { authorization: `GatewayKey ${token}`, gatewayId: claims.gateway };
}

/** Survives another token, but not another gateway or management plane. */
function backupName(endpoint: URL, gatewayId: string): string {
  return createHash('sha256').update(`${endpoint.host}/${gatewayId.toLowerCase()}`).digest('hex').slice(0, 24);
}
