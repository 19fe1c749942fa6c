import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import {
  type CheckedHead,
  certificateOf,
  type Duplex,
  type ListenerOptions,
  plainAddress,
  type ReadTarget,
  type Refusal,
  type ResponseHead,
  refusalBytes,
  UpgradedSocket,
} from '@lazuli/http';
import type { RequestHeadReader } from '../syntax/request-head-reader.ts';
import type { SweepClock } from './clock.ts';
import { Exchange } from './exchange.ts';
import { ExchangeQueue } from './exchange-queue.ts';
import { HalfCloseWatch } from './half-close-watch.ts';
import { ReadPieces } from './read-pieces.ts';
import { tooSlow } from './request-check.ts';
import { type IntakeOwner, RequestIntake } from './request-intake.ts';
import { failureBody, failureHead, writeUpgradeHead } from './response-head.ts';
import { SocketOutput } from './socket-output.ts';

/** What a connection needs of the listener that accepted it. */
export interface ConnectionHost {
  readonly options: ListenerOptions;
  readonly scheme: 'http' | 'https';
  readonly clock: SweepClock;
  /** New requests on kept connections are not wanted any more. */
  readonly isDraining: boolean;
  /** The connection speaks HTTP/2 (prior knowledge); `source` gives what the client sends. */
  serveHttp2(connection: Connection, socket: Socket, source: Duplex): void;
  /** It is closed. */
  released(connection: Connection): void;
}

/**
 * - `open`: requests come and are answered.
 * - `discarding`: the response is out, and the rest of its request's body is read for the sake of the connection only.
 * - `lingering`: the last response is out; the client may still be sending.
 * - `released`: closed, or somebody else's.
 */
type State = 'open' | 'discarding' | 'lingering' | 'released';

/** One HTTP/1.x connection: hands requests to the handler, keeps the order of the responses, and ends in good manners. */
export class Connection implements IntakeOwner, ReadTarget {
  readonly remoteAddress: string;
  readonly localPort: number;
  /** DER, taken when the connection was new: a closed one has forgotten it. */
  readonly clientCertificate: Uint8Array | null;
  readonly output: SocketOutput;
  #host: ConnectionHost;
  #socket: Socket | TLSSocket;
  #intake: RequestIntake;
  #queue = new ExchangeQueue();
  #state: State = 'open';
  /** The exchange whose body is being received. */
  #receiving: Exchange | null = null;
  /** Content of its body from the read that is going on. */
  #pieces = new ReadPieces();
  #isUpgradeHanded = false;
  #hasHadRequest = false;
  /** What arrives is overwritten by what arrives next. */
  #isShared: boolean;
  #upgraded: UpgradedSocket | null = null;
  #isPaused = false;
  #isRefused = false;
  /** Goes out behind the responses of the requests before it. */
  #refusal: Buffer | null = null;
  /** While discarding, lingering, or behind the last request. */
  #bytesThrownAway = 0;
  /** Clock times; 0: none. */
  #readDeadline: number;
  #halfClose = new HalfCloseWatch();

  /** `isShared`: somebody calls {@link received}; otherwise the socket is read as a stream. */
  constructor(host: ConnectionHost, socket: Socket | TLSSocket, isShared: boolean) {
    const { limits, tls } = host.options;
    this.#isShared = isShared;
    this.#host = host;
    this.#socket = socket;
    this.remoteAddress = plainAddress(socket.remoteAddress);
    this.localPort = socket.localPort ?? 0;
    this.clientCertificate = tls?.requestClientCertificate ? certificateOf(socket) : null;
    this.output = new SocketOutput(socket, tls !== null, limits.idleTimeoutMs, () => this.#drained());
    this.#intake = new RequestIntake(this, limits, host.scheme, isShared);
    this.#readDeadline = host.clock.deadline(this.#headTimeout);
    if (!isShared) socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('timeout', this.#onTimeout);
    socket.on('error', ignore);
    socket.on('close', this.#onClose);
  }

  get scheme(): 'http' | 'https' {
    return this.#host.scheme;
  }

  get dateLine(): string {
    return this.#host.clock.dateLine;
  }

  get hasRoom(): boolean {
    return this.#queue.size < pipelinedRequests && !this.output.isFull;
  }

  /** Nothing can be sent any more, whether that is known everywhere already or not. */
  get isBroken(): boolean {
    return this.#socket.destroyed || this.#socket.errored !== null;
  }

  isFirst(exchange: Exchange): boolean {
    return this.#queue.first === exchange;
  }

  /** Decides whether the connection ends behind the response to `exchange`, and says it in the words of its head. */
  connectionLines(exchange: Exchange, endsWithConnection: boolean): string {
    exchange.closes = endsWithConnection || this.#endsBehind(exchange);
    if (exchange.closes) return 'Connection: close\r\n';
    return exchange.httpVersion === '1.0' ? 'Connection: keep-alive\r\n' : '';
  }

  /** The response to the first exchange was given to the socket. */
  responseSent(exchange: Exchange): void {
    this.#queue.remove(exchange);
    if (exchange.closes) {
      this.#receiving?.body?.abort(new Error('The response is complete.'));
      this.#linger();
    } else if (exchange.isReceived) {
      this.#turn();
    } else {
      this.#state = 'discarding';
      this.#bytesThrownAway = 0;
      this.#readDeadline = this.#host.clock.deadline(discardMs);
      exchange.body?.abort(new Error('The response is complete.'));
      this.flowChanged();
    }
  }

  /** Writes the head of a 101 and gives the connection away. */
  upgrade(head: ResponseHead): Duplex {
    const text = writeUpgradeHead(head, this.dateLine);
    if (text === null) throw new TypeError('The head of the response has characters that must not be written.');
    const socket = this.#socket;
    this.output.release();
    this.output.flush();
    socket.write(text, 'latin1');
    const rest = this.#giveAway();
    this.#queue.clear();
    return this.#unread(rest);
  }

  /** Bytes have arrived, in a buffer that is not this connection's. */
  received(bytes: Buffer): void {
    if (this.#upgraded !== null) {
      if (!this.#upgraded.push(Buffer.from(bytes))) this.#socket.pause();
    } else this.#onData(bytes);
  }

  /** A body may have become full or empty: reads on, or does not. */
  flowChanged(): void {
    if (this.#intake.isBusy || this.#state === 'released') return;
    const { body = null } = this.#receiving ?? {};
    const pause =
      (this.#state !== 'lingering' && this.#intake.isFull) ||
      (this.#state === 'open' && (body?.isFull === true || this.#bytesThrownAway > behindLastBytes));
    if (pause === this.#isPaused) return;
    this.#isPaused = pause;
    if (pause) this.#socket.pause();
    else this.#socket.resume();
  }

  /** What was written until now leaves before. */
  destroy(): void {
    this.output.flush();
    this.#socket.destroy();
  }

  /** Closes a connection on which nothing is going on. */
  closeIfIdle(): void {
    if (this.#queue.size === 0 && this.#intake.isWaiting) this.destroy();
  }

  /** Time has passed. */
  sweep(now: number): void {
    this.output.watch();
    if (this.#readDeadline !== 0 && now >= this.#readDeadline) this.#late();
    if (this.#halfClose.isGone(this.#host.clock, this.#socket.bytesWritten)) this.#socket.destroy();
  }

  content(bytes: Buffer): void {
    if (this.#state === 'open' && this.#receiving !== null) this.#pieces.add(bytes);
  }

  headStarted(): void {
    if (this.#hasHadRequest) this.#readDeadline = this.#host.clock.deadline(this.#headTimeout);
  }

  headRead(reader: RequestHeadReader, head: CheckedHead, moreFollows: boolean): void {
    const exchange = new Exchange(this, reader, head);
    const { requestTimeoutMs } = this.#host.options.limits;
    this.#hasHadRequest = true;
    this.#queue.append(exchange);
    this.#readDeadline = 0;
    if (head.hasBody) {
      this.#receiving = exchange;
      if (requestTimeoutMs > 0) this.#readDeadline = this.#host.clock.deadline(requestTimeoutMs);
    } else if (moreFollows) this.output.hold();
    // Nothing before an upgrade may be unanswered: it waits for its turn.
    if (!exchange.isUpgrade) this.#hand(exchange);
  }

  bytesRead(count: number): void {
    if (this.#state === 'open' && this.#intake.phase !== 'over') return;
    this.#bytesThrownAway += count;
    if (this.#state === 'discarding' && this.#bytesThrownAway > discardBytes) this.#linger();
    else if (this.#state === 'lingering' && this.#bytesThrownAway > lingerBytes) this.#socket.destroy();
  }

  bodyRead(trailers: readonly string[]): void {
    const exchange = this.#receiving;
    if (exchange === null) return;
    this.#passOn(exchange);
    // Its reader may have ended the connection with an answer.
    if (this.#receiving !== exchange) return;
    const wasDiscarding = this.#state === 'discarding';
    this.#receiving = null;
    this.#readDeadline = 0;
    this.#bytesThrownAway = 0;
    exchange.isReceived = true;
    exchange.body?.finish(trailers);
    if (!wasDiscarding) return;
    this.#state = 'open';
    this.#turn();
  }

  /** Nothing that comes behind a refused head is looked at. */
  headRefused(refusal: Refusal): void {
    this.#report(refusal);
    this.#refuse(refusal);
  }

  bodyRefused(refusal: Refusal): void {
    const exchange = this.#receiving;
    if (exchange === null) return;
    this.#passOn(exchange);
    if (this.#receiving !== exchange) return;
    this.#report(refusal);
    this.#receiving = null;
    this.#intake.stop();
    if (this.#state === 'discarding') {
      this.#linger();
      return;
    }
    const isAnswering = exchange.isAnswering;
    this.#queue.remove(exchange);
    exchange.fail(new Error(refusal.message));
    if (isAnswering) this.destroy();
    else this.#refuse(refusal);
  }

  http2Found(first: Buffer): void {
    this.#giveAway();
    this.#host.serveHttp2(this, this.#socket, this.#unread(first));
  }

  allRead(): void {
    if (this.#receiving !== null) this.#passOn(this.#receiving);
    this.output.release();
    this.flowChanged();
    this.#intake.readOn();
    if (this.#intake.isEnded) this.#ended();
    const { first } = this.#queue;
    if (first?.isUpgrade && !this.#isUpgradeHanded) this.#hand(first);
  }

  get #headTimeout(): number {
    const { headTimeoutMs, requestTimeoutMs } = this.#host.options.limits;
    return requestTimeoutMs > 0 ? Math.min(headTimeoutMs, requestTimeoutMs) : headTimeoutMs;
  }

  #onData = (chunk: Buffer): void => {
    if (this.#state === 'lingering') this.bytesRead(chunk.length);
    else this.#intake.take(chunk);
  };

  #onEnd = (): void => {
    this.#intake.isEnded = true;
    this.#ended();
  };

  #onTimeout = (): void => {
    if (!this.output.keepWaiting()) this.#socket.destroy();
  };

  #onClose = (): void => {
    this.#state = 'released';
    this.#readDeadline = 0;
    this.#halfClose.stop();
    this.#intake.stop();
    this.#dropExchanges();
    this.output.abandon();
    this.#upgraded?.destroy();
    this.#host.released(this);
  };

  #passOn(exchange: Exchange): void {
    const piece = this.#pieces.take(this.#isShared);
    if (piece !== null) exchange.body?.push(piece);
  }

  #hand(exchange: Exchange): void {
    this.#isUpgradeHanded = exchange.isUpgrade;
    try {
      this.#host.options.handler(exchange);
    } catch {
      void exchange.respond(failureHead, failureBody);
    }
  }

  /** A response is complete and its request, too. */
  #turn(): void {
    const { first } = this.#queue;
    if (first !== null) {
      if (!first.isUpgrade) first.itsTurn();
      else if (!this.#intake.isBusy && !this.#isUpgradeHanded) this.#hand(first);
    } else if (this.#refusal !== null) {
      this.#writeRefusal(this.#refusal);
      return;
    } else if (this.#intake.isWaiting) {
      if (this.#intake.isEnded || this.#host.isDraining) {
        this.#linger();
        return;
      }
      this.#readDeadline = this.#host.clock.deadline(this.#host.options.limits.idleTimeoutMs);
    }
    // A flood is taken up again when there is room for a good part of it.
    if (this.#queue.size <= pipelinedRequests / 2) this.#intake.readOn();
  }

  #drained(): void {
    this.#queue.first?.drained();
    this.#intake.readOn();
  }

  /** The client has sent its last byte. */
  #ended(): void {
    const intake = this.#intake;
    if (this.#state === 'lingering' || this.#state === 'released' || intake.isBusy || intake.isFull) return;
    if (!intake.end()) {
      this.destroy();
    } else if (this.#queue.size === 0) {
      this.#linger();
    } else {
      this.#halfClose.start(this.#host.clock, this.#socket.bytesWritten);
    }
  }

  #late(): void {
    this.#readDeadline = 0;
    if (this.#state === 'lingering') this.destroy();
    else if (this.#state === 'discarding') this.#linger();
    else if (this.#intake.phase === 'body') this.bodyRefused(tooSlow);
    else if (this.#intake.isHeadStarted) this.#intake.refuseHead(tooSlow);
    else if (this.#queue.size === 0) this.destroy();
  }

  #endsBehind(exchange: Exchange): boolean {
    if (!exchange.keepsAlive || exchange.isUpgrade) return true;
    // A refusal of what came behind this request goes out after its response, on the same connection.
    if (this.#isRefused) return this.#refusal === null;
    const isLast = exchange.next === null && !this.#intake.isFull;
    if (isLast && (this.#host.isDraining || this.#intake.isEnded)) return true;
    const { body } = exchange;
    if (exchange.isReceived || body === null || exchange.wantsRest) return false;
    return exchange.awaitsContinue || (body.length ?? 0) > unreadBytes;
  }

  #refuse(refusal: Refusal): void {
    this.#isRefused = true;
    this.#bytesThrownAway = 0;
    this.#readDeadline = 0;
    const bytes = refusalBytes(refusal);
    if (this.#queue.size > 0) this.#refusal = bytes;
    else this.#writeRefusal(bytes);
  }

  #writeRefusal(bytes: Buffer): void {
    this.#refusal = null;
    this.output.bytes('', bytes, '');
    this.#linger();
  }

  #report(refusal: Refusal): void {
    this.#host.options.onRefused({
      status: refusal.status,
      reason: refusal.message,
      remoteAddress: this.remoteAddress,
    });
  }

  /**
   * Ends a connection whose peer may still be sending. Closing a socket with unread bytes makes the kernel send a reset,
   * which can destroy the answer before the peer has read it; so the rest is read and thrown away, for a bounded time
   * and a bounded number of bytes (RFC 9112 section 9.6).
   */
  #linger(): void {
    if (this.#state === 'lingering' || this.#state === 'released') return;
    this.#state = 'lingering';
    this.#receiving = null;
    this.#pieces.take(false);
    this.#intake.stop();
    this.#dropExchanges();
    this.#bytesThrownAway = 0;
    this.#readDeadline = this.#host.clock.deadline(lingerMs);
    this.output.release();
    this.output.flush();
    this.#socket.end();
    this.flowChanged();
  }

  /** Requests that will get no response. */
  #dropExchanges(): void {
    let { first } = this.#queue;
    this.#queue.clear();
    while (first !== null) {
      const { next } = first;
      first.fail(new Error('The client is gone.'));
      first = next;
    }
  }

  /** Lets go of the socket. What was received and not looked at is the new owner's. */
  #giveAway(): Buffer | null {
    const socket = this.#socket;
    this.#state = 'released';
    this.#readDeadline = 0;
    this.#halfClose.stop();
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('timeout', this.#onTimeout);
    socket.setTimeout(0);
    socket.pause();
    // Whoever listens for data next lets it flow, as with a fresh socket.
    Reflect.set(socket, 'readableFlowing', null);
    return this.#intake.stop();
  }

  /** For the new owner of the socket: what it reads, and writes; `rest` was read before. */
  #unread(rest: Buffer | null): Duplex {
    const socket = this.#socket;
    if (!this.#isShared) {
      if (rest !== null && rest.length > 0) socket.unshift(rest);
      return socket;
    }
    const upgraded = new UpgradedSocket(socket);
    this.#upgraded = upgraded;
    if (rest !== null && rest.length > 0) upgraded.push(rest);
    socket.once('end', () => upgraded.push(null));
    return upgraded;
  }
}

function ignore(): void {
  // Whatever went wrong, 'close' follows.
}

/** A client that pipelines more is not read until some are answered. */
const pipelinedRequests = 32;

/** A longer unread request body is not waited for. */
const unreadBytes = 64 * 1024;
const discardBytes = 256 * 1024;
const discardMs = 5000;

const lingerBytes = 1024 * 1024;
const lingerMs = 1000;

/** Taken in behind a connection's last request, to notice when the client leaves. */
const behindLastBytes = 64 * 1024;
