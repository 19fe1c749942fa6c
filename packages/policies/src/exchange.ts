import type { ContextHost } from '@lazuli/expressions';
import type { Api, Operation, Product, Subscription, User } from '@lazuli/resources';
import type { BackendUrl } from './http/backend-url.ts';
import type { MessageBody } from './http/body.ts';
import type { Cancellation } from './http/cancellation.ts';
import type { HeaderList } from './http/header-list.ts';
import type { Section, StepInfo } from './pipeline/step.ts';
import type { ClientCertificate, Ports } from './ports/ports.ts';

/** What the router found for a request. */
export interface RouteMatch {
  readonly api: Api;
  readonly operation: Operation;
  /** Values of the URL template's parameters, percent-decoded. */
  readonly matchedParameters: ReadonlyMap<string, string>;
  /** The product context, or null. */
  readonly product: Product | null;
  readonly subscription: Subscription | null;
  /** The key that was presented, or empty. */
  readonly subscriptionKey: string;
  readonly user: User | null;
  /** Where the API's own part of the path ends: what the caller's path below the API suffix begins with. */
  readonly operationPath: string;
}

export interface OriginalUrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** The Host header as it was sent; empty when there was none. */
  readonly authority: string;
  readonly path: string;
  readonly query: string;
}

export interface ExchangeRequest {
  method: string;
  readonly httpVersion: string;
  /** As the caller sent it: scheme, host and port of the listener or Host header, path and query as written. */
  readonly originalUrl: OriginalUrlParts;
  readonly url: BackendUrl;
  readonly headers: HeaderList;
  /** Null when the request has no body; `set-body` may put one here. */
  body: MessageBody | null;
  readonly ipAddress: string;
  /** The client certificate in DER; asked for only when an expression does. */
  readonly certificate: () => Uint8Array | null;
}

export interface ExchangeResponse {
  status: number;
  reason: string;
  readonly headers: HeaderList;
  body: MessageBody | null;
}

export interface LastError {
  readonly source: string;
  readonly reason: string;
  readonly message: string;
  readonly scope: string;
  readonly section: string;
  readonly path: string;
  readonly policyId: string;
  readonly httpErrorCode: number;
}

/** Where `set-backend-service` sent the request; null: the API's service URL. */
export type BackendChoice = { readonly kind: 'url' } | { readonly kind: 'entity'; readonly backendId: string } | null;

/** Facts about one gateway process that expressions can see. */
export interface GatewayIdentity {
  readonly region: string;
  readonly serviceName: string;
  readonly serviceId: string;
  readonly gatewayId: string;
  readonly instanceId: string;
  readonly isManaged: boolean;
  /** Host and port as callers know them, for realms and links. */
  readonly gatewayUrl: string;
}

export interface ExchangeLimits {
  /** Bytes of a body that policies may read. */
  readonly policyBodyBytes: number;
}

/** What policies ask of the connection to the backend, besides what the backend entity says. */
export interface OutgoingConnection {
  /** `authentication-certificate`. */
  certificate: ClientCertificate | null;
  /** `proxy`. */
  proxy: { readonly url: string; readonly username: string | null; readonly password: string | null } | null;
}

/** One request on its way through the pipeline: all of its state that steps read and change. */
export interface Exchange {
  /** A GUID. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly match: RouteMatch;
  readonly request: ExchangeRequest;
  response: ExchangeResponse | null;
  /** UNIFORM values by name. */
  readonly variables: Map<string, unknown>;
  backend: BackendChoice;
  /** Member of the pool that answered, or the backend entity; for telemetry and `context.Backend`. */
  backendId: string | null;
  readonly connection: OutgoingConnection;
  lastError: LastError | null;
  section: Section;
  readonly ports: Ports;
  readonly gateway: GatewayIdentity;
  readonly limits: ExchangeLimits;
  /** Happens when the client is gone. */
  readonly cancellation: Cancellation;
  /** Aborts when the client is gone. Costs more to have than {@link cancellation}. */
  readonly signal: AbortSignal;
  /** The C# `context`, made when first asked for. */
  readonly context: ContextHost;
  /** Runs after outbound (or on-error), before the response is sent: counters that increment then. In order. */
  readonly atEnd: (() => void | Promise<void>)[];
  /** Runs when the exchange is over, whatever happened: concurrency slots. Must not throw. */
  readonly onClose: (() => void)[];
  /** State that policies share within one request (cache-lookup and cache-store), by a symbol of theirs. */
  readonly notes: Map<symbol, unknown>;
  /** A trace entry; costs nothing unless the request is traced. */
  trace(info: StepInfo | null, message: string, data?: unknown): void;
}
