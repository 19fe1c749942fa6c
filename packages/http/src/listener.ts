import type { Socket } from 'node:net';
import type { BodySource, Cancellation, HeaderList } from '@lazuli/policies';

/**
 * The narrow face of the HTTP server side. `node/` holds the reference implementation over node:http and node:http2;
 * another implementation must pass the same suite.
 */
export interface HttpListener {
  /** Starts to accept. Rejects when the address cannot be bound, with a message that names it. */
  listen(): Promise<ListenerAddress>;
  /**
   * Serves a connection that somebody else accepted, as if it had come to the port; for a listener with TLS one whose handshake is
   * done. Bytes that were read from it must have been put back (`unshift`). May be called without `listen`.
   */
  accept(socket: Socket): void;
  /** Stops accepting, lets running requests finish for at most `graceMs`, then closes what is left. */
  drain(graceMs: number): Promise<void>;
  /** Connections that are open now. */
  readonly connections: number;
}

export interface ListenerAddress {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

export interface ListenerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly tls: TlsOptions | null;
  /** Other processes listen on the same port too, and the system divides the connections (SO_REUSEPORT). */
  readonly sharePort?: boolean;
  readonly limits: ListenerLimits;
  readonly handler: RequestHandler;
  /** Requests that were refused before they reached the handler (bad framing, too large): for the access log. */
  readonly onRefused: (refusal: {
    readonly status: number;
    readonly reason: string;
    readonly remoteAddress: string;
  }) => void;
}

export interface TlsOptions {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** Ask clients for a certificate; whether it is trusted is for policies to decide. */
  readonly requestClientCertificate: boolean;
  /** Offer HTTP/2 by ALPN. */
  readonly http2: boolean;
}

export interface ListenerLimits {
  /** Bytes of all header fields together. */
  readonly headerBytes: number;
  readonly headerCount: number;
  /** Bytes of the request target. */
  readonly urlBytes: number;
  /** Until the head is complete. */
  readonly headTimeoutMs: number;
  /** Until the whole request has arrived; 0: no limit. */
  readonly requestTimeoutMs: number;
  /** A kept-alive connection without a request. */
  readonly idleTimeoutMs: number;
  readonly connections: number;
}

export type RequestHandler = (request: InboundRequest) => void;

/** One request, its head complete and checked (RFC 9112 framing, one Host, a target that agrees with it). */
export interface InboundRequest {
  readonly method: string;
  /** Path and query exactly as sent (origin form; an absolute form is reduced to it). */
  readonly target: string;
  readonly httpVersion: '1.0' | '1.1' | '2.0';
  readonly scheme: 'http' | 'https';
  /** Value of Host or :authority. */
  readonly authority: string;
  readonly headers: HeaderList;
  /** Null when the request has none. */
  readonly body: BodySource | null;
  readonly remoteAddress: string;
  readonly localPort: number;
  /** DER of the client's certificate, or null. */
  clientCertificate(): Uint8Array | null;
  /** Happens when the client is gone before the response was sent. */
  readonly cancellation: Cancellation;
  /** The client asked for `Upgrade: websocket` (HTTP/1.1). */
  readonly isUpgrade: boolean;
  /** The client waits for `100 Continue`: sends it. Reading `body` sends it too. */
  sendContinue(): void;
  /**
   * Sends the response, once. Hop-by-hop headers are the caller's to remove; framing (Content-Length, chunked) is decided
   * here: bytes get a Content-Length, a source of known length too, any other is chunked (or ends with the connection on 1.0).
   * Resolves when the last byte has been handed to the socket or the client is gone; never rejects.
   */
  respond(head: ResponseHead, body: Uint8Array | BodySource | null): Promise<ResponseOutcome>;
  /**
   * Answers an upgrade: writes the 101 head and gives the raw connection over. Only when {@link isUpgrade}.
   */
  acceptUpgrade(head: ResponseHead): Duplex;
}

export interface ResponseHead {
  readonly status: number;
  /** Reason phrase; HTTP/2 drops it. */
  readonly reason: string;
  readonly headers: HeaderList;
}

export interface ResponseOutcome {
  /** The client took the whole response. */
  readonly complete: boolean;
  readonly bytesSent: number;
}

export type Duplex = import('node:stream').Duplex;
