import { randomBytes, randomUUID } from 'node:crypto';
import type { RequestTrace, RequestTracing, TraceableRequest } from '@lazuli/gateway';
import type { Exchange, Ports, StepInfo } from '@lazuli/policies';
import type { ServiceModel } from '@lazuli/resources';
import { readDebugToken } from './debug-token.ts';
import { createMasker } from './masking.ts';
import { shownHeaders, TraceBuilder } from './trace-document.ts';
import type { Trace } from './trace-store.ts';
import { tracedPipeline } from './traced-pipeline.ts';

export interface RequestTracerOptions {
  readonly serviceName: string;
  readonly now: () => number;
  /** Key of the debug credentials, in hexadecimal; null: there are none. */
  readonly debugKey: () => string | null;
  /** Where a trace goes that somebody will read: when the response is about to be sent, and again when it is finished. */
  readonly keep: (trace: Trace, location: string | null, isFinished: boolean) => void;
  /** URL at which a trace is found by its unguessable name; null: `Ocp-Apim-Trace` is refused. */
  readonly locationUrl: (location: string) => string | null;
}

/** Traces the requests of one service that ask for it and may. */
export class RequestTracer implements RequestTracing {
  readonly #options: RequestTracerOptions;
  #allowsTracing = false;

  constructor(options: RequestTracerOptions) {
    this.#options = options;
  }

  /** The configuration that requests run on from now on. */
  serve(model: Pick<ServiceModel, 'subscriptions'>): this {
    this.#allowsTracing = model.subscriptions.some(({ allowTracing }) => allowTracing);
    return this;
  }

  get isActive(): boolean {
    return this.#allowsTracing || this.#options.debugKey() !== null;
  }

  begin(request: TraceableRequest): RequestTrace | null {
    const token = request.headers.get('Apim-Debug-Authorization');
    if (token !== undefined) {
      request.headers.remove('Apim-Debug-Authorization');
      const refusal = this.#refusal(token, request);
      return refusal ? new RefusedTrace(...refusal) : new RunningTrace(this.#options, request, null);
    }
    if (request.headers.get('Ocp-Apim-Trace')?.toLowerCase() !== 'true') return null;
    if (!request.match.subscription?.allowTracing) return null;
    const location = randomBytes(24).toString('base64url');
    const url = this.#options.locationUrl(location);
    return url === null
      ? new RefusedTrace(
          'Ocp-Apim-Trace-Refused',
          'There is no place to read traces at: start lazuli with --metrics-port.',
        )
      : new RunningTrace(this.#options, request, { name: location, url });
  }

  /** Header and value of the answer to credentials that do not count here; null: they do. */
  #refusal(token: string, { match, hasApi }: TraceableRequest): readonly [string, string] | null {
    const key = this.#options.debugKey();
    const claims = key === null ? null : readDebugToken(key, token);
    if (!claims) return ['Apim-Debug-Authorization-Expired', 'The debug credentials are not valid any more.'];
    if (!(claims.expiry > this.#options.now()))
      return ['Apim-Debug-Authorization-Expired', new Date(claims.expiry).toISOString()];
    const isRight =
      hasApi &&
      claims.api.toLowerCase() === match.api.name.toLowerCase() &&
      (claims.revision === null || claims.revision === match.api.revision);
    if (isRight) return null;
    return ['Apim-Debug-Authorization-WrongAPI', `The debug credentials are for the API '${claims.api}'.`];
  }
}

/** Says in the response why there is no trace. */
class RefusedTrace implements RequestTrace {
  readonly onTrace = null;
  readonly #name: string;
  readonly #value: string;

  constructor(name: string, value: string) {
    this.#name = name;
    this.#value = value.replace(/[^\x20-\x7e]/g, '?');
  }

  ports(ports: Ports): Ports {
    return ports;
  }

  pipeline<P>(pipeline: P): P {
    return pipeline;
  }

  respond({ response }: Exchange): void {
    response?.headers.set(this.#name, this.#value);
  }

  end(): void {}
}

/** Where whoever knows its name reads the trace. */
interface TraceLocation {
  readonly name: string;
  readonly url: string;
}

class RunningTrace implements RequestTrace {
  readonly #options: RequestTracerOptions;
  readonly #request: TraceableRequest;
  readonly #location: TraceLocation | null;
  readonly #builder: TraceBuilder;
  #exchange: Exchange | null = null;
  #current: StepInfo | null = null;

  constructor(options: RequestTracerOptions, request: TraceableRequest, location: TraceLocation | null) {
    this.#options = options;
    this.#request = request;
    this.#location = location;
    this.#builder = new TraceBuilder(randomUUID(), options.serviceName, createMasker(secretsOf(request)), options.now);
  }

  readonly onTrace = (info: StepInfo | null, message: string, data: unknown): void => {
    const named = isObject(data) && typeof data.source === 'string' ? data.source : null;
    const source = named ?? info?.source ?? this.#current?.source ?? 'api-inspector';
    this.#add(source, data === undefined ? { message } : { message, ...(isObject(data) ? data : { data }) });
  };

  /** Sees what goes to the backend and what comes back. */
  ports(ports: Ports): Ports {
    const { backend } = ports;
    return {
      ...ports,
      backend: {
        has: (id) => backend.has(id),
        forward: async (exchange, options) => {
          const started = performance.now();
          const { method, url, headers } = exchange.request;
          const origin = url.base ? `${url.base.scheme}://${url.base.host}:${url.base.port}` : '';
          this.#add('forward-request', {
            message: `Request is being forwarded to the backend service. Timeout set to ${options.timeoutMs / 1000} seconds.`,
            request: { method, url: `${origin}${url.target}`, headers: shownHeaders(headers) },
          });
          try {
            const response = await backend.forward(exchange, options);
            this.#add('forward-request', {
              response: {
                status: { code: response.status, reason: response.reason },
                headers: shownHeaders(response.headers),
              },
              ...(exchange.backendId === null ? {} : { backendId: exchange.backendId }),
              milliseconds: Math.round((performance.now() - started) * 1000) / 1000,
            });
            return response;
          } catch (error) {
            this.#add('forward-request', {
              message: 'The request to the backend failed.',
              error: error instanceof Error ? error.message : String(error),
              milliseconds: Math.round((performance.now() - started) * 1000) / 1000,
            });
            throw error;
          }
        },
      },
    };
  }

  pipeline(pipeline: Parameters<typeof tracedPipeline>[0], exchange: Exchange) {
    this.#exchange = exchange;
    this.#describe(exchange);
    return tracedPipeline(pipeline, {
      onBegin: (info) => {
        this.#current = info;
      },
      onStep: (info, data) => {
        if (info.source !== 'forward-request') this.#add(info.source, data);
      },
    });
  }

  respond(exchange: Exchange): void {
    const { response } = exchange;
    if (!this.#exchange) {
      // A preflight runs through no pipeline.
      this.#exchange = exchange;
      this.#describe(exchange);
    }
    if (!response) return;
    const { status, reason, headers } = response;
    this.#builder.add(sectionOfEnd(exchange), 'transfer-response', {
      message: 'Response is being sent to the caller.',
      response: { status: { code: status, reason }, headers: shownHeaders(headers) },
    });
    if (this.#location) headers.set('Ocp-Apim-Trace-Location', this.#location.url);
    else headers.set('Apim-Trace-Id', this.#builder.traceId);
    this.#options.keep(this.#builder, this.#location?.name ?? null, false);
  }

  end(exchange: Exchange, outcome: { readonly complete: boolean; readonly bytesSent: number } | null): void {
    const isComplete = outcome?.complete === true;
    this.#builder.add(sectionOfEnd(exchange), 'transfer-response', {
      message: isComplete
        ? 'Response has been sent to the caller in full.'
        : 'The caller went away before it had the whole response.',
      bytes: outcome?.bytesSent ?? 0,
    });
    this.#options.keep(this.#builder, this.#location?.name ?? null, true);
  }

  /** What was received, and which API, operation, product, subscription and user it belongs to. */
  #describe({ request, match, gateway, id }: Exchange): void {
    const { scheme, authority, path, query } = request.originalUrl;
    const { api, operation, product, subscription, user } = match;
    const url = `${scheme}://${authority}${path}${query === '' ? '' : `?${query}`}`;
    const headers = shownHeaders(request.headers);
    this.#add('api-inspector', { request: { method: request.method, url, headers, id, ipAddress: request.ipAddress } });
    this.#add('api-inspector', {
      configuration: {
        gateway: { id: gateway.gatewayId, region: gateway.region, isManaged: gateway.isManaged },
        api: this.#request.hasApi
          ? { id: api.name, from: `/${api.path}`, to: api.serviceUrl, revision: api.revision }
          : null,
        operation: { id: operation.name, method: operation.method, uriTemplate: operation.urlTemplate },
        product: product && { id: product.name },
        subscription: subscription && { id: subscription.name, name: subscription.displayName },
        user: user && { id: user.name, groups: user.groups },
      },
    });
  }

  #add(source: string, data: unknown): void {
    this.#builder.add(this.#exchange?.section ?? 'inbound', source, data);
  }
}

/** The way out belongs to outbound, whichever section answered. */
function sectionOfEnd({ section }: Exchange): 'outbound' | 'on-error' {
  return section === 'on-error' ? section : 'outbound';
}

function secretsOf({ match, model }: TraceableRequest): string[] {
  const { subscription, subscriptionKey } = match;
  return [
    ...model.namedValues.filter(({ secret }) => secret).map(({ value }) => value),
    subscriptionKey,
    subscription?.primaryKey ?? '',
    subscription?.secondaryKey ?? '',
  ];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
