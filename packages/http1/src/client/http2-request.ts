import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import { forwardableTrailers, responseHasBody, toUpstreamError, UpstreamError } from '@lazuli/http';
import { type BodySink, type BodySource, HeaderList } from '@lazuli/policies';
import type { Exchange, ExchangeCarrier } from './exchange.ts';
import { abortUpload } from './exchange.ts';
import { waitsForContinue } from './request-head.ts';
import { type BodyOrigin, StreamedBody } from './response-body.ts';

export interface Http2RequestOwner {
  /** The stream is closed. */
  ended(request: Http2Request): void;
  /** The backend refused the stream before it looked at it: it may be sent again. */
  refused(exchange: Exchange): void;
}

/** One exchange as a stream of an HTTP/2 connection; both bodies flow at their receiver's pace, at the same time. */
export class Http2Request implements ExchangeCarrier, BodyOrigin, BodySink {
  readonly exchange: Exchange;
  #owner: Http2RequestOwner;
  #stream: ClientHttp2Stream;
  #body: StreamedBody | null = null;
  #trailers: readonly string[] = [];
  #upload: BodySource | null = null;
  #isUploaded = true;
  #sent = 0;
  #isFull = false;
  #awaitsContinue: boolean;
  #isOver = false;
  #wasActive = true;
  #quietSince = 0;
  #bodyIdleMs: number;

  constructor(
    session: ClientHttp2Session,
    exchange: Exchange,
    fields: readonly string[],
    bodyIdleMs: number,
    owner: Http2RequestOwner,
  ) {
    this.exchange = exchange;
    this.#owner = owner;
    this.#bodyIdleMs = bodyIdleMs;
    exchange.connection = this;
    const { request } = exchange;
    const { body } = request;
    const hasBody = body !== null && body.length !== 0;
    this.#awaitsContinue = waitsForContinue(request);
    const stream = session.request([...fields], {
      endStream: !hasBody,
      waitForTrailers: hasBody && request.headers.has('trailer'),
    });
    this.#stream = stream;
    stream.on('response', (_headers, flags, raw?: readonly string[]) => this.#respond(flags, raw ?? []));
    stream.on('continue', () => this.#sendBody());
    stream.on('trailers', (_trailers: unknown, _flags: number, raw?: readonly string[]) => {
      this.#trailers = raw ?? [];
    });
    stream.on('drain', () => {
      if (!this.#isFull) return;
      this.#isFull = false;
      if (!this.#isUploaded) this.#upload?.resume();
    });
    stream.on('error', (error) => this.#fail(error));
    stream.on('close', () => this.#closed());
    if (hasBody) {
      this.#isUploaded = false;
      if (!this.#awaitsContinue) this.#sendBody();
    } else if (body !== null && !(body instanceof Uint8Array)) abortUpload(request, new Error('The body is empty.'));
  }

  drop(error: UpstreamError): void {
    const body = this.#body;
    this.#over();
    this.#stopUpload(error);
    if (!this.#stream.closed) this.#stream.close(constants.NGHTTP2_CANCEL);
    body?.fail(error);
  }

  pauseReading(): void {
    this.#stream.pause();
  }

  resumeReading(): void {
    if (!this.#isOver) this.#stream.resume();
  }

  abandon(reason: Error): void {
    this.exchange.fail(new UpstreamError('aborted', 'The response is not wanted.', { cause: reason }));
  }

  /** Called every few milliseconds; `now` in milliseconds. */
  checkTime(now: number): void {
    const { exchange } = this;
    if (this.#wasActive) {
      this.#wasActive = false;
      this.#quietSince = now;
    }
    const quiet = now - this.#quietSince;
    if (!exchange.isAnswered) {
      exchange.checkTime(now);
      if (this.#awaitsContinue && quiet >= (exchange.request.continueTimeoutMs ?? 0)) this.#sendBody();
    } else if (this.#body !== null && !this.#body.isFlowing && !this.#body.isUntouched) {
      this.#wasActive = true;
    } else if (this.#bodyIdleMs > 0 && quiet >= this.#bodyIdleMs) {
      exchange.fail(new UpstreamError('timeout', 'The backend fell silent inside of its response.'));
    }
  }

  data(chunk: Uint8Array): void {
    if (this.#isUploaded || this.#isOver || chunk.length === 0) return;
    const length = this.#upload?.length ?? null;
    this.#sent += chunk.length;
    if (length !== null && this.#sent > length) {
      this.exchange.fail(new UpstreamError('protocol', wrongLength));
      return;
    }
    if (this.#stream.write(chunk) || this.#isFull) return;
    this.#isFull = true;
    this.#upload?.pause();
  }

  end(trailers: readonly string[]): void {
    if (this.#isUploaded || this.#isOver) return;
    const length = this.#upload?.length ?? null;
    this.#isUploaded = true;
    if (length !== null && this.#sent < length) {
      this.exchange.fail(new UpstreamError('protocol', wrongLength));
      return;
    }
    const stream = this.#stream;
    stream.once('wantTrailers', () => {
      const fields: Record<string, string> = {};
      const sent = forwardableTrailers(trailers);
      for (let i = 0; i < sent.length; i += 2) fields[(sent[i] as string).toLowerCase()] = sent[i + 1] as string;
      try {
        stream.sendTrailers(fields);
      } catch (error) {
        this.exchange.fail(new UpstreamError('protocol', 'A trailer of the request cannot be sent.', { cause: error }));
      }
    });
    stream.end();
  }

  error(error: Error): void {
    if (this.#isUploaded || this.#isOver) return;
    this.#isUploaded = true;
    this.exchange.fail(new UpstreamError('aborted', 'The body of the request broke off.', { cause: error }));
  }

  #sendBody(): void {
    const { body } = this.exchange.request;
    this.#awaitsContinue = false;
    if (body === null || this.#isUploaded || this.#upload !== null) return;
    if (body instanceof Uint8Array) {
      this.#isUploaded = true;
      this.#stream.end(body);
    } else {
      this.#upload = body;
      body.start(this);
    }
  }

  #respond(flags: number, raw: readonly string[]): void {
    const { exchange } = this;
    if (this.#isOver) return;
    this.#wasActive = true;
    const flat: string[] = [];
    let status = 0;
    let length: number | null = null;
    for (let i = 0; i < raw.length; i += 2) {
      const name = raw[i] as string;
      const value = raw[i + 1] as string;
      if (name === ':status') status = Number(value);
      else if (!name.startsWith(':')) flat.push(name, value);
      if (name === 'content-length' && /^\d{1,15}$/.test(value)) length = Number(value);
    }
    if (this.#awaitsContinue) this.#stopUpload(new Error('The backend answered without wanting the body.'));
    // A response of headers alone stays one: gRPC tells "trailers only" by it.
    const endsHere = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    const body = endsHere || !responseHasBody(exchange.request.method, status) ? null : new StreamedBody(this, length);
    const stream = this.#stream;
    this.#body = body;
    stream.on('end', () => this.#ended());
    if (body === null) stream.resume();
    else {
      stream.on('data', (chunk: Buffer) => {
        this.#wasActive = true;
        body.data(chunk);
      });
      stream.pause();
    }
    exchange.answer({ status, reason: '', headers: new HeaderList(flat), body, httpVersion: '2.0' });
  }

  #ended(): void {
    if (this.#isOver) return;
    const { rstCode } = this.#stream;
    if (rstCode !== undefined && rstCode !== constants.NGHTTP2_NO_ERROR) {
      this.#fail(null);
      return;
    }
    const body = this.#body;
    this.#over();
    this.exchange.finish();
    if (!this.#isUploaded) {
      this.#stopUpload(new Error('The backend answered without wanting the rest of the body.'));
      this.#stream.close(constants.NGHTTP2_NO_ERROR);
    }
    body?.end(forwardableTrailers(this.#trailers));
  }

  #fail(cause: Error | null): void {
    if (this.#isOver) return;
    const { exchange } = this;
    const { body } = exchange.request;
    const isRefused = this.#stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
    if (isRefused && !exchange.isAnswered && !exchange.isRepeated && (body === null || body instanceof Uint8Array)) {
      this.#over();
      exchange.isRepeated = true;
      exchange.connection = null;
      this.#owner.refused(exchange);
      return;
    }
    exchange.fail(
      cause === null
        ? new UpstreamError('reset', 'The backend reset the stream before its response was complete.')
        : toUpstreamError(cause),
    );
  }

  #closed(): void {
    this.#fail(null);
    this.#owner.ended(this);
  }

  #over(): void {
    this.#isOver = true;
    this.#body = null;
  }

  #stopUpload(reason: Error): void {
    if (this.#isUploaded) return;
    this.#isUploaded = true;
    this.#awaitsContinue = false;
    if (this.#upload !== null) this.#upload.abort(reason);
    else abortUpload(this.exchange.request, reason);
  }
}

const wrongLength = 'The body of the request is not as long as was announced.';
