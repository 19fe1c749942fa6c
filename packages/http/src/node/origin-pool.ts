import { Pool } from 'undici';
import { isWrittenBySender } from '../hop-by-hop.ts';
import { UpstreamError, type UpstreamLimits, type UpstreamOrigin, type UpstreamRequest } from '../upstream.ts';
import { ExchangeHandler, type ExchangeOutcome } from './exchange-handler.ts';
import { sendOnce } from './one-shot-request.ts';
import { authorityOf } from './proxy-tunnel.ts';
import { RequestStream } from './request-stream.ts';
import { type ConnectionProtocol, UpstreamConnector } from './upstream-connector.ts';

/** The connections to one origin: at most so many requests at a time, a bounded number waiting for their turn. */
export class OriginPool {
  lastUsed = 0;
  isClosed = false;
  #origin: UpstreamOrigin;
  #limits: UpstreamLimits;
  #protocol: ConnectionProtocol;
  #connector: UpstreamConnector;
  #pool: Pool;
  #running = new Set<ExchangeHandler>();
  #waiting: Waiting[] = [];

  constructor(origin: UpstreamOrigin, protocol: ConnectionProtocol, tunnelsAlways: boolean, limits: UpstreamLimits) {
    this.#origin = origin;
    this.#limits = limits;
    this.#protocol = protocol;
    this.#connector = new UpstreamConnector(origin, protocol, limits.connectTimeoutMs, tunnelsAlways);
    // useH2c is an option of undici's pool that its types do not know.
    const options: Pool.Options & { useH2c: boolean } = {
      connections: limits.connectionsPerOrigin,
      pipelining: 1,
      allowH2: protocol !== 'h1',
      useH2c: protocol === 'h2' && origin.scheme === 'http',
      connect: (_options, callback) => {
        this.#connector.connect((error, socket) => {
          if (error) callback(error, null);
          else if (socket) callback(null, socket);
        });
      },
      keepAliveTimeout: limits.idleTimeoutMs,
      keepAliveMaxTimeout: limits.idleTimeoutMs,
      // Each request has its own clock, which also covers waiting and connecting.
      headersTimeout: 0,
      bodyTimeout: limits.bodyIdleTimeoutMs,
      maxHeaderSize: limits.headerBytes,
    };
    this.#pool = new Pool(`${origin.scheme}://${authorityOf(origin)}`, options);
  }

  get isIdle(): boolean {
    return this.#running.size === 0 && this.#waiting.length === 0;
  }

  send(request: UpstreamRequest, upgrade: boolean, outcome: Omit<ExchangeOutcome, 'released'>): void {
    const upload =
      request.body !== null && !(request.body instanceof Uint8Array) ? new RequestStream(request.body) : null;
    const entry: Waiting = { request, upload, upgrade, handler: null, started: false };
    const handler = new ExchangeHandler(request, upload, {
      response: outcome.response,
      upgraded: outcome.upgraded,
      failed: (error) => {
        outcome.failed(error);
        // One that still waits has no connection that could report its end.
        if (!entry.started) this.#forget(entry);
      },
      released: () => {
        if (entry.started) this.#next(handler);
      },
    });
    entry.handler = handler;
    if (handler.isCancelled) {
      handler.release();
    } else if (this.#running.size < this.#limits.connectionsPerOrigin) {
      this.#start(entry, handler);
    } else if (this.#waiting.length < this.#limits.queuePerOrigin) {
      this.#waiting.push(entry);
    } else {
      handler.cancel(
        new UpstreamError(
          'limit',
          `${this.#limits.connectionsPerOrigin} requests to ${authorityOf(this.#origin)} are running and ${this.#limits.queuePerOrigin} are waiting.`,
        ),
      );
    }
  }

  /** Cancels what runs and waits, and closes the connections. */
  async close(): Promise<void> {
    this.isClosed = true;
    const error = new UpstreamError('aborted', 'The upstream client is closed.');
    for (const entry of [...this.#waiting]) entry.handler?.cancel(error);
    for (const handler of [...this.#running]) handler.cancel(error);
    await this.#pool.destroy(error);
  }

  #start(entry: Waiting, handler: ExchangeHandler): void {
    entry.started = true;
    this.#running.add(handler);
    const { request, upload, upgrade } = entry;
    const headers = this.#headers(request);
    const target = this.#connector.speaksToProxy
      ? `http://${authorityOf(this.#origin)}${request.target}`
      : request.target;
    if (this.#protocol === 'h1' && !upgrade && needsOneShot(request)) {
      sendOnce({ request, target, headers, upload, handler, connector: this.#connector, limits: this.#limits });
      return;
    }
    this.#pool.dispatch(
      {
        method: request.method,
        path: target,
        headers,
        body: upload ?? (request.body instanceof Uint8Array ? request.body : null),
        upgrade: upgrade ? 'websocket' : null,
        ...(this.#origin.scheme === 'https' ? { servername: this.#origin.host } : {}),
      },
      handler,
    );
  }

  #headers(request: UpstreamRequest): string[] {
    const headers: string[] = [];
    const { flat } = request.headers;
    for (let i = 0; i < flat.length; i += 2) {
      const name = flat[i] as string;
      if (!isWrittenBySender(name)) headers.push(name, flat[i + 1] as string);
    }
    if (request.body !== null && !(request.body instanceof Uint8Array) && request.body.length !== null)
      headers.push('Content-Length', String(request.body.length));
    if (this.#connector.speaksToProxy && this.#connector.proxy?.authorization)
      headers.push('Proxy-Authorization', this.#connector.proxy.authorization);
    return headers;
  }

  #forget(entry: Waiting): void {
    const at = this.#waiting.indexOf(entry);
    if (at >= 0) this.#waiting.splice(at, 1);
    entry.handler?.release();
  }

  #next(done: ExchangeHandler): void {
    this.#running.delete(done);
    const entry = this.#waiting.shift();
    if (entry?.handler) this.#start(entry, entry.handler);
  }
}

interface Waiting {
  readonly request: UpstreamRequest;
  readonly upload: RequestStream | null;
  readonly upgrade: boolean;
  handler: ExchangeHandler | null;
  started: boolean;
}

/** undici sends neither `Expect: 100-continue` nor request trailers over HTTP/1.1. */
function needsOneShot(request: UpstreamRequest): boolean {
  if (request.body === null) return false;
  if (request.continueTimeoutMs !== null) return true;
  return !(request.body instanceof Uint8Array) && request.body.length === null && request.headers.has('trailer');
}
