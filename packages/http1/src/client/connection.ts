import { forwardableTrailers, toUpstreamError, UpgradedSocket, UpstreamError } from '@lazuli/http';
import { HeaderList } from '@lazuli/policies';
import type { WriteOwner } from '../socket/direct-writer.ts';
import type { FieldLimits } from '../syntax/field-reader.ts';
import { useAgain } from '../syntax/read-copies.ts';
import type { Exchange } from './exchange.ts';
import { keepAliveMs } from './keep-alive.ts';
import { bytesAtOnce, type ReadSocket, type ReadTarget } from './read-socket.ts';
import { RequestSender } from './request-sender.ts';
import { type BodyOrigin, CompleteBody, StreamedBody } from './response-body.ts';
import { ResponseReader } from './response-reader.ts';

/** What a connection tells the pool that it belongs to. */
export interface ConnectionOwner {
  /** It can carry the next exchange; `isDrained` says that nothing more has arrived on it. */
  free(connection: Connection, isDrained: boolean): void;
  /** It will never carry one again. Called once. */
  gone(connection: Connection): void;
  /** Sends an exchange once more, on a new connection. */
  repeat(exchange: Exchange): void;
}

export interface ConnectionLimits {
  readonly fields: FieldLimits;
  readonly idleMs: number;
  /** 0: no limit. */
  readonly bodyIdleMs: number;
}

/**
 * One HTTP/1.1 connection, one exchange at a time. Bytes that come between exchanges, or behind the end of a response,
 * end it: nothing that a backend sends unasked can be taken for the answer to a later request.
 */
export class Connection implements ReadTarget, BodyOrigin, WriteOwner {
  readonly socket: ReadSocket['socket'];
  /** Null: it is idle, upgraded or closed. */
  #exchange: Exchange | null = null;
  #sender: RequestSender;
  #reader: ResponseReader;
  #owner: ConnectionOwner;
  #limits: ConnectionLimits;
  #readsAhead: boolean;
  #body: StreamedBody | null = null;
  #upgraded: UpgradedSocket | null = null;
  #isDestroyed = false;
  /** Something of the response has been read. */
  #hasResponded = false;
  /** The response allows another one behind it. */
  #isKept = false;
  #isInsideRead = false;
  #error: Error | null = null;
  #idleMs: number;
  /** Something happened since the clock last looked. */
  #wasActive = true;
  /** Since when the clock has found nothing new. */
  #quietSince = 0;

  constructor(from: ReadSocket, owner: ConnectionOwner, limits: ConnectionLimits) {
    this.socket = from.socket;
    this.#readsAhead = from.readsAhead;
    this.#owner = owner;
    this.#limits = limits;
    this.#idleMs = limits.idleMs;
    this.#sender = new RequestSender(from.socket, this);
    this.#reader = new ResponseReader(limits.fields);
    const { socket } = this;
    socket.on('error', (error) => {
      this.#error ??= error;
    });
    socket.on('end', () => this.#peerEnded());
    socket.on('close', () => this.#closed());
    socket.on('drain', () => this.written());
    from.readInto(this);
  }

  /** May an exchange be written to it? */
  get isUsable(): boolean {
    return this.#exchange === null && this.socket.writable && this.socket.readable;
  }

  send(exchange: Exchange): void {
    this.#exchange = exchange;
    exchange.connection = this;
    this.#hasResponded = false;
    this.#wasActive = true;
    this.#reader.begin(exchange.request.method);
    this.#sender.send(exchange);
    // The kernel refused the very first write: nothing of the request has left.
    const { errored } = this.socket;
    if (errored !== null && this.#exchange === exchange) this.#lost(errored, true);
  }

  received(bytes: Buffer, size: number): boolean {
    const exchange = this.#exchange;
    if (exchange === null) return this.#receivedUnasked(bytes, size);
    if (this.#sender.hasSentNothing) {
      this.#lost(null, true);
      return false;
    }
    const reader = this.#reader;
    this.#wasActive = true;
    this.#hasResponded = true;
    this.#isInsideRead = true;
    if (reader.state === 'content') this.#receiveContent(bytes, 0, size);
    else this.#receiveHead(exchange, bytes, size);
    this.#isInsideRead = false;
    return this.#body === null || this.#body.isFlowing;
  }

  written(): void {
    this.#sender.drained();
  }

  refused(): void {
    if (this.#exchange !== null) this.#lost(this.socket.errored, true);
  }

  pauseReading(): void {
    // Inside of a read, its result says so.
    if (!this.#isInsideRead) this.socket.pause();
  }

  resumeReading(): void {
    if (!this.#isDestroyed) this.socket.resume();
  }

  abandon(reason: Error): void {
    this.#exchange?.fail(new UpstreamError('aborted', 'The response is not wanted.', { cause: reason }));
  }

  /** Ends the connection because its exchange has failed. */
  drop(error: UpstreamError): void {
    const body = this.#body;
    this.#sender.stop(error);
    this.destroy();
    body?.fail(error);
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#exchange = null;
    this.#body = null;
    this.socket.destroy();
    if (this.#upgraded === null) this.#owner.gone(this);
  }

  /** Fails what runs on it, and closes it. */
  close(error: UpstreamError): void {
    if (this.#exchange !== null) this.#exchange.fail(error);
    else this.destroy();
  }

  /** Called every few milliseconds; `now` in milliseconds. */
  checkTime(now: number): void {
    const exchange = this.#exchange;
    if (exchange !== null && !exchange.isAnswered) {
      exchange.checkTime(now);
      const { continueTimeoutMs } = exchange.request;
      if (this.#sender.awaitsContinue && this.#quietFor(now) >= (continueTimeoutMs ?? 0)) this.#sender.continue();
      return;
    }
    const body = this.#body;
    if (this.#upgraded !== null) return;
    if (exchange === null) {
      if (this.#quietFor(now) >= this.#idleMs) this.destroy();
    } else if (body === null || (!body.isFlowing && !body.isUntouched)) {
      // Whoever reads has asked to wait: the silence is his own.
      this.#wasActive = true;
    } else if (this.#limits.bodyIdleMs > 0 && this.#quietFor(now) >= this.#limits.bodyIdleMs) {
      const message = body.isFlowing ? 'The backend fell silent inside of its response.' : 'Nobody reads the response.';
      exchange.fail(new UpstreamError('timeout', message));
    }
  }

  #quietFor(now: number): number {
    if (this.#wasActive) {
      this.#wasActive = false;
      this.#quietSince = now;
    }
    return now - this.#quietSince;
  }

  #receivedUnasked(bytes: Buffer, size: number): boolean {
    if (this.#upgraded !== null) return this.#upgraded.push(Buffer.from(bytes.subarray(0, size)));
    this.destroy();
    return false;
  }

  #receiveHead(exchange: Exchange, bytes: Buffer, size: number): void {
    const reader = this.#reader;
    let at = 0;
    do {
      reader.readHead(bytes, at, size);
      at = reader.at;
      if (reader.problem !== null) {
        this.#refuse(reader.problem);
        return;
      }
      if (reader.state === 'interim') {
        if (reader.head.status === 101) {
          this.#switchProtocols(exchange, bytes, at, size);
          return;
        }
        if (reader.head.status === 100) this.#sender.continue();
        if (this.#exchange !== exchange) return;
      }
    } while (reader.state === 'interim' && at < size);
    if (reader.state === 'head' || reader.state === 'interim') return;
    this.#answer(exchange, bytes, at, size);
  }

  /** The head of the final response is here. */
  #answer(exchange: Exchange, bytes: Buffer, start: number, size: number): void {
    const reader = this.#reader;
    const { head, length } = reader;
    const content = reader.state === 'content' && start < size ? reader.readContent(bytes, start, size) : null;
    if (reader.problem !== null) {
      this.#refuse(reader.problem);
      return;
    }
    const { at } = reader;
    if (!reader.hasContent && at < size) {
      this.#refuse('has content where none is allowed.');
      return;
    }
    this.#isKept = head.httpVersion === '1.1' ? !head.closes : head.keepsAlive && !head.closes;
    // A final status in place of 100 Continue: the body stays here (RFC 9110 section 10.1.1).
    if (this.#sender.awaitsContinue) {
      this.#isKept = false;
      this.#sender.stop(new Error('The backend answered without wanting the body.'));
    }
    const answer = {
      status: head.status,
      reason: head.reason,
      headers: new HeaderList(head.flat),
      body: null as CompleteBody | StreamedBody | null,
      httpVersion: head.httpVersion,
    };
    if (reader.state === 'complete') {
      if (content !== null || (reader.hasContent && length !== 0))
        answer.body = new CompleteBody(content ?? nothing, length, forwardableTrailers(reader.trailers));
      this.#complete(exchange, at, size);
      exchange.answer(answer);
      return;
    }
    const body = new StreamedBody(this, length);
    if (content !== null) body.data(content);
    this.#body = body;
    answer.body = body;
    exchange.answer(answer);
  }

  #receiveContent(bytes: Buffer, start: number, size: number): void {
    const exchange = this.#exchange as Exchange;
    const body = this.#body as StreamedBody;
    const reader = this.#reader;
    const content = reader.readContent(bytes, start, size);
    if (reader.problem !== null) {
      this.#refuse(reader.problem);
      return;
    }
    // Whoever gets the content may end the exchange; the reader has left `bytes` behind.
    const { at } = reader;
    const isComplete = reader.state === 'complete';
    if (content !== null && body.data(content)) useAgain(content);
    if (!isComplete || this.#exchange !== exchange) return;
    const trailers = forwardableTrailers(reader.trailers);
    this.#complete(exchange, at, size);
    body.end(trailers);
  }

  /** The response is complete: the connection is free for the next exchange, or closed. */
  #complete(exchange: Exchange, at: number, size: number): void {
    exchange.finish();
    this.#exchange = null;
    this.#body = null;
    const isSent = this.#sender.hasSentAll;
    this.#sender.stop(answeredEarly);
    if (!this.#isKept || !isSent || at < size) {
      this.destroy();
      return;
    }
    this.#idleMs = Math.min(this.#limits.idleMs, keepAliveMs(this.#reader.head.flat));
    this.#wasActive = true;
    if (this.#idleMs === 0) this.destroy();
    else this.#owner.free(this, !this.#readsAhead && size < bytesAtOnce);
  }

  #switchProtocols(exchange: Exchange, bytes: Buffer, at: number, size: number): void {
    const { head } = this.#reader;
    if (!exchange.isUpgrade) {
      this.#refuse('switches protocols without being asked to.');
      return;
    }
    if (!head.connectionUpgrades || head.upgrade?.toLowerCase() !== 'websocket') {
      this.#refuse('switches to a protocol that was not asked for.');
      return;
    }
    const upgraded = new UpgradedSocket(this.socket);
    this.#upgraded = upgraded;
    this.#exchange = null;
    if (at < size) upgraded.push(Buffer.from(bytes.subarray(at, size)));
    exchange.upgraded(
      {
        status: 101,
        reason: head.reason,
        headers: new HeaderList(head.flat),
        body: null,
        httpVersion: head.httpVersion,
      },
      upgraded,
    );
  }

  #refuse(problem: string): void {
    this.#exchange?.fail(new UpstreamError('protocol', `The response of the backend ${problem}`));
  }

  #peerEnded(): void {
    if (this.#upgraded !== null) {
      this.#upgraded.push(null);
      return;
    }
    const exchange = this.#exchange;
    if (exchange === null) {
      this.destroy();
      return;
    }
    const reader = this.#reader;
    const body = this.#body;
    reader.end();
    if (reader.state === 'complete' && body !== null) {
      this.#isKept = false;
      this.#complete(exchange, 0, 0);
      body.end([]);
    } else this.#lost(null, this.#sender.hasSentNothing);
  }

  #closed(): void {
    if (this.#upgraded !== null) {
      this.#isDestroyed = true;
      this.#upgraded.destroy();
      this.#owner.gone(this);
    } else if (this.#exchange !== null) this.#lost(this.#error, this.#sender.hasSentNothing);
    else this.destroy();
  }

  /**
   * The backend is gone before its response was complete. A request of which nothing has left this side is sent again, once,
   * on a new connection. Once a byte is out, the backend may have acted on it: repeating is for a `retry` policy to decide.
   */
  #lost(cause: Error | null, nothingWasSent: boolean): void {
    const exchange = this.#exchange as Exchange;
    const { request } = exchange;
    const isReplayable = request.body === null || request.body instanceof Uint8Array;
    if (nothingWasSent && isReplayable && !this.#hasResponded && !exchange.isRepeated) {
      exchange.isRepeated = true;
      exchange.connection = null;
      this.destroy();
      this.#owner.repeat(exchange);
      return;
    }
    exchange.fail(
      cause === null
        ? new UpstreamError('reset', 'The backend closed the connection before its response was complete.')
        : toUpstreamError(cause),
    );
  }
}

const nothing = Buffer.alloc(0);

const answeredEarly = new Error('The backend answered without wanting the rest of the body.');
