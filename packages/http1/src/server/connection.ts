import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import {
  certificateOf,
  type Duplex,
  type ListenerOptions,
  plainAddress,
  type Refusal,
  type ResponseHead,
  refusalBytes,
} from '@lazuli/http';
import { ChunkedDecoder, type ContentSink } from '../syntax/chunked-decoder.ts';
import { HeadFeed } from '../syntax/head-feed.ts';
import { RequestHeadReader } from '../syntax/request-head-reader.ts';
import type { SweepClock } from './clock.ts';
import { Exchange } from './exchange.ts';
import { malformed, RequestCheck, refusalOfBody, refusalOfHead, tooSlow } from './request-check.ts';
import { failureBody, failureHead, writeUpgradeHead } from './response-head.ts';
import { SocketOutput } from './socket-output.ts';

/** What a connection needs of the listener that accepted it. */
export interface ConnectionHost {
  readonly options: ListenerOptions;
  readonly scheme: 'http' | 'https';
  readonly clock: SweepClock;
  /** New requests on kept connections are not wanted any more. */
  readonly isDraining: boolean;
  /** The connection speaks HTTP/2 (prior knowledge); `first` was read from it. */
  serveHttp2(connection: Connection, socket: Socket, first: Buffer): void;
  /** It is closed, or somebody else's now. */
  released(connection: Connection): void;
}

/** Where in the stream of a connection's bytes the next one stands. */
type Phase =
  | 'preface'
  | 'head'
  | 'sized body'
  | 'chunked body'
  /** No further request is read. */
  | 'over'
  /** The last response is out; the client may still be sending. */
  | 'lingering'
  /** Somebody else's now. */
  | 'released';

/** One HTTP/1.x connection: reads requests, hands them to the handler and keeps the order of the responses. */
export class Connection implements ContentSink {
  readonly remoteAddress: string;
  readonly localPort: number;
  /** DER, taken when the connection was new: a closed one has forgotten it. */
  readonly clientCertificate: Uint8Array | null;
  readonly output: SocketOutput;
  #host: ConnectionHost;
  #socket: Socket | TLSSocket;
  #phase: Phase;
  #reader: RequestHeadReader;
  #feed: HeadFeed;
  #check: RequestCheck;
  #decoder: ChunkedDecoder | null = null;
  /** Of a body of known length. */
  #bytesLeft = 0;
  /** The exchange whose body is being received. */
  #receiving: Exchange | null = null;
  /** Its response is out already: the rest of the body is read for the sake of the connection only. */
  #isDiscarding = false;
  /** In discarding, lingering, or behind the last request. */
  #bytesThrownAway = 0;
  /** Exchanges without a complete response, in order. */
  #first: Exchange | null = null;
  #last: Exchange | null = null;
  #running = 0;
  /** Received and not looked at: the client is to wait. */
  #unread: Buffer | null = null;
  #isProcessing = false;
  #isPaused = false;
  #hasHadRequest = false;
  #isHeadStarted = false;
  #isUpgradeHanded = false;
  /** Goes out behind the responses of the requests before it. */
  #refusal: Buffer | null = null;
  #isRefused = false;
  /** The client sends nothing more. */
  #isEnded = false;
  /** Clock times; 0: none. */
  #readDeadline: number;
  #graceDeadline = 0;
  #writtenAtGrace = 0;

  constructor(host: ConnectionHost, socket: Socket | TLSSocket) {
    const { limits, tls } = host.options;
    this.#host = host;
    this.#socket = socket;
    this.remoteAddress = plainAddress(socket.remoteAddress);
    this.localPort = socket.localPort ?? 0;
    this.clientCertificate = tls?.requestClientCertificate ? certificateOf(socket) : null;
    this.output = new SocketOutput(socket, tls !== null, limits.idleTimeoutMs, () => this.#drained());
    this.#phase = tls === null ? 'preface' : 'head';
    this.#reader = new RequestHeadReader(limits);
    this.#feed = new HeadFeed(this.#reader);
    this.#check = new RequestCheck(limits, host.scheme);
    this.#readDeadline = host.clock.deadline(this.#headTimeout);
    socket.on('data', this.#onData);
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

  isFirst(exchange: Exchange): boolean {
    return this.#first === exchange;
  }

  /** Decides whether the connection ends behind the response to `exchange`, and says it in the words of its head. */
  connectionLines(exchange: Exchange, endsWithConnection: boolean): string {
    exchange.closes = endsWithConnection || this.#endsBehind(exchange);
    if (exchange.closes) return 'Connection: close\r\n';
    return exchange.httpVersion === '1.0' ? 'Connection: keep-alive\r\n' : '';
  }

  /** The response to the first exchange was given to the socket. */
  responseSent(exchange: Exchange): void {
    this.#remove(exchange);
    if (exchange.closes) {
      this.#receiving?.body?.abort(new Error('The response is complete.'));
      this.#linger();
      return;
    }
    if (!exchange.isReceived) {
      this.#isDiscarding = true;
      this.#bytesThrownAway = 0;
      this.#readDeadline = this.#host.clock.deadline(discardMs);
      exchange.body?.abort(new Error('The response is complete.'));
      this.#updateFlow();
      return;
    }
    this.#turn();
  }

  /** Writes the head of a 101 and gives the connection away. */
  upgrade(head: ResponseHead): Duplex {
    const text = writeUpgradeHead(head, this.dateLine);
    if (text === null) throw new TypeError('The head of the response has characters that must not be written.');
    const socket = this.#socket;
    this.output.release();
    socket.write(text, 'latin1');
    const rest = this.#unread;
    this.#unread = null;
    this.#first = null;
    this.#last = null;
    this.#running = 0;
    this.#giveAway();
    if (rest !== null && rest.length > 0) socket.unshift(rest);
    return socket;
  }

  /** A body may have become full or empty. */
  flowChanged(): void {
    if (!this.#isProcessing) this.#updateFlow();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Closes a connection on which nothing is going on. */
  closeIfIdle(): void {
    if (this.#running === 0 && this.#isWaitingForRequest) this.#socket.destroy();
  }

  /** Time has passed. */
  sweep(now: number): void {
    this.output.watch();
    if (this.#readDeadline !== 0 && now >= this.#readDeadline) this.#late();
    if (this.#graceDeadline !== 0 && now >= this.#graceDeadline) {
      const written = this.#socket.bytesWritten;
      if (written === this.#writtenAtGrace) this.#socket.destroy();
      this.#writtenAtGrace = written;
      this.#graceDeadline = this.#host.clock.deadline(halfClosedMs);
    }
  }

  /** Content of a chunked body. */
  content(bytes: Buffer): void {
    if (!this.#isDiscarding) this.#receiving?.body?.push(bytes);
  }

  get #headTimeout(): number {
    const { headTimeoutMs, requestTimeoutMs } = this.#host.options.limits;
    return requestTimeoutMs > 0 ? Math.min(headTimeoutMs, requestTimeoutMs) : headTimeoutMs;
  }

  /** Between requests: not a byte of the next one is here. */
  get #isWaitingForRequest(): boolean {
    return (this.#phase === 'head' || this.#phase === 'preface') && !this.#isHeadStarted && this.#unread === null;
  }

  #onData = (chunk: Buffer): void => {
    if (this.#unread !== null) {
      this.#unread = Buffer.concat([this.#unread, chunk]);
      return;
    }
    this.#process(chunk);
  };

  #onEnd = (): void => {
    this.#isEnded = true;
    if (this.#unread === null || this.#phase === 'preface') this.#ended();
  };

  #onTimeout = (): void => {
    this.#socket.destroy();
  };

  #onClose = (): void => {
    const gone = new Error('The client is gone.');
    this.#phase = 'lingering';
    this.#unread = null;
    for (let each = this.#first; each !== null; each = each.next) each.fail(gone);
    this.#first = null;
    this.#last = null;
    this.#running = 0;
    this.output.abandon();
    this.#host.released(this);
  };

  /** Reads what has arrived, up to where the client has to wait. */
  #process(bytes: Buffer): void {
    this.#isProcessing = true;
    const end = bytes.length;
    let at = 0;
    while (at < end) {
      switch (this.#phase) {
        case 'preface':
          if (!this.#seesHttp2(bytes)) continue;
          at = end;
          break;
        case 'head':
          if (this.#running >= pipelinedRequests || this.output.isFull) {
            this.#unread = bytes.subarray(at);
            at = end;
            break;
          }
          at = this.#feed.feed(bytes, at, end);
          this.#headRead(at < end);
          if (this.#last?.isUpgrade) {
            // What stands behind an upgrade is not HTTP any more.
            this.#unread = bytes.subarray(at);
            at = end;
          }
          break;
        case 'sized body': {
          const to = Math.min(end, at + this.#bytesLeft);
          this.#bytesLeft -= to - at;
          this.#throwAway(to - at);
          this.content(bytes.subarray(at, to));
          at = to;
          if (this.#bytesLeft === 0) this.#bodyRead([]);
          break;
        }
        case 'chunked body': {
          const decoder = this.#decoder as ChunkedDecoder;
          const to = decoder.decode(bytes, at, end, this);
          this.#throwAway(to - at);
          at = to;
          if (decoder.state === 'complete') this.#bodyRead(decoder.trailers);
          else if (decoder.state === 'fault') this.#failBody(refusalOfBody(decoder.fault ?? 'malformed'));
          break;
        }
        case 'over':
        case 'lingering':
        case 'released':
          this.#throwAway(end - at);
          at = end;
          break;
      }
    }
    this.#isProcessing = false;
    this.output.release();
    this.#updateFlow();
    this.#readOn();
    // Nothing before an upgrade may be unanswered: it waits for its turn.
    if (this.#first?.isUpgrade && !this.#isUpgradeHanded) this.#hand(this.#first);
  }

  /** Is this an HTTP/2 client? True also while it could be one. */
  #seesHttp2(bytes: Buffer): boolean {
    const length = Math.min(bytes.length, preface.length);
    if (bytes.compare(preface, 0, length, 0, length) !== 0) {
      this.#phase = 'head';
      return false;
    }
    // "P" alone may still become POST, PUT or the preface. It is looked at again together with what follows.
    if (length < preface.length) {
      if (this.#isEnded) {
        this.#phase = 'head';
        return false;
      }
      this.#isHeadStarted = true;
      this.#unread = bytes;
      this.#socket.once('data', this.#again);
      return true;
    }
    this.#giveAway();
    this.#host.serveHttp2(this, this.#socket, bytes);
    return true;
  }

  #again = (): void => {
    const bytes = this.#unread;
    this.#unread = null;
    if (bytes !== null) this.#process(bytes);
  };

  #headRead(moreFollows: boolean): void {
    const reader = this.#reader;
    switch (reader.state) {
      case 'fault':
        this.#refuse(refusalOfHead(reader.fault ?? 'malformed', this.#host.options.limits));
        return;
      case 'reading':
        if (this.#isHeadStarted) return;
        this.#isHeadStarted = true;
        if (this.#hasHadRequest) this.#readDeadline = this.#host.clock.deadline(this.#headTimeout);
        return;
    }
    const head = this.#check.check(reader);
    if ('status' in head) {
      this.#refuse(head);
      return;
    }
    this.#hasHadRequest = true;
    this.#isHeadStarted = false;
    const exchange = new Exchange(this, reader, head);
    this.#append(exchange);
    if (head.hasBody) {
      const { requestTimeoutMs } = this.#host.options.limits;
      this.#readDeadline = requestTimeoutMs > 0 ? this.#host.clock.deadline(requestTimeoutMs) : 0;
      this.#receiving = exchange;
      if (head.length === null) {
        this.#decoder ??= new ChunkedDecoder(this.#host.options.limits);
        this.#decoder.begin();
        this.#phase = 'chunked body';
      } else {
        this.#bytesLeft = head.length;
        this.#phase = 'sized body';
      }
    } else {
      this.#nextHead(exchange);
      if (moreFollows) this.output.hold();
    }
    if (!exchange.isUpgrade) this.#hand(exchange);
  }

  #nextHead(exchange: Exchange): void {
    this.#readDeadline = 0;
    this.#bytesThrownAway = 0;
    if (exchange.keepsAlive && !exchange.isUpgrade) {
      this.#phase = 'head';
      this.#reader.begin();
    } else this.#phase = 'over';
  }

  #hand(exchange: Exchange): void {
    this.#isUpgradeHanded = exchange.isUpgrade;
    try {
      this.#host.options.handler(exchange);
    } catch {
      void exchange.respond(failureHead, failureBody);
    }
  }

  #bodyRead(trailers: readonly string[]): void {
    const exchange = this.#receiving;
    if (exchange === null) return;
    const wasDiscarding = this.#isDiscarding;
    this.#receiving = null;
    this.#isDiscarding = false;
    exchange.isReceived = true;
    this.#nextHead(exchange);
    exchange.body?.finish(trailers);
    if (wasDiscarding) this.#turn();
  }

  /** A response is complete and its request, too. */
  #turn(): void {
    if (this.#phase === 'lingering') return;
    const first = this.#first;
    if (first !== null) {
      if (!first.isUpgrade) first.itsTurn();
      else if (!this.#isProcessing && !this.#isUpgradeHanded) this.#hand(first);
    } else if (this.#refusal !== null) {
      this.#writeRefusal(this.#refusal);
      return;
    } else if (this.#isWaitingForRequest) {
      if (this.#isEnded) {
        this.#linger();
        return;
      }
      const { idleTimeoutMs } = this.#host.options.limits;
      this.#readDeadline = this.#host.clock.deadline(idleTimeoutMs);
    }
    this.#readOn();
  }

  /** Looks at what a client sent ahead, once there is room for it. */
  #readOn(): void {
    if (this.#unread === null || this.#isProcessing || this.#phase !== 'head') return;
    if (this.#running > pipelinedRequests / 2 || this.output.isFull) return;
    queueMicrotask(this.#readUnread);
  }

  #readUnread = (): void => {
    const bytes = this.#unread;
    if (bytes === null || this.#isProcessing || this.#phase !== 'head') return;
    this.#unread = null;
    this.#process(bytes);
    if (this.#unread === null && this.#isEnded) this.#ended();
  };

  #drained(): void {
    this.#first?.drained();
    this.#readOn();
  }

  #updateFlow(): void {
    const { body = null } = this.#receiving ?? {};
    if (this.#phase === 'released') return;
    const pause =
      (this.#unread !== null && this.#phase !== 'preface') ||
      (body?.isFull === true && !this.#isDiscarding && this.#phase !== 'lingering') ||
      (this.#phase === 'over' && (this.#bytesThrownAway > behindLastBytes || this.#last?.isUpgrade === true));
    if (pause === this.#isPaused) return;
    this.#isPaused = pause;
    if (pause) this.#socket.pause();
    else this.#socket.resume();
  }

  #throwAway(bytes: number): void {
    if (this.#phase !== 'lingering' && this.#phase !== 'over' && !this.#isDiscarding) return;
    this.#bytesThrownAway += bytes;
    if (this.#phase === 'lingering') {
      if (this.#bytesThrownAway > lingerBytes) this.#socket.destroy();
    } else if (this.#isDiscarding && this.#bytesThrownAway > discardBytes) this.#linger();
  }

  /** The client has sent its last byte, and it was looked at. */
  #ended(): void {
    if (this.#phase === 'preface' && this.#unread !== null) this.#again();
    if (this.#phase === 'lingering') return;
    if (this.#receiving !== null) {
      this.#decoder?.finish();
      if (this.#phase === 'chunked body' && this.#decoder?.state === 'fault')
        this.#failBody(refusalOfBody(this.#decoder.fault ?? 'malformed'));
      else this.#socket.destroy();
    } else if (this.#phase === 'head' && this.#isHeadStarted) {
      this.#refuseUnfinished(malformed);
    } else if (this.#running === 0) {
      this.#linger();
    } else {
      // A client that has left and one that only has nothing more to say look the same. The answer may still be wanted,
      // but not for long.
      this.#writtenAtGrace = this.#socket.bytesWritten;
      this.#graceDeadline = this.#host.clock.deadline(halfClosedMs);
    }
  }

  #late(): void {
    this.#readDeadline = 0;
    switch (this.#phase) {
      case 'preface':
      case 'head':
        if (this.#isHeadStarted) this.#refuseUnfinished(tooSlow);
        else this.#socket.destroy();
        break;
      case 'sized body':
      case 'chunked body':
        if (this.#isDiscarding) this.#linger();
        else this.#failBody(tooSlow);
        break;
      case 'lingering':
        this.#socket.destroy();
        break;
    }
  }

  #endsBehind(exchange: Exchange): boolean {
    if (!exchange.keepsAlive || exchange.isUpgrade) return true;
    // A refusal of what came behind this request goes out after its response, on the same connection.
    if (this.#isRefused && this.#refusal === null) return true;
    if (exchange.next === null && this.#refusal === null) {
      if (this.#host.isDraining || (this.#isEnded && this.#unread === null)) return true;
    }
    const { body } = exchange;
    if (exchange.isReceived || body === null || exchange.wantsRest) return false;
    return exchange.awaitsContinue || (body.length ?? 0) > unreadBytes;
  }

  /** The head that was being read is not acceptable: nothing that comes behind it is looked at. */
  #refuse(refusal: Refusal): void {
    this.#isRefused = true;
    this.#phase = 'over';
    this.#bytesThrownAway = 0;
    this.#readDeadline = 0;
    this.#report(refusal);
    const bytes = refusalBytes(refusal);
    if (this.#running > 0) this.#refusal = bytes;
    else this.#writeRefusal(bytes);
  }

  /** The rest of the head will not come, or is not waited for. */
  #refuseUnfinished(refusal: Refusal): void {
    this.#feed.finish();
    const { fault } = this.#reader;
    this.#refuse(fault === null ? refusal : refusalOfHead(fault, this.#host.options.limits));
  }

  /** The body that was being received is broken or late. */
  #failBody(refusal: Refusal): void {
    const exchange = this.#receiving;
    if (exchange === null) return;
    this.#receiving = null;
    if (this.#isDiscarding) {
      this.#report(refusal);
      this.#linger();
      return;
    }
    const isAnswering = exchange.isAnswering;
    this.#remove(exchange);
    exchange.fail(new Error(refusal.message));
    if (isAnswering) {
      this.#report(refusal);
      this.#socket.destroy();
    } else this.#refuse(refusal);
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
    if (this.#phase === 'lingering') return;
    this.#phase = 'lingering';
    this.#isDiscarding = false;
    this.#receiving = null;
    this.#unread = null;
    this.#bytesThrownAway = 0;
    this.#readDeadline = this.#host.clock.deadline(lingerMs);
    this.output.release();
    this.#socket.end();
    this.#updateFlow();
  }

  #append(exchange: Exchange): void {
    if (this.#last === null) this.#first = exchange;
    else this.#last.next = exchange;
    this.#last = exchange;
    this.#running++;
  }

  /** Takes the first or the last one out. */
  #remove(exchange: Exchange): void {
    this.#running--;
    if (this.#first === exchange) {
      this.#first = exchange.next;
      if (this.#first === null) this.#last = null;
      return;
    }
    let before = this.#first;
    while (before !== null && before.next !== exchange) before = before.next;
    if (before === null) return;
    before.next = exchange.next;
    if (this.#last === exchange) this.#last = before;
  }

  #giveAway(): void {
    const socket = this.#socket;
    this.#phase = 'released';
    this.#readDeadline = 0;
    this.#graceDeadline = 0;
    this.#isPaused = true;
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('timeout', this.#onTimeout);
    socket.setTimeout(0);
    socket.pause();
    // Whoever listens for data next lets it flow, as with a fresh socket.
    Reflect.set(socket, 'readableFlowing', null);
  }
}

function ignore(): void {
  // Whatever went wrong, 'close' follows.
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

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

/** How long a client that has closed its side may wait in silence for an answer. */
const halfClosedMs = 1000;
