import { responseHasBody } from '@lazuli/http';
import { ChunkedDecoder, type ContentSink } from '../syntax/chunked-decoder.ts';
import type { FieldLimits } from '../syntax/field-reader.ts';
import { HeadFeed } from '../syntax/head-feed.ts';
import { copyOf } from '../syntax/read-copies.ts';
import { ResponseHeadReader } from '../syntax/response-head-reader.ts';

/** The trailers of almost every message. */
const noTrailers: readonly string[] = [];

/**
 * Finds head, content and end of one response after the other (RFC 9112 section 6.3). A response whose end two readers
 * could see in different places has a {@link problem}; the connection is of no use then.
 */
export class ResponseReader implements ContentSink {
  readonly head: ResponseHeadReader;
  /** `interim`: an informational response has been read, the next head follows. */
  state: 'head' | 'interim' | 'content' | 'complete' = 'head';
  /** What is wrong with the response, in words that continue "The response of the backend ...". */
  problem: string | null = null;
  /** Position behind what the last call has read. */
  at = 0;
  /** Content-Length of the content; null: chunked, or up to the end of the connection. */
  length: number | null = null;
  /** There is content, or there would be if it were not empty. */
  hasContent = false;
  /** The content ends with the connection. */
  endsWithConnection = false;
  #feed: HeadFeed;
  #fields: FieldLimits;
  #decoder: ChunkedDecoder | null = null;
  #isChunked = false;
  #method = 'GET';
  #left = 0;
  #interimResponses = 0;
  #decoded: Buffer | null = null;
  #decodedSize = 0;
  #decodedLimit = 0;

  constructor(fields: FieldLimits) {
    this.#fields = fields;
    this.head = new ResponseHeadReader(fields);
    this.#feed = new HeadFeed(this.head);
  }

  /** Gets ready for the response to a request of this method. */
  begin(method: string): void {
    this.head.begin();
    this.#feed.reset();
    this.#method = method;
    this.state = 'head';
    this.problem = null;
    this.#interimResponses = 0;
  }

  /** Reads a head, or part of one. `state` says what was found. */
  readHead(bytes: Buffer, at: number, size: number): void {
    const { head } = this;
    if (this.state === 'interim') {
      head.begin();
      this.state = 'head';
    }
    this.at = this.#feed.feed(bytes, at, size);
    if (head.state === 'reading') return;
    if (head.state === 'fault') {
      this.problem = faults[head.fault ?? 'malformed'];
      return;
    }
    const { status, contentLength, isChunked } = head;
    if (head.framingProblem !== null) {
      this.problem = `has ${head.framingProblem}.`;
    } else if (status < 200) {
      if (isChunked || contentLength > 0) this.problem = 'is informational and announces content.';
      else if (++this.#interimResponses > mostInterimResponses)
        this.problem = 'never comes: only informational ones do.';
      else this.state = 'interim';
    } else if (status === 204 && (isChunked || contentLength > 0)) {
      this.problem = 'has the status 204 and announces content.';
    } else this.#beginContent(status, contentLength, isChunked);
  }

  /**
   * Reads content and returns a copy of what was found, or null. `at` is behind it, `state` says whether that was all.
   */
  readContent(bytes: Buffer, at: number, size: number): Buffer | null {
    if (this.#isChunked) return this.#decode(bytes, at, size);
    const to = this.length === null ? size : Math.min(size, at + this.#left);
    if (this.length !== null) {
      this.#left -= to - at;
      if (this.#left === 0) this.state = 'complete';
    }
    this.at = to;
    return to === at ? null : copyOf(bytes, at, to);
  }

  /** The backend has closed its side: complete if that is how the response ends. */
  end(): void {
    if (this.state === 'content' && this.endsWithConnection) this.state = 'complete';
  }

  /** Flat; known when the content is complete. */
  get trailers(): readonly string[] {
    return this.#isChunked && this.#decoder !== null ? this.#decoder.trailers : noTrailers;
  }

  content(bytes: Buffer): void {
    this.#decoded ??= Buffer.allocUnsafe(this.#decodedLimit);
    this.#decoded.set(bytes, this.#decodedSize);
    this.#decodedSize += bytes.length;
  }

  #beginContent(status: number, contentLength: number, isChunked: boolean): void {
    this.hasContent = responseHasBody(this.#method, status);
    this.#isChunked = this.hasContent && isChunked;
    this.length = this.#isChunked || contentLength < 0 ? null : contentLength;
    this.#left = contentLength;
    this.endsWithConnection = this.hasContent && !isChunked && contentLength < 0;
    if (!this.hasContent || contentLength === 0) {
      this.state = 'complete';
      return;
    }
    this.state = 'content';
    if (!isChunked) return;
    if (this.#decoder === null) this.#decoder = new ChunkedDecoder(this.#fields);
    else this.#decoder.begin();
  }

  #decode(bytes: Buffer, at: number, size: number): Buffer | null {
    const decoder = this.#decoder as ChunkedDecoder;
    this.#decodedLimit = size - at;
    this.#decodedSize = 0;
    this.at = decoder.decode(bytes, at, size, this);
    const decoded = this.#decoded;
    this.#decoded = null;
    if (decoder.state === 'complete') this.state = 'complete';
    else if (decoder.state === 'fault') {
      this.problem =
        decoder.fault === 'malformed'
          ? 'has a malformed chunk.'
          : 'has chunk extensions or trailers that are too large.';
      return null;
    }
    return decoded === null ? null : decoded.subarray(0, this.#decodedSize);
  }
}

const faults = {
  malformed: 'is not valid HTTP/1.1.',
  version: 'has a version of HTTP that is not supported.',
  targetTooLong: 'is not valid HTTP/1.1.',
  fieldsTooLarge: 'has header fields that are larger than allowed.',
  tooManyFields: 'has more header fields than allowed.',
} as const;

/** `102 Processing` may come every few seconds for a long time, but not without end. */
const mostInterimResponses = 1024;
