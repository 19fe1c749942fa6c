import type { ResponseOutcome } from '@lazuli/http';
import type { Exchange, ExchangeInit, HeaderList, Pipeline, Ports, RouteMatch } from '@lazuli/policies';
import type { ServiceModel } from '@lazuli/resources';

/** Decides which requests are traced and takes what they tell. */
export interface RequestTracing {
  /** False: nobody may trace anything now, and requests are not even looked at. */
  readonly isActive: boolean;
  /** Null: the request does not ask for a trace. Takes credentials that are not the backend's out of `headers`. */
  begin(request: TraceableRequest): RequestTrace | null;
}

export interface TraceableRequest {
  readonly headers: HeaderList;
  readonly match: RouteMatch;
  /** False: no API took the request. */
  readonly hasApi: boolean;
  readonly model: ServiceModel;
}

/** The trace of one request, or why there is none. */
export interface RequestTrace {
  /** Null: the request is not traced. */
  readonly onTrace: NonNullable<ExchangeInit['onTrace']> | null;
  /** The ports that the exchange gets, so that calls to backends are seen. */
  ports(ports: Ports): Ports;
  /** The pipeline that runs, so that policies are seen. */
  pipeline(pipeline: Pipeline, exchange: Exchange): Pipeline;
  /** Adds headers to the response before it is sent. */
  respond(exchange: Exchange): void;
  end(exchange: Exchange, outcome: ResponseOutcome | null): void;
}
