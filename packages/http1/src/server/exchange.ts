import {
  type CheckedHead,
  type Duplex,
  type InboundRequest,
  type ResponseHead,
  type ResponseOutcome,
  responseHasBody,
} from '@lazuli/http';
import { type BodySource, type Cancellation, CancelSource, HeaderList } from '@lazuli/policies';
import type { RequestHeadReader } from '../syntax/request-head-reader.ts';
import type { Connection } from './connection.ts';
import { type BodyOwner, RequestBody } from './request-body.ts';
import { isWebSocketUpgrade, keepsAlive } from './request-check.ts';
import { ResponseBody, type ResponseOwner } from './response-body.ts';
import { failureBody, failureHead, keptLength, writeResponseHead } from './response-head.ts';
import type { Settled } from './socket-output.ts';

/** One request on a connection, and the way to its response. */
export class Exchange implements InboundRequest, BodyOwner, ResponseOwner, Settled {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: '1.0' | '1.1';
  readonly authority: string;
  readonly headers: HeaderList;
  readonly body: RequestBody | null;
  readonly isUpgrade: boolean;
  readonly keepsAlive: boolean;
  /** The whole request is here. */
  isReceived: boolean;
  /** The connection ends behind the response. */
  closes = false;
  /** The one behind this on the connection. */
  next: Exchange | null = null;
  #connection: Connection;
  #state: 'open' | 'waiting' | 'sending' | 'sent' | 'finished' | 'gone' | 'upgraded' = 'open';
  #awaitsContinue: boolean;
  #wantsContinue = false;
  #sendsBodyBack = false;
  #cancellation: CancelSource | null = null;
  /** The response, while those of earlier requests are not out. */
  #waitingHead: ResponseHead | null = null;
  #waitingBody: Uint8Array | BodySource | null = null;
  #sending: ResponseBody | null = null;
  #bytesSent = 0;
  #resolve: ((outcome: ResponseOutcome) => void) | null = null;

  /** Takes what it needs from `reader`, which goes on to the next request. */
  constructor(connection: Connection, reader: RequestHeadReader, head: CheckedHead) {
    const { httpVersion } = reader;
    this.#connection = connection;
    this.method = reader.method;
    this.target = head.target;
    this.httpVersion = httpVersion;
    this.authority = head.authority;
    this.headers = new HeaderList(reader.flat);
    this.isUpgrade = reader.upgrade !== null && isWebSocketUpgrade(reader);
    this.keepsAlive = keepsAlive(reader);
    this.isReceived = !head.hasBody;
    this.body = head.hasBody ? new RequestBody(head.length, this) : null;
    this.#awaitsContinue = head.hasBody && reader.expect !== null && httpVersion === '1.1';
  }

  get scheme(): 'http' | 'https' {
    return this.#connection.scheme;
  }

  get remoteAddress(): string {
    return this.#connection.remoteAddress;
  }

  get localPort(): number {
    return this.#connection.localPort;
  }

  get cancellation(): Cancellation {
    if (this.#cancellation === null) {
      this.#cancellation = new CancelSource();
      if (this.#state === 'gone') this.#cancellation.cancel();
    }
    return this.#cancellation;
  }

  /** A client that was not told to continue may send the body or not: there is no telling what comes next. */
  get awaitsContinue(): boolean {
    return this.#awaitsContinue;
  }

  /** Somebody reads the rest of the body, or is going to. */
  get wantsRest(): boolean {
    return this.#sendsBodyBack || (this.body?.isWanted ?? false);
  }

  /** Bytes of the response are on their way. */
  get isAnswering(): boolean {
    return this.#state === 'sending';
  }

  clientCertificate(): Uint8Array | null {
    return this.#connection.clientCertificate;
  }

  sendContinue(): void {
    if (!this.#awaitsContinue || this.#state !== 'open') return;
    if (this.isReceived) {
      this.#awaitsContinue = false;
    } else if (this.#connection.isFirst(this)) {
      this.#awaitsContinue = false;
      this.#connection.output.text('HTTP/1.1 100 Continue\r\n\r\n');
    } else this.#wantsContinue = true;
  }

  respond(head: ResponseHead, body: Uint8Array | BodySource | null): Promise<ResponseOutcome> {
    if (this.#state !== 'open' || this.#connection.isBroken) {
      if (body !== null && !(body instanceof Uint8Array)) body.abort(new Error('The client is gone.'));
      return Promise.resolve({ complete: false, bytesSent: 0 });
    }
    // Sent back while it arrives: once the final head is out, it is too late to ask for it.
    if (body !== null && body === this.body) {
      this.sendContinue();
      this.#sendsBodyBack = true;
    }
    if (this.#connection.isFirst(this)) this.#send(head, body);
    else {
      this.#state = 'waiting';
      this.#waitingHead = head;
      this.#waitingBody = body;
    }
    return this.#isOver()
      ? Promise.resolve(this.#outcome())
      : new Promise((resolve) => {
          this.#resolve = resolve;
        });
  }

  acceptUpgrade(head: ResponseHead): Duplex {
    if (!this.isUpgrade || this.#state !== 'open') throw new TypeError('This request is not an open upgrade.');
    const socket = this.#connection.upgrade(head);
    this.#state = 'upgraded';
    return socket;
  }

  /** All earlier responses are out. */
  itsTurn(): void {
    if (this.#wantsContinue) {
      this.#wantsContinue = false;
      this.sendContinue();
    }
    const head = this.#waitingHead;
    if (head === null) return;
    const body = this.#waitingBody;
    this.#waitingHead = null;
    this.#waitingBody = null;
    this.#send(head, body);
  }

  /** The connection takes more again. */
  drained(): void {
    this.#sending?.resume();
  }

  /** The client is gone, or the request broke off: its reader learns of it, and no response of the handler goes out. */
  fail(error: Error): void {
    if (this.#state === 'gone' || this.#state === 'finished' || this.#state === 'upgraded') return;
    const waiting = this.#waitingBody;
    this.#state = 'gone';
    this.#waitingHead = null;
    this.#waitingBody = null;
    this.#sending?.leave();
    if (waiting !== null && !(waiting instanceof Uint8Array)) waiting.abort(error);
    this.body?.fail(error);
    this.#cancellation?.cancel();
    this.#tell();
  }

  bodyStarted(): void {
    this.sendContinue();
  }

  bodyFlowChanged(): void {
    this.#connection.flowChanged();
  }

  bodySent(): void {
    this.#sent();
  }

  bodyBroken(): void {
    // A response that was cut short must not look complete: no last chunk, no length reached, the connection breaks.
    this.#connection.destroy();
  }

  settled(): void {
    if (this.#state !== 'sent') return;
    this.#state = 'finished';
    this.#tell();
  }

  abandoned(): void {
    this.fail(new Error('The client is gone.'));
  }

  #send(head: ResponseHead, body: Uint8Array | BodySource | null): void {
    this.#state = 'sending';
    const connection = this.#connection;
    const carriesBody = responseHasBody(this.method, head.status);
    const length = !carriesBody ? keptLength(head) : body === null ? 0 : (body.length ?? -1);
    const isChunked = carriesBody && length < 0 && this.httpVersion === '1.1';
    const endsWithConnection = carriesBody && length < 0 && !isChunked;
    const text =
      head.status < 200
        ? null
        : writeResponseHead(head, {
            length,
            isChunked,
            connectionLines: connection.connectionLines(this, endsWithConnection),
            dateLine: connection.dateLine,
          });
    if (text === null) {
      if (body !== null && !(body instanceof Uint8Array)) body.abort(new Error('The response head is not valid.'));
      // Valid in itself: it cannot come here again.
      this.#send(failureHead, failureBody);
      return;
    }
    if (body === null || !carriesBody) {
      if (body !== null && !(body instanceof Uint8Array)) body.abort(new Error('This response has no body.'));
      connection.output.text(text);
      this.#sent();
    } else if (body instanceof Uint8Array) {
      this.#bytesSent = body.length;
      connection.output.bytes(text, body, '');
      this.#sent();
    } else {
      this.#sending = new ResponseBody(body, text, isChunked, connection.output, this);
      this.#sending.start();
    }
  }

  #sent(): void {
    if (this.#state !== 'sending') return;
    const connection = this.#connection;
    if (connection.output.isSettled(this)) {
      this.#state = 'finished';
      this.#tell();
    } else this.#state = 'sent';
    connection.responseSent(this);
  }

  #isOver(): boolean {
    return this.#state === 'finished' || this.#state === 'gone';
  }

  #outcome(): ResponseOutcome {
    return { complete: this.#state === 'finished', bytesSent: this.#sending?.bytesSent ?? this.#bytesSent };
  }

  #tell(): void {
    const resolve = this.#resolve;
    if (resolve === null) return;
    this.#resolve = null;
    resolve(this.#outcome());
  }
}
