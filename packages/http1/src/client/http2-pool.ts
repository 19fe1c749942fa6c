import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { authorityOf, UpstreamError, type UpstreamLimits, type UpstreamRequest } from '@lazuli/http';
import type { ConnectAttempt, ConnectOutcome, Connector } from './connector.ts';
import { Exchange, type ExchangeQueue, type UpstreamAnswer } from './exchange.ts';
import { http2Fields } from './http2-head.ts';
import { Http2Request, type Http2RequestOwner } from './http2-request.ts';
import type { ReadSocket } from './read-socket.ts';

interface Session {
  readonly http2: ClientHttp2Session;
  readonly running: Set<Http2Request>;
  /** Takes no new requests: the backend said so, or it is closing. */
  isRetired: boolean;
  /** How many streams the backend allows is known. */
  isReady: boolean;
  quietSince: number;
}

/** The HTTP/2 connections to one origin: one, unless the backend allows fewer streams than are wanted. */
export class Http2Pool implements ConnectOutcome, ExchangeQueue, Http2RequestOwner {
  lastUsed = 0;
  isClosed = false;
  #connector: Connector;
  #limits: UpstreamLimits;
  /** Is called when the backend speaks HTTP/1.1 only; null: that is a failure. */
  #fallBack: (() => void) | null;
  #sessions = new Set<Session>();
  #owners = new Map<Http2Request, Session>();
  #waiting: Exchange[] = [];
  #attempt: ConnectAttempt | null = null;
  #fields = new WeakMap<Exchange, readonly string[]>();

  constructor(connector: Connector, limits: UpstreamLimits, fallBack: (() => void) | null) {
    this.#connector = connector;
    this.#limits = limits;
    this.#fallBack = fallBack;
  }

  get isIdle(): boolean {
    return this.#owners.size === 0 && this.#waiting.length === 0;
  }

  get isEmpty(): boolean {
    return this.#sessions.size === 0 && this.#waiting.length === 0 && this.#attempt === null;
  }

  /** @throws {UpstreamError} when the request cannot be written. */
  send(
    request: UpstreamRequest,
    answer: (answer: UpstreamAnswer) => void,
    failed: (error: UpstreamError) => void,
  ): void {
    const fields = http2Fields(request);
    const exchange = new Exchange(request, '', this, answer, null, failed);
    if (exchange.isOver) return;
    this.#fields.set(exchange, fields);
    const { connectionsPerOrigin, queuePerOrigin } = this.#limits;
    if (this.#owners.size + this.#waiting.length >= connectionsPerOrigin + queuePerOrigin) {
      exchange.fail(
        new UpstreamError(
          'limit',
          `${connectionsPerOrigin} requests to ${this.#connector.where} are running and ${queuePerOrigin} are waiting.`,
        ),
      );
      return;
    }
    this.#waiting.push(exchange);
    this.#serve();
  }

  /** Takes everything that waits out of the queue, for another pool. */
  takeWaiting(): Exchange[] {
    return this.#waiting.splice(0);
  }

  ended(request: Http2Request): void {
    const session = this.#owners.get(request);
    this.#owners.delete(request);
    session?.running.delete(request);
    if (session?.isRetired && session.running.size === 0) session.http2.close();
    this.#serve();
  }

  refused(exchange: Exchange): void {
    if (this.isClosed) {
      exchange.fail(closed());
      return;
    }
    this.#waiting.unshift(exchange);
  }

  forget(exchange: Exchange): void {
    const at = this.#waiting.indexOf(exchange);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  connected(_attempt: ConnectAttempt, { socket }: ReadSocket): void {
    this.#attempt = null;
    if (this.isClosed) {
      socket.destroy();
      return;
    }
    if ('alpnProtocol' in socket && socket.alpnProtocol !== 'h2') {
      socket.destroy();
      if (this.#fallBack !== null) this.#fallBack();
      else this.#failWaiting(new UpstreamError('protocol', `${this.#connector.where} does not speak HTTP/2.`));
      return;
    }
    const { origin } = this.#connector;
    const http2 = connectHttp2(`${origin.scheme}://${authorityOf(origin)}`, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: 1024 * 1024 },
      maxHeaderListPairs: 1000,
    });
    const session: Session = { http2, running: new Set(), isRetired: false, isReady: false, quietSince: -1 };
    this.#sessions.add(session);
    // The streams tell what that means for their requests.
    http2.on('error', () => {
      session.isRetired = true;
    });
    http2.on('goaway', () => {
      session.isRetired = true;
    });
    http2.on('close', () => {
      session.isRetired = true;
      this.#sessions.delete(session);
      // Another attempt would end the same way.
      if (!session.isReady)
        this.#failWaiting(new UpstreamError('protocol', `${this.#connector.where} does not speak HTTP/2.`));
      this.#serve();
    });
    http2.on('remoteSettings', () => {
      session.isReady = true;
      this.#serve();
    });
  }

  failed(_attempt: ConnectAttempt, error: UpstreamError): void {
    this.#attempt = null;
    this.#failWaiting(error);
  }

  /** Called every few milliseconds; `now` in milliseconds. */
  checkTime(now: number): void {
    this.#attempt?.checkTime(now);
    for (let i = this.#waiting.length - 1; i >= 0; i--) this.#waiting[i]?.checkTime(now);
    for (const request of this.#owners.keys()) {
      const wasAnswered = request.exchange.isAnswered;
      request.checkTime(now);
      // A connection that swallows a request may be dead: the next ones get another.
      const session = this.#owners.get(request);
      if (session && !wasAnswered && request.exchange.isOver) session.isRetired = true;
    }
    for (const session of this.#sessions) {
      if (!session.isReady) this.#checkOpening(session, now);
      else if (session.running.size > 0 || session.quietSince < 0) session.quietSince = now;
      else if (session.isRetired || now - session.quietSince >= this.#limits.idleTimeoutMs) session.http2.close();
    }
  }

  close(): void {
    this.isClosed = true;
    const error = closed();
    this.#failWaiting(error);
    this.#attempt?.cancel();
    this.#attempt = null;
    for (const request of [...this.#owners.keys()]) request.exchange.fail(error);
    for (const { http2 } of this.#sessions) http2.destroy();
  }

  /** The backend's settings are the first thing that it has to send. */
  #checkOpening(session: Session, now: number): void {
    if (session.quietSince < 0) session.quietSince = now;
    if (session.isRetired || now - session.quietSince < this.#limits.connectTimeoutMs) return;
    session.isRetired = true;
    session.http2.destroy();
    this.#failWaiting(new UpstreamError('connect', `${this.#connector.where} does not speak HTTP/2.`));
  }

  #failWaiting(error: UpstreamError): void {
    for (const exchange of this.#waiting.splice(0)) exchange.fail(error);
  }

  /** Gives those that wait to connections that have room; asks for one more connection when none has. */
  #serve(): void {
    while (!this.isClosed && this.#waiting.length > 0 && this.#owners.size < this.#limits.connectionsPerOrigin) {
      const session = this.#sessionWithRoom();
      if (session === null) {
        if (this.#attempt !== null || this.#isOpening) return;
        const attempt = this.#connector.connect(this);
        this.#attempt = attempt;
        attempt.start();
        return;
      }
      const exchange = this.#waiting.shift() as Exchange;
      this.#start(session, exchange);
    }
  }

  #start(session: Session, exchange: Exchange): void {
    try {
      const fields = this.#fields.get(exchange) ?? [];
      const request = new Http2Request(session.http2, exchange, fields, this.#limits.bodyIdleTimeoutMs, this);
      session.running.add(request);
      this.#owners.set(request, session);
    } catch (error) {
      exchange.connection = null;
      exchange.fail(new UpstreamError('protocol', `The request cannot be sent: ${String(error)}`, { cause: error }));
    }
  }

  /** A connection is there that has not said yet how many streams it takes. */
  get #isOpening(): boolean {
    for (const session of this.#sessions) if (!session.isReady && !session.isRetired) return true;
    return false;
  }

  #sessionWithRoom(): Session | null {
    for (const session of this.#sessions) {
      if (!session.isReady || session.isRetired || session.http2.closed || session.http2.destroyed) continue;
      if (session.running.size < (session.http2.remoteSettings?.maxConcurrentStreams ?? 100)) return session;
    }
    return null;
  }
}

function closed(): UpstreamError {
  return new UpstreamError('aborted', 'The upstream client is closed.');
}
