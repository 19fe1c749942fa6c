import { createExchange } from '../exchange/create-exchange.ts';
import type { Exchange, GatewayIdentity, RouteMatch } from '../exchange.ts';
import { BackendUrl, parseBaseUrl } from '../http/backend-url.ts';
import { MessageBody } from '../http/body.ts';
import { CancelSource, cancellationOf } from '../http/cancellation.ts';
import { HeaderList } from '../http/header-list.ts';
import type { StepInfo } from '../pipeline/step.ts';
import { sourceOf } from './body-source.ts';
import { type FakePorts, type FakePortsInit, fakePorts } from './fake-ports.ts';
import { apiOf, operationOf } from './models.ts';

export interface TestRequest {
  readonly method?: string;
  /** As the caller sent it. The part below the API's path becomes the request's own path. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Arrives as a stream, as from a socket. */
  readonly body?: string | Uint8Array;
  readonly ipAddress?: string;
  readonly certificate?: Uint8Array;
}

export interface ExchangeForInit extends FakePortsInit {
  readonly request?: TestRequest;
  readonly match?: Partial<RouteMatch>;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly gateway?: Partial<GatewayIdentity>;
  readonly policyBodyBytes?: number;
  readonly signal?: AbortSignal;
}

export interface TestExchange extends Exchange {
  readonly ports: FakePorts;
}

export interface TraceEntry {
  readonly info: StepInfo | null;
  readonly message: string;
  readonly data: unknown;
}

/** An exchange over fake ports, as the gateway makes it for `GET https://gateway.example/orders/42`. */
export function exchangeFor(init: ExchangeForInit = {}, traces: TraceEntry[] = []): TestExchange {
  const ports = fakePorts(init);
  const url = new URL(init.request?.url ?? 'https://gateway.example/orders/42');
  const match: RouteMatch = {
    api: apiOf(),
    operation: operationOf(),
    matchedParameters: new Map(),
    product: null,
    subscription: null,
    subscriptionKey: '',
    user: null,
    operationPath: '/42',
    ...init.match,
  };
  const headers = new HeaderList();
  for (const [name, value] of Object.entries(init.request?.headers ?? {})) headers.set(name, value);
  const prefix = match.api.path === '' ? '' : `/${match.api.path}`;
  const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname;
  const query = url.search.replace(/^\?/, '');
  const body = init.request?.body;
  const exchange = createExchange({
    id: '87aeb87f-192c-424c-84d1-32d5bbfec437',
    startedAt: ports.clock.now(),
    match,
    request: {
      method: init.request?.method ?? 'GET',
      httpVersion: '1.1',
      originalUrl: {
        scheme: url.protocol.slice(0, -1),
        host: url.hostname,
        port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
        authority: url.host,
        path: url.pathname,
        query,
      },
      url: new BackendUrl(match.api.serviceUrl === null ? null : parseBaseUrl(match.api.serviceUrl), path, query),
      headers,
      body: body === undefined ? null : MessageBody.fromSource(sourceOf(body)),
      ipAddress: init.request?.ipAddress ?? '203.0.113.7',
      certificate: () => init.request?.certificate ?? null,
    },
    ports,
    gateway: {
      region: 'local',
      serviceName: 'lazuli',
      serviceId: 'lazuli',
      gatewayId: 'managed',
      instanceId: 'test',
      isManaged: true,
      gatewayUrl: 'https://gateway.example',
      ...init.gateway,
    },
    limits: { policyBodyBytes: init.policyBodyBytes ?? 1024 * 1024 },
    cancellation: init.signal ? cancellationOf(init.signal) : new CancelSource(),
    onTrace: (info, message, data) => traces.push({ info, message, data }),
  });
  for (const [name, value] of Object.entries(init.variables ?? {})) exchange.variables.set(name, value);
  // The exchange holds exactly these ports.
  return exchange as TestExchange;
}
