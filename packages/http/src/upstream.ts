import type { BodySource, Cancellation, ClientCertificate, HeaderList, HttpResponse } from '@lazuli/policies';
import type { Duplex } from './listener.ts';

/** The narrow face of the HTTP client side: pooled connections to backends. Another implementation must pass the same suite. */
export interface UpstreamClient {
  /**
   * Sends a request; resolves when the final response's headers are here. The response is checked: ambiguous framing
   * (CL with TE, a Transfer-Encoding other than exactly `chunked`, malformed lengths) is an {@link UpstreamError}.
   * @throws {UpstreamError}
   */
  request(request: UpstreamRequest): Promise<HttpResponse & { readonly httpVersion: string }>;
  /** Opens a WebSocket: sends the upgrade request; gives the raw connection after a 101, or the refusal. */
  upgrade(
    request: UpstreamRequest,
  ): Promise<
    | { readonly accepted: true; readonly response: HttpResponse; readonly socket: Duplex }
    | { readonly accepted: false; readonly response: HttpResponse }
  >;
  close(): Promise<void>;
}

export interface UpstreamRequest {
  readonly method: string;
  readonly origin: UpstreamOrigin;
  /** Path and query for the request line. */
  readonly target: string;
  /** Host included. Framing headers (Content-Length, Transfer-Encoding) are set here, not by the caller. */
  readonly headers: HeaderList;
  readonly body: Uint8Array | BodySource | null;
  /** Until the response's headers; 0: no limit. */
  readonly timeoutMs: number;
  /** Send `Expect: 100-continue` and wait this long; null: do not. */
  readonly continueTimeoutMs: number | null;
  readonly httpVersion: '1' | '2or1' | '2';
  /** Null: the answer is wanted whatever happens. */
  readonly cancellation: Cancellation | null;
}

/** What tells connection pools apart. */
export interface UpstreamOrigin {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly validateCertificateChain: boolean;
  readonly validateCertificateName: boolean;
  readonly certificate: ClientCertificate | null;
  readonly proxy: { readonly url: string; readonly username: string | null; readonly password: string | null } | null;
}

export interface UpstreamLimits {
  /** TCP, proxy and TLS handshakes together. */
  readonly connectTimeoutMs: number;
  /** Connections (HTTP/1.1) or requests (HTTP/2) to one origin at a time. */
  readonly connectionsPerOrigin: number;
  /** Requests that may wait for one of those; one more fails with `limit`. */
  readonly queuePerOrigin: number;
  /** A kept connection without a request; a shorter `Keep-Alive: timeout` of the backend counts. */
  readonly idleTimeoutMs: number;
  /** Silence inside a response body, while somebody wants to read it; 0: no limit. */
  readonly bodyIdleTimeoutMs: number;
  /** Bytes of a response's header fields. */
  readonly headerBytes: number;
  /** Connection pools kept; beyond it the one that was idle the longest goes. */
  readonly origins: number;
}

export type UpstreamFailure = 'timeout' | 'connect' | 'tls' | 'reset' | 'protocol' | 'aborted' | 'limit';

export class UpstreamError extends Error {
  readonly failure: UpstreamFailure;
  constructor(failure: UpstreamFailure, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UpstreamError';
    this.failure = failure;
  }
}
