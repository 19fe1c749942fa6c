import { validateHeaderName, validateHeaderValue } from 'node:http';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { type BodySource, CancelSource, type HeaderList } from '@lazuli/policies';
import { responseHasBody } from '../framing.ts';
import { forwardableTrailers } from '../hop-by-hop.ts';
import type { Duplex, InboundRequest, ResponseHead, ResponseOutcome } from '../listener.ts';
import { type Refusal, refusalBody } from '../refusal.ts';
import { BodyWriter } from './body-writer.ts';
import type { Http2Connection, Http2Head } from './http2-server.ts';
import { ReadableBody } from './readable-body.ts';
import { endToEnd, failureBody, failureHead, keptLength } from './response-head.ts';

/** One HTTP/2 stream: a request and the way to its response. */
export class Http2Exchange implements InboundRequest {
  readonly method: string;
  readonly target: string;
  readonly httpVersion = '2.0';
  readonly scheme: 'http' | 'https';
  readonly authority: string;
  readonly headers: HeaderList;
  readonly body: ReadableBody | null;
  readonly remoteAddress: string;
  readonly localPort: number;
  readonly isUpgrade = false;
  #connection: Http2Connection;
  #stream: ServerHttp2Stream;
  readonly cancellation = new CancelSource();
  #awaitsContinue: boolean;
  #received: boolean;
  #state: 'open' | 'responding' | 'finished' | 'gone' = 'open';
  #settle: (() => void) | null = null;
  #trailers: readonly string[] = [];
  #clock: NodeJS.Timeout | null = null;

  constructor(connection: Http2Connection, stream: ServerHttp2Stream, head: Http2Head, endsWithHead: boolean) {
    this.#connection = connection;
    this.#stream = stream;
    this.#awaitsContinue = head.expectsContinue;
    this.#received = endsWithHead;
    this.method = head.method;
    this.target = head.target;
    this.scheme = connection.context.scheme;
    this.authority = head.authority;
    this.headers = head.headers;
    this.remoteAddress = connection.remoteAddress;
    this.localPort = connection.localPort;
    this.body = endsWithHead ? null : this.#bodyOf(head.length);
  }

  /** Answers a stream whose head was not acceptable. */
  static refuse(stream: ServerHttp2Stream, refusal: Refusal): void {
    stream.respond({ ':status': refusal.status, 'content-type': 'application/json' });
    stream.end(refusalBody(refusal));
    stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR));
  }

  run(): void {
    const { limits, handler } = this.#connection.context.options;
    this.#connection.running++;
    this.#stream.once('close', () => this.#closed());
    if (this.body !== null && limits.requestTimeoutMs > 0) {
      this.#clock = setTimeout(() => this.#tooSlow(), limits.requestTimeoutMs);
      this.#stream.once('end', () => this.#stopClock());
    }
    try {
      handler(this);
    } catch {
      void this.respond(failureHead, failureBody);
    }
  }

  clientCertificate(): Uint8Array | null {
    return this.#connection.clientCertificate;
  }

  sendContinue(): void {
    if (!this.#awaitsContinue || this.#state !== 'open' || this.#stream.destroyed) return;
    this.#awaitsContinue = false;
    this.#stream.additionalHeaders({ ':status': 100 });
  }

  respond(head: ResponseHead, body: Uint8Array | BodySource | null): Promise<ResponseOutcome> {
    const source = body !== null && !(body instanceof Uint8Array) ? body : null;
    if (this.#state !== 'open' || this.#stream.destroyed) {
      source?.abort(new Error('The client is gone.'));
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
      this.#stream.once('finish', () => this.#finished());

      const carriesBody = responseHasBody(this.method, head.status);
      const wanted = this.#writeHead(head, body, carriesBody);
      if (!wanted || source === null) source?.abort(new Error('This response has no body.'));
      if (!wanted) return;
      if (source !== null) {
        writer = this.#send(source);
      } else if (body instanceof Uint8Array) {
        length = body.length;
        this.#stream.end(body);
      }
    });
  }

  acceptUpgrade(): Duplex {
    throw new TypeError('HTTP/2 has no Upgrade.');
  }

  #bodyOf(length: number | null): ReadableBody {
    const stream = this.#stream;
    stream.on('trailers', (_trailers: unknown, _flags: number, raw?: readonly string[]) => {
      this.#trailers = raw ?? [];
    });
    stream.once('end', () => {
      this.#received = true;
    });
    return new ReadableBody(stream, length, {
      started: () => this.sendContinue(),
      aborted: () => stream.pause(),
      trailers: () => forwardableTrailers(this.#trailers),
      describe: () => new Error('The client reset the stream before the whole body had arrived.'),
    });
  }

  /** Writes the head; true when a body is to follow. */
  #writeHead(head: ResponseHead, body: Uint8Array | BodySource | null, carriesBody: boolean): boolean {
    const stream = this.#stream;
    const flat = endToEnd(head.headers);
    const length = !carriesBody ? keptLength(head) : body === null ? 0 : body.length;
    const bodyFollows = carriesBody && body !== null && length !== 0;
    if (length !== null) flat.push('content-length', String(length));
    try {
      if (head.status < 200) throw new RangeError('Not a final status.');
      stream.respond(lowerCase(head.status, flat), {
        endStream: !bodyFollows,
        waitForTrailers: bodyFollows && !(body instanceof Uint8Array),
      });
    } catch {
      stream.respond({ ':status': 500, 'content-type': 'application/json' });
      stream.end(this.method === 'HEAD' ? undefined : failureBody);
      return false;
    }
    return bodyFollows;
  }

  #send(source: BodySource): BodyWriter {
    const stream = this.#stream;
    const { idleTimeoutMs } = this.#connection.context.options.limits;
    let trailers: readonly string[] = [];
    stream.on('timeout', () => stream.close(constants.NGHTTP2_CANCEL));
    stream.on('wantTrailers', () => sendTrailers(stream, trailers));
    return new BodyWriter(source, stream, {
      stalled: (full) => stream.setTimeout(full ? idleTimeoutMs : 0),
      ended: (flat) => {
        trailers = forwardableTrailers(flat);
        stream.end();
      },
      failed: () => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    });
  }

  #tooSlow(): void {
    const error = new Error('The request did not arrive in time.');
    this.#connection.context.options.onRefused({
      status: 408,
      reason: error.message,
      remoteAddress: this.remoteAddress,
    });
    const canAnswer = this.#state === 'open' && !this.#stream.headersSent && !this.#stream.destroyed;
    this.body?.fail(error);
    if (this.#state === 'open') this.#state = 'gone';
    this.cancellation.cancel();
    if (canAnswer) Http2Exchange.refuse(this.#stream, { status: 408, message: error.message });
    else this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  #finished(): void {
    // Node says 'finish' of a stream that the client has reset, too; 'close' follows.
    if (this.#state !== 'responding' || this.#stream.aborted || this.#stream.rstCode !== 0) return;
    this.#state = 'finished';
    this.#settle?.();
    // The response is out; the rest of the request is not wanted (RFC 9113 section 8.1).
    if (!this.#received) {
      this.body?.abort(new Error('The response is complete.'));
      this.#stream.close(constants.NGHTTP2_NO_ERROR);
    }
  }

  #closed(): void {
    this.#stopClock();
    this.#connection.running--;
    if (this.#state === 'open' || this.#state === 'responding') {
      this.#state = 'gone';
      this.body?.fail(new Error('The client is gone.'));
      this.cancellation.cancel();
    }
    this.#settle?.();
  }

  #stopClock(): void {
    if (this.#clock) clearTimeout(this.#clock);
    this.#clock = null;
  }
}

/**
 * HTTP/2 knows lower-case names only.
 * @throws {TypeError} when a name or value is not valid; nghttp2 would only reset the stream.
 */
function lowerCase(status: number, flat: readonly string[]): string[] {
  const headers = [':status', String(status)];
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    const value = flat[i + 1] as string;
    validateHeaderName(name);
    validateHeaderValue(name, value);
    headers.push(name.toLowerCase(), value);
  }
  return headers;
}

function sendTrailers(stream: ServerHttp2Stream, flat: readonly string[]): void {
  const trailers: Record<string, string | string[]> = {};
  for (let i = 0; i < flat.length; i += 2) {
    const name = (flat[i] as string).toLowerCase();
    const before = trailers[name];
    const value = flat[i + 1] as string;
    trailers[name] = before === undefined ? value : [before, value].flat();
  }
  try {
    stream.sendTrailers(trailers);
  } catch {
    stream.close(constants.NGHTTP2_NO_ERROR);
  }
}
