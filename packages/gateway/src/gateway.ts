import type { InboundRequest, RequestHandler, UpstreamClient } from '@lazuli/http';
import {
  type CachePort,
  type ClockPort,
  type CounterPort,
  type ExchangeLimits,
  type GatewayIdentity,
  HeaderList,
  type HttpPort,
  type LogPort,
  type MetricPort,
  type TokenPort,
} from '@lazuli/policies';
import { createBackendPort } from './backends/backend-port.ts';
import { BackendRegistry } from './backends/backend-registry.ts';
import { createHttpPort } from './backends/http-port.ts';
import { PlainOrigins } from './backends/plain-origins.ts';
import { modelCertificates } from './certificates.ts';
import { EventHubs } from './events/event-hubs.ts';
import { type HealthReport, healthPath, healthReport, statusPath } from './health.ts';
import type { AccessRecord } from './request/access-record.ts';
import { GatewayNames } from './request/gateway-names.ts';
import { GatewayRequest, type RequestSettings, type ServingSnapshot } from './request/gateway-request.ts';
import type { RequestTracing } from './request/request-tracing.ts';
import { splitTarget } from './routing/request-path.ts';
import type { Snapshot } from './snapshot/snapshot.ts';

export interface GatewayOptions {
  readonly snapshot: Snapshot;
  readonly upstream: UpstreamClient;
  readonly identity: Omit<GatewayIdentity, 'gatewayUrl'>;
  readonly limits: ExchangeLimits;
  readonly ports: GatewayPorts;
  /** Called once for every finished request; null: records are not even made. */
  readonly onComplete: ((record: AccessRecord) => void) | null;
  /** Absent: no request is traced. */
  readonly tracing?: RequestTracing | null;
}

/** What the gateway does not provide itself. */
export interface GatewayPorts {
  readonly cache: CachePort;
  readonly counters: CounterPort;
  readonly clock: ClockPort;
  readonly log: LogPort;
  readonly metrics: MetricPort;
  readonly tokens: TokenPort;
}

/** The data plane: takes requests from listeners through routing, keys and policies to backends. */
export interface Gateway {
  readonly handler: RequestHandler;
  /** Requests from now on run on `snapshot`; those that run keep theirs. Open circuits of unchanged backends stay open. */
  swap(snapshot: Snapshot): void;
  /** The health page says that the gateway is going; `Connection: close` and the rest is the listener's. */
  startDraining(): void;
  health(): HealthReport;
  /** Sends the events that wait, once: call it before the upstream client is closed. */
  flushEvents(): Promise<void>;
}

export function createGateway(options: GatewayOptions): Gateway {
  return new DataPlane(options);
}

class DataPlane implements Gateway {
  readonly #options: GatewayOptions;
  readonly #origins = new PlainOrigins();
  readonly #http: HttpPort;
  readonly #eventHubs: EventHubs;
  readonly #settings: RequestSettings;
  #current: ServingSnapshot;
  #isDraining = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { identity, limits, onComplete, ports, upstream, tracing = null } = options;
    this.#http = createHttpPort(upstream, this.#origins);
    const { clock, log, tokens } = ports;
    this.#eventHubs = new EventHubs({ http: this.#http, clock, log, tokens });
    this.#settings = { names: new GatewayNames(identity), limits, onComplete, clock: ports.clock, tracing };
    this.#current = this.#prepare(options.snapshot);
  }

  readonly handler: RequestHandler = (inbound) => {
    const { path } = splitTarget(inbound.target);
    if (path === statusPath || path === healthPath) return this.#answerHealth(inbound, path);
    new GatewayRequest(this.#settings, this.#current, inbound).run();
  };

  swap(snapshot: Snapshot): void {
    this.#current = this.#prepare(snapshot, this.#current.registry);
  }

  startDraining(): void {
    this.#isDraining = true;
  }

  health(): HealthReport {
    const { snapshot, registry, since } = this.#current;
    const now = this.#options.ports.clock.now();
    return healthReport(snapshot.model, registry.health(now), this.#isDraining, since);
  }

  flushEvents(): Promise<void> {
    return this.#eventHubs.drain();
  }

  #prepare(snapshot: Snapshot, previous?: BackendRegistry): ServingSnapshot {
    const { ports, upstream } = this.#options;
    const certificates = modelCertificates(snapshot.model.certificates);
    const registry = new BackendRegistry(snapshot.model.backends, certificates, previous);
    const groups = new Map(snapshot.model.groups.map(({ name, displayName }) => [name, displayName]));
    return {
      snapshot,
      registry,
      groupName: (name) => groups.get(name) ?? name,
      since: ports.clock.now(),
      ports: {
        ...ports,
        certificates,
        backend: createBackendPort(registry, upstream, ports.clock, this.#origins),
        http: this.#http,
        events: this.#eventHubs.serve(snapshot.model.loggers, snapshot.model.namedValues),
      },
    };
  }

  /** Load balancers take a gateway out of service by the 503 that it answers while it drains. */
  #answerHealth(inbound: InboundRequest, path: string): void {
    const status = this.#isDraining ? 503 : 200;
    const reason = this.#isDraining ? 'Service Unavailable' : 'OK';
    const headers = new HeaderList(['Cache-Control', 'no-store']);
    if (path === statusPath) return void inbound.respond({ status, reason, headers }, new Uint8Array(0));
    headers.append('Content-Type', 'application/json');
    void inbound.respond({ status, reason, headers }, Buffer.from(`${JSON.stringify(this.health(), null, 2)}\n`));
  }
}
