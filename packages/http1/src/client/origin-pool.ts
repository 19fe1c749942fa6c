import {
  authorityOf,
  type UpgradedSocket,
  UpstreamError,
  type UpstreamLimits,
  type UpstreamOrigin,
  type UpstreamRequest,
} from '@lazuli/http';
import type { AddressCache } from './address-cache.ts';
import { Connection, type ConnectionLimits, type ConnectionOwner } from './connection.ts';
import { type ConnectAttempt, type ConnectOutcome, Connector } from './connector.ts';
import { abortUpload, Exchange, type ExchangeQueue, type UpstreamAnswer } from './exchange.ts';
import type { ReadSocket } from './read-socket.ts';
import { type RequestForm, writeRequestHead } from './request-head.ts';

export interface OriginPoolOptions {
  readonly origin: UpstreamOrigin;
  readonly tunnelsAlways: boolean;
  readonly limits: UpstreamLimits;
  readonly addresses: AddressCache;
  readonly shared: Buffer;
}

/**
 * The connections to one origin: the one that was used last is used next, at most so many at a time, and a bounded
 * number of exchanges waits for one.
 */
export class OriginPool implements ConnectionOwner, ConnectOutcome, ExchangeQueue {
  lastUsed = 0;
  isClosed = false;
  #limits: UpstreamLimits;
  #connectionLimits: ConnectionLimits;
  #connector: Connector;
  #form: RequestForm;
  #connections = new Set<Connection>();
  #idle: Connection[] = [];
  /** Free, but not before this step of the event loop is over. */
  #settling: Connection[] = [];
  #waiting: Exchange[] = [];
  /** Attempts, each with the exchange that it is for; null: for whoever waits the longest. */
  #attempts = new Map<ConnectAttempt, Exchange | null>();
  #repeats = 0;
  #isConnecting = false;

  /** @throws {UpstreamError} for a proxy whose URL cannot be used. */
  constructor({ origin, tunnelsAlways, limits, addresses, shared }: OriginPoolOptions) {
    this.#limits = limits;
    this.#connectionLimits = {
      fields: { headerBytes: limits.headerBytes, headerCount: mostFields },
      idleMs: limits.idleTimeoutMs,
      bodyIdleMs: limits.bodyIdleTimeoutMs,
    };
    this.#connector = new Connector(origin, tunnelsAlways, limits.connectTimeoutMs, addresses, shared);
    const { proxy, speaksToProxy } = this.#connector;
    const credentials = speaksToProxy ? (proxy?.authorization ?? null) : null;
    this.#form = {
      targetPrefix: speaksToProxy ? `http://${authorityOf(this.#connector.origin)}` : '',
      extraLines: credentials === null ? '' : `Proxy-Authorization: ${credentials}\r\n`,
    };
  }

  /** Nothing runs and nothing waits. */
  get isIdle(): boolean {
    return (
      this.#connections.size === this.#idle.length + this.#settling.length &&
      this.#waiting.length === 0 &&
      this.#repeats === 0
    );
  }

  /** There is nothing for the clock. */
  get isEmpty(): boolean {
    return this.#connections.size === 0 && this.#waiting.length === 0 && this.#attempts.size === 0;
  }

  /** @throws {UpstreamError} when the request cannot be written. */
  send(
    request: UpstreamRequest,
    answer: (answer: UpstreamAnswer) => void,
    upgraded: ((answer: UpstreamAnswer, socket: UpgradedSocket) => void) | null,
    failed: (error: UpstreamError) => void,
  ): void {
    const head = writeRequestHead(request, this.#form, upgraded !== null);
    const exchange = new Exchange(request, head, this, answer, upgraded, failed);
    if (!exchange.isOver) this.#place(exchange);
  }

  /**
   * Takes an exchange over that waited for another pool.
   * @throws {UpstreamError} when the request cannot be written.
   */
  adopt(exchange: Exchange): void {
    exchange.head = writeRequestHead(exchange.request, this.#form, false);
    exchange.queue = this;
    this.#place(exchange);
  }

  #place(exchange: Exchange): void {
    const connection = this.#takeIdle();
    if (connection !== null) connection.send(exchange);
    else if (this.#waiting.length < this.#freeSoon) {
      this.#waiting.push(exchange);
    } else if (this.#mayConnect) {
      this.#waiting.push(exchange);
      this.#connect(null);
    } else if (this.#waiting.length - this.#freeSoon < this.#limits.queuePerOrigin) {
      this.#waiting.push(exchange);
    } else {
      const { connectionsPerOrigin, queuePerOrigin } = this.#limits;
      exchange.fail(
        new UpstreamError(
          'limit',
          `${connectionsPerOrigin} requests to ${this.#connector.where} are running and ${queuePerOrigin} are waiting.`,
        ),
      );
    }
  }

  free(connection: Connection, isDrained: boolean): void {
    if (isDrained) {
      this.#next(connection);
      return;
    }
    // What the backend sent behind the response may be handed over in this same step: it must find nobody.
    if (this.#settling.length === 0) setImmediate(() => this.#settle());
    this.#settling.push(connection);
  }

  gone(connection: Connection): void {
    this.#connections.delete(connection);
    remove(this.#idle, connection);
    remove(this.#settling, connection);
    this.#connectForWaiting();
  }

  repeat(exchange: Exchange): void {
    if (this.isClosed) {
      exchange.fail(closed());
      return;
    }
    this.#repeats++;
    this.#connect(exchange);
  }

  forget(exchange: Exchange): void {
    remove(this.#waiting, exchange);
  }

  connected(attempt: ConnectAttempt, socket: ReadSocket): void {
    const repeated = this.#forgetAttempt(attempt);
    const connection = new Connection(socket, this, this.#connectionLimits);
    this.#connections.add(connection);
    if (repeated !== null && !repeated.isOver) connection.send(repeated);
    else this.#next(connection);
  }

  failed(attempt: ConnectAttempt, error: UpstreamError): void {
    const repeated = this.#forgetAttempt(attempt);
    const exchange = repeated ?? this.#waiting.shift();
    exchange?.fail(error);
    this.#connectForWaiting();
  }

  /** Called every few milliseconds; `now` in milliseconds. */
  checkTime(now: number): void {
    for (const connection of this.#connections) connection.checkTime(now);
    for (const [attempt, exchange] of this.#attempts) {
      attempt.checkTime(now);
      exchange?.checkTime(now);
    }
    // Those that are over leave the queue while it is gone through.
    for (let i = this.#waiting.length - 1; i >= 0; i--) this.#waiting[i]?.checkTime(now);
  }

  /** Cancels what runs and waits, and closes the connections. */
  close(): void {
    this.isClosed = true;
    const error = closed();
    for (const exchange of this.#waiting.splice(0)) exchange.fail(error);
    for (const [attempt, exchange] of this.#attempts) {
      attempt.cancel();
      exchange?.fail(error);
    }
    this.#attempts.clear();
    this.#repeats = 0;
    for (const connection of [...this.#connections]) connection.close(error);
  }

  get #mayConnect(): boolean {
    return !this.isClosed && this.#connections.size + this.#attempts.size < this.#limits.connectionsPerOrigin;
  }

  /** Connections that are being opened or will be free in a moment, for whoever waits. */
  get #freeSoon(): number {
    return this.#attempts.size - this.#repeats + this.#settling.length;
  }

  #takeIdle(): Connection | null {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined) return null;
      if (connection.isUsable) return connection;
      connection.destroy();
    }
  }

  #next(connection: Connection): void {
    if (this.isClosed) {
      connection.destroy();
      return;
    }
    if (!connection.isUsable) {
      connection.destroy();
      return;
    }
    const exchange = this.#waiting.shift();
    if (exchange === undefined) this.#idle.push(connection);
    else connection.send(exchange);
  }

  #settle(): void {
    for (const connection of this.#settling.splice(0)) this.#next(connection);
    this.#connectForWaiting();
  }

  #connect(exchange: Exchange | null): void {
    const attempt = this.#connector.connect(this);
    this.#attempts.set(attempt, exchange);
    attempt.start();
  }

  #connectForWaiting(): void {
    // An attempt may fail at once (the resolver's last failure is remembered): that must not end up here again.
    if (this.#isConnecting) return;
    this.#isConnecting = true;
    while (this.#waiting.length > this.#freeSoon && this.#mayConnect) this.#connect(null);
    this.#isConnecting = false;
  }

  #forgetAttempt(attempt: ConnectAttempt): Exchange | null {
    const exchange = this.#attempts.get(attempt) ?? null;
    this.#attempts.delete(attempt);
    if (exchange !== null) this.#repeats--;
    return exchange;
  }
}

/** For a request that reached no pool. */
export function refuse(request: UpstreamRequest, error: unknown): UpstreamError {
  const refusal =
    error instanceof UpstreamError ? error : new UpstreamError('protocol', String(error), { cause: error });
  abortUpload(request, refusal);
  return refusal;
}

function closed(): UpstreamError {
  return new UpstreamError('aborted', 'The upstream client is closed.');
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}

/** Header fields of one response. Their size is limited as well; this bounds what each of them costs beside its bytes. */
const mostFields = 1000;
