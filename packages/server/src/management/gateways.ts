import type { AccessRecord, Gateway, Snapshot } from '@lazuli/gateway';
import type { InboundRequest, RequestHandler } from '@lazuli/http';
import { HeaderList, type TokenPort } from '@lazuli/policies';
import type { Runtime } from '../runtime.ts';
import type { RequestTracer } from '../tracing/request-tracer.ts';
import type { PublishedService } from './publisher.ts';

/** Who looks at the requests of a service, and as whom it signs in. */
export interface ServiceFacts {
  readonly tracer: RequestTracer;
  readonly onComplete: (record: AccessRecord) => void;
  readonly tokens: TokenPort;
}

interface Served {
  readonly gateway: Gateway;
  readonly tracer: RequestTracer;
}

/**
 * The gateways of all services of one process. A request goes to the service that its host name begins with
 * (`contoso.azure-api.net`, `contoso.localhost`), and any other to the first one.
 */
export class Gateways {
  readonly #runtime: Pick<Runtime, 'createGateway'>;
  /** By name in lower case, in the order in which they came. */
  readonly #gateways = new Map<string, Served>();
  readonly #factsOf: (service: PublishedService) => ServiceFacts;

  constructor(runtime: Pick<Runtime, 'createGateway'>, factsOf: (service: PublishedService) => ServiceFacts) {
    this.#runtime = runtime;
    this.#factsOf = factsOf;
  }

  readonly handler: RequestHandler = (request) => {
    const served = this.#gateways.get(firstLabel(request.authority)) ?? this.#gateways.values().next().value;
    if (served) served.gateway.handler(request);
    else noService(request);
  };

  /** Requests to the service from now on run on `snapshot`. */
  serve(service: PublishedService, snapshot: Snapshot): void {
    const key = service.name.toLowerCase();
    const known = this.#gateways.get(key);
    if (known) {
      known.tracer.serve(snapshot.model);
      known.gateway.swap(snapshot);
      return;
    }
    const { tracer, onComplete, tokens } = this.#factsOf(service);
    const gateway = this.#runtime.createGateway(snapshot, service, {
      tracing: tracer.serve(snapshot.model),
      onComplete,
      tokens,
    });
    this.#gateways.set(key, { tracer, gateway });
  }

  remove(name: string): void {
    this.#gateways.delete(name.toLowerCase());
  }

  startDraining(): void {
    for (const { gateway } of this.#gateways.values()) gateway.startDraining();
  }

  async flushEvents(): Promise<void> {
    await Promise.all([...this.#gateways.values()].map(({ gateway }) => gateway.flushEvents()));
  }
}

function firstLabel(authority: string): string {
  const end = authority.search(/[.:]/);
  return (end < 0 ? authority : authority.slice(0, end)).toLowerCase();
}

const nothingHere = Buffer.from('{ "statusCode": 404, "message": "No API Management service has been created yet." }');

function noService(request: InboundRequest): void {
  const headers = new HeaderList(['Content-Type', 'application/json']);
  void request.respond({ status: 404, reason: 'Not Found', headers }, nothingHere);
}
