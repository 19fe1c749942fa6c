import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BodySource, CancelSource, type HeaderList } from '@lazuli/policies';
import { responseHasBody } from '../framing.ts';
import { forwardableTrailers } from '../hop-by-hop.ts';
import type { Duplex, InboundRequest, ResponseHead, ResponseOutcome } from '../listener.ts';
import type { CheckedHead } from '../request-head.ts';
import { BodyWriter } from './body-writer.ts';
import { type Http1Connection, requestFinished, requestStarted } from './http1-server.ts';
import { linger } from './linger.ts';
import { ReadableBody } from './readable-body.ts';
import { endToEnd, failureBody, failureHead, keptLength } from './response-head.ts';

/** One request on an HTTP/1.x connection, and the way to its response. */
export class Http1Exchange implements InboundRequest {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: '1.0' | '1.1';
  readonly scheme: 'http' | 'https';
  readonly authority: string;
  readonly headers: HeaderList;
  readonly body: ReadableBody | null;
  readonly remoteAddress: string;
  readonly localPort: number;
  readonly isUpgrade: boolean;
  #connection: Http1Connection;
  #request: IncomingMessage;
  #response: ServerResponse;
  readonly cancellation = new CancelSource();
  #awaitsContinue: boolean;
  /** What came behind the head of an upgrade. */
  #rest: Buffer | null;
  #state: 'open' | 'responding' | 'finished' | 'gone' | 'upgraded' = 'open';
  #settle: (() => void) | null = null;
  #settled = false;

  constructor(
    connection: Http1Connection,
    request: IncomingMessage,
    response: ServerResponse,
    head: CheckedHead,
    headers: HeaderList,
    awaitsContinue: boolean,
    rest: Buffer | null,
  ) {
    this.#connection = connection;
    this.#request = request;
    this.#response = response;
    this.#awaitsContinue = awaitsContinue;
    this.#rest = rest;
    this.method = request.method ?? '';
    this.target = head.target;
    this.httpVersion = request.httpVersion === '1.0' ? '1.0' : '1.1';
    this.scheme = connection.context.scheme;
    this.authority = head.authority;
    this.headers = headers;
    this.remoteAddress = connection.remoteAddress;
    this.localPort = connection.localPort;
    this.isUpgrade = rest !== null;
    this.body = head.hasBody ? this.#bodyOf(head.length) : null;
  }

  /** Hands the request to the handler. */
  run(): void {
    const connection = this.#connection;
    requestStarted(connection);
    connection.latest = this;
    this.#response.once('close', () => this.#closed());
    // The parser reports a Transfer-Encoding that it does not accept only after the head, in the same turn: such a
    // request must not reach the handler.
    if (this.body !== null && this.body.length === null) queueMicrotask(() => this.#handle());
    else this.#handle();
  }

  /** The whole request is here. */
  get isReceived(): boolean {
    return this.#request.complete;
  }

  get isHeadSent(): boolean {
    return this.#response.headersSent;
  }

  clientCertificate(): Uint8Array | null {
    return this.#connection.clientCertificate;
  }

  sendContinue(): void {
    if (!this.#awaitsContinue || this.#state !== 'open') return;
    this.#awaitsContinue = false;
    this.#response.writeContinue();
  }

  respond(head: ResponseHead, body: Uint8Array | BodySource | null): Promise<ResponseOutcome> {
    if (this.#state !== 'open') {
      if (body !== null && !(body instanceof Uint8Array)) body.abort(new Error('The client is gone.'));
      return Promise.resolve({ complete: false, bytesSent: 0 });
    }
    // Sent back while it arrives: once the final head is out, it is too late to ask for it.
    if (body !== null && body === this.body) this.sendContinue();
    this.#state = 'responding';
    return new Promise((resolve) => {
      let writer: BodyWriter | null = null;
      let length = 0;
      this.#settle = () =>
        resolve({ complete: this.#state === 'finished', bytesSent: writer === null ? length : writer.bytes });
      this.#response.once('finish', () => this.#finished());

      const carriesBody = responseHasBody(this.method, head.status);
      if (!this.#writeHead(head, body, carriesBody)) {
        if (body !== null && !(body instanceof Uint8Array)) body.abort(new Error('The response head is not valid.'));
        return;
      }
      if (body === null || !carriesBody) {
        if (body !== null && !(body instanceof Uint8Array)) body.abort(new Error('This response has no body.'));
        this.#response.end();
      } else if (body instanceof Uint8Array) {
        length = body.length;
        this.#response.end(body);
      } else {
        writer = this.#stream(body);
      }
    });
  }

  acceptUpgrade(head: ResponseHead): Duplex {
    const { socket } = this.#connection;
    if (this.#rest === null || this.#state !== 'open') throw new TypeError('This request is not an open upgrade.');
    // Node checks names and values (no response splitting) and writes the head; only the connection's end differs.
    const response = this.#response;
    const flat = endToEnd(head.headers);
    flat.push('Connection', 'Upgrade', 'Upgrade', 'websocket');
    response.writeHead(101, head.reason, flat);
    this.#state = 'upgraded';
    response.flushHeaders();
    response.detachSocket(socket);
    this.#closed();
    if (this.#rest.length > 0) socket.unshift(this.#rest);
    socket.setTimeout(0);
    return socket;
  }

  /** The request broke off or was malformed: its reader learns of it, and no response of the handler goes out. */
  fail(error: Error): void {
    if (this.#state === 'gone' || this.#state === 'finished') return;
    this.#state = 'gone';
    this.body?.fail(error);
    this.cancellation.cancel();
    this.#done();
  }

  #handle(): void {
    if (this.#state !== 'open') return;
    try {
      this.#connection.context.options.handler(this);
    } catch {
      void this.respond(failureHead, failureBody);
    }
  }

  #bodyOf(length: number | null): ReadableBody {
    return new ReadableBody(this.#request, length, {
      started: () => this.sendContinue(),
      aborted: () => this.#request.pause(),
      trailers: () => forwardableTrailers(this.#request.rawTrailers),
      describe: () => new Error('The client closed the connection before the whole body had arrived.'),
    });
  }

  /** Writes the head; false when it was not valid and a 500 went out instead. */
  #writeHead(head: ResponseHead, body: Uint8Array | BodySource | null, carriesBody: boolean): boolean {
    const response = this.#response;
    const flat = endToEnd(head.headers);
    const length = !carriesBody ? keptLength(head) : body === null ? 0 : body.length;
    if (length !== null) flat.push('Content-Length', String(length));
    // Node refuses Trailer without chunked coding.
    if (!carriesBody || length !== null || this.httpVersion === '1.0') dropTrailer(flat);
    if (this.#mustClose()) response.shouldKeepAlive = false;
    try {
      if (head.status < 200) throw new RangeError('Not a final status.');
      response.writeHead(head.status, head.reason, flat);
      return true;
    } catch {
      response.writeHead(500, failureHead.reason, ['Content-Type', 'application/json']);
      response.end(this.method === 'HEAD' ? undefined : failureBody);
      return false;
    }
  }

  #mustClose(): boolean {
    const { refused, waitingRefusal, context } = this.#connection;
    // A refusal of what came behind this request goes out after its response, on the same connection.
    if ((refused && waitingRefusal === null) || context.isDraining()) return true;
    if (this.isReceived || this.body === null || this.body.isWanted) return false;
    // A client that was not told to continue may send the body or not: there is no telling what comes next.
    return this.#awaitsContinue || (this.body.length ?? 0) > unreadBytes;
  }

  #stream(source: BodySource): BodyWriter {
    const response = this.#response;
    const { socket } = this.#connection;
    const { idleTimeoutMs } = this.#connection.context.options.limits;
    const writer = new BodyWriter(source, response, {
      // Node's socket timeout knows whether a slow reader still makes progress.
      stalled: (full) => socket.setTimeout(full ? idleTimeoutMs : 0),
      ended: (trailers) => {
        if (response.chunkedEncoding) addTrailers(response, trailers);
        response.end();
      },
      // A response that was cut short must not look complete: no last chunk, no length reached, the connection breaks.
      failed: () => socket.destroy(),
    });
    // Headers of a response whose first byte takes its time (server-sent events) are not kept back.
    if (writer.bytes === 0 && !response.writableEnded) response.flushHeaders();
    return writer;
  }

  #finished(): void {
    if (this.#state !== 'responding') return;
    this.#state = 'finished';
    this.#done();
    if (!this.isReceived && this.body !== null) this.#discardRest();
  }

  #closed(): void {
    if (this.#state === 'open' || this.#state === 'responding') {
      this.#state = 'gone';
      this.body?.fail(new Error('The client is gone.'));
      this.cancellation.cancel();
    }
    this.#done();
  }

  #done(): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#settle?.();
    requestFinished(this.#connection);
  }

  /** The response is out and the request is not in: reads a bounded rest to keep the connection, or gives it up. */
  #discardRest(): void {
    const { socket } = this.#connection;
    const request = this.#request;
    this.body?.abort(new Error('The response is complete.'));
    const readBefore = socket.bytesRead;
    let checks = 0;
    const timer = setInterval(() => {
      checks++;
      if (checks < discardChecks && socket.bytesRead - readBefore <= discardBytes) return;
      stop();
      linger(socket);
    }, discardCheckMs);
    const stop = () => clearInterval(timer);
    request.once('end', stop);
    socket.once('close', stop);
    request.resume();
  }
}

/** A longer unread request body is not waited for. */
const unreadBytes = 64 * 1024;
const discardBytes = 256 * 1024;
const discardCheckMs = 100;
const discardChecks = 50;

function dropTrailer(flat: string[]): void {
  for (let i = flat.length - 2; i >= 0; i -= 2) {
    const name = flat[i] as string;
    if (name.length === 7 && name.toLowerCase() === 'trailer') flat.splice(i, 2);
  }
}

function addTrailers(response: ServerResponse, flat: readonly string[]): void {
  const trailers = forwardableTrailers(flat);
  if (trailers.length === 0) return;
  const pairs: [string, string][] = [];
  for (let i = 0; i < trailers.length; i += 2) pairs.push([trailers[i] as string, trailers[i + 1] as string]);
  try {
    response.addTrailers(pairs);
  } catch {
    // A trailer that is not a valid field is left out; the content is complete without it.
  }
}
