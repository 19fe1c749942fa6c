import type { Exchange } from '../exchange.ts';
import type { BodySource } from '../http/body.ts';
import type { HeaderList } from '../http/header-list.ts';

/** Everything that policies reach the world through. The gateway and the server provide it; tests provide their own. */
export interface Ports {
  readonly backend: BackendPort;
  readonly http: HttpPort;
  readonly cache: CachePort;
  readonly counters: CounterPort;
  readonly clock: ClockPort;
  readonly certificates: CertificatePort;
  readonly log: LogPort;
  readonly metrics: MetricPort;
  readonly events: EventPort;
  readonly tokens: TokenPort;
}

type MaybePromise<T> = T | Promise<T>;

export interface ClockPort {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `ms`; rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

export interface ForwardOptions {
  /** Until the response's headers are here. */
  readonly timeoutMs: number;
  /** How long to wait for `100 Continue` before the body is sent anyway; null: do not ask for it. */
  readonly continueTimeoutMs: number | null;
  readonly httpVersion: '1' | '2or1' | '2';
  readonly followRedirects: boolean;
  readonly bufferRequestBody: boolean;
  readonly bufferResponse: boolean;
}

/** Sends the exchange's request to its backend (base URL, backend entity or pool, with circuit breakers). */
export interface BackendPort {
  /**
   * Resolves when the response's headers are here.
   * Rejects with `PolicyError`: `Timeout`, `BackendConnectionFailure`, or 503 when a circuit is open or a pool exhausted.
   */
  forward(exchange: Exchange, options: ForwardOptions): Promise<HttpResponse>;
  /** Does a backend entity of this name exist? */
  has(backendId: string): boolean;
}

export interface HttpRequest {
  readonly method: string;
  /** Absolute http(s) URL. */
  readonly url: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array | BodySource | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | null;
  /** Client certificate for TLS. */
  readonly certificate?: ClientCertificate;
  readonly proxy?: { readonly url: string; readonly username: string | null; readonly password: string | null };
}

export interface HttpResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderList;
  /** Null when the response has no body (204, 304, HEAD, Content-Length 0). */
  readonly body: BodySource | null;
}

/** Requests of the gateway's own: send-request, key sets, tokens. No circuit breaker, no retry. */
export interface HttpPort {
  /** Rejects with `PolicyError` `Timeout` or `BackendConnectionFailure`. */
  send(request: HttpRequest): Promise<HttpResponse>;
}

export interface ClientCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface CertificatePort {
  /** Resource names of all certificates. */
  names(): readonly string[];
  /** By resource name (`certificate-id`) or SHA-1 thumbprint (any case). */
  find(idOrThumbprint: string): { readonly certificatePem: string; readonly privateKeyPem: string | null } | undefined;
}

/** A cached response, or a value of `cache-store-value` (UNIFORM, see `@lazuli/expressions`). */
export type CacheEntry =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly reason: string;
      readonly headers: readonly string[];
      readonly body: Uint8Array;
    }
  | { readonly kind: 'value'; readonly value: unknown };

/** Volatile: may lose anything at any time. A failure is reported to the log by the implementation and reads as a miss. */
export interface CachePort {
  get(key: string): MaybePromise<CacheEntry | undefined>;
  /** `ttlMs` from now. */
  set(key: string, entry: CacheEntry, ttlMs: number): MaybePromise<void>;
  /** Says whether the removal worked (not whether the key existed). */
  remove(key: string): MaybePromise<boolean>;
}

export interface WindowState {
  /** False: the limit is reached, nothing was counted. */
  readonly allowed: boolean;
  /** Calls that are left in the window after this one; never negative. */
  readonly remaining: number;
  /** Until one more call would be allowed; 0 when it already is. */
  readonly retryAfterMs: number;
}

/** Counters that limits are kept in; exact within what shares one implementation. */
export interface CounterPort {
  /**
   * Sliding window over the last `periodMs`: counts `amount` if the sum stays within `limit`. With `amount` 0 it only looks
   * (`allowed` says whether one more call would fit).
   */
  slidingWindow(key: string, limit: number, periodMs: number, amount: number): MaybePromise<WindowState>;
  /** Adds to the window without asking whether it fits (increments after the response). */
  addToSlidingWindow(key: string, periodMs: number, amount: number): MaybePromise<void>;
  /** A quota: the sum in the fixed window that began at `windowStart` (ms), after adding `amount`. Survives a restart. `windowEnd` null: never ends. */
  addToFixedWindow(key: string, windowStart: number, windowEnd: number | null, amount: number): MaybePromise<number>;
  /** Concurrency: true when one more may enter; then `leave` must be called once. */
  enter(key: string, max: number): MaybePromise<boolean>;
  leave(key: string): void;
}

export interface LogPort {
  /** One fact, structured. Never keys, tokens or bodies. */
  write(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface MetricPort {
  emit(metric: {
    readonly namespace: string;
    readonly name: string;
    readonly value: number;
    readonly dimensions: readonly (readonly [string, string])[];
  }): void;
}

/** log-to-eventhub: hands an event to the logger of that name; delivery is asynchronous and never fails the request. */
export interface EventPort {
  has(loggerId: string): boolean;
  send(
    loggerId: string,
    event: { readonly body: string; readonly partitionId: string | null; readonly partitionKey: string | null },
  ): void;
}

/** authentication-managed-identity: access tokens of this gateway's identity. */
export interface TokenPort {
  /** Cached until shortly before expiry. Rejects with `PolicyError`. */
  acquire(
    resource: string,
    clientId: string | null,
  ): MaybePromise<{ readonly accessToken: string; readonly expiresOn: number }>;
}
