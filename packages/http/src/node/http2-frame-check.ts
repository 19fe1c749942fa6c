import { constants } from 'node:http2';

const { NGHTTP2_FLAG_ACK: acknowledges, NGHTTP2_FLAG_END_STREAM: endsStream } = constants;

/** What a client did that ends its connection (RFC 9113 section 5.4.1). */
export interface Http2Violation {
  /** For the GOAWAY frame: RFC 9113 section 7. */
  readonly code: number;
  readonly message: string;
}

const prefaceBytes = 24;
const headBytes = 9;
/** Frame types of RFC 9113 section 6. */
const dataFrame = 0x0;
const headersFrame = 0x1;
const priorityFrame = 0x2;
const resetFrame = 0x3;
const pingFrame = 0x6;
/** Streams whose end is awaited. One that the server has reset may stay among them: its client need not end it. */
const awaitedStreams = 1024;

/**
 * Reads along the frames that an HTTP/2 client sends, and finds what nghttp2 lets pass as Node uses it: it forgets a stream when it
 * is closed, so frames that come for it later are ignored; PRIORITY frames are ignored as a whole; and Node ends a connection on
 * which a PING is acknowledged that nobody sent.
 *
 * - DATA or HEADERS on a stream that the client has ended or reset, or whose number it has skipped: STREAM_CLOSED (section 5.1).
 * - PRIORITY on stream 0, or of a stream that depends on itself: PROTOCOL_ERROR (RFC 7540 sections 5.3.1 and 6.3).
 * - An acknowledgement of a PING is dropped: this side sends none (section 6.7).
 */
export class Http2FrameCheck {
  readonly #pass: (bytes: Buffer) => void;
  /** Bytes of the preface, or of a frame's payload, that are still to come. */
  #ahead = prefaceBytes;
  /** The beginning of a frame whose head is not whole. */
  #held: Buffer | null = null;
  #latest = 0;
  readonly #awaited = new Set<number>();

  /** `pass` is called with what the server is to read: parts of what `take` was given, in order. */
  constructor(pass: (bytes: Buffer) => void) {
    this.#pass = pass;
  }

  /** Bytes as they arrived. After a violation, the rest of the connection is not to be given. */
  take(chunk: Buffer): Http2Violation | null {
    const bytes = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = null;
    const { length } = bytes;
    let at = Math.min(this.#ahead, length);
    this.#ahead -= at;
    let unpassed = 0;
    while (at < length) {
      const isUnasked = length - at >= headBytes && isPingAcknowledgement(bytes, at);
      if (length - at < (isUnasked ? headBytes + 8 : neededBytes(bytes, at))) break;
      const violation = this.#check(bytes, at);
      if (violation !== null) {
        if (at > unpassed) this.#pass(bytes.subarray(unpassed, at));
        return violation;
      }
      const end = at + headBytes + payloadLength(bytes, at);
      if (isUnasked) {
        if (at > unpassed) this.#pass(bytes.subarray(unpassed, at));
        unpassed = end;
      }
      at = Math.min(end, length);
      this.#ahead = end - at;
    }
    if (at < length) this.#held = Buffer.from(bytes.subarray(at));
    if (at > unpassed) this.#pass(unpassed === 0 && at === length ? bytes : bytes.subarray(unpassed, at));
    return null;
  }

  #check(bytes: Buffer, at: number): Http2Violation | null {
    const type = bytes[at + 3] as number;
    if (type > resetFrame) return null;
    const stream = streamOf(bytes, at + 5);
    switch (type) {
      case priorityFrame:
        return checkPriority(stream, bytes, at);
      case resetFrame:
        this.#awaited.delete(stream);
        return null;
      default:
        return this.#checkMessage(type, stream, ((bytes[at + 4] as number) & endsStream) !== 0);
    }
  }

  #checkMessage(type: number, stream: number, ends: boolean): Http2Violation | null {
    if (type === headersFrame && stream > this.#latest) {
      this.#latest = stream;
      if (!ends) this.#await(stream);
      return null;
    }
    // Of stream 0 and of those that were never opened, nghttp2 knows itself.
    if (stream === 0 || stream > this.#latest) return null;
    if (!this.#awaited.has(stream)) {
      const what = type === dataFrame ? 'DATA' : 'HEADERS';
      return {
        code: constants.NGHTTP2_STREAM_CLOSED,
        message: `${what} arrived on stream ${stream}, which the client has closed`,
      };
    }
    if (ends) this.#awaited.delete(stream);
    return null;
  }

  #await(stream: number): void {
    const { size } = this.#awaited;
    if (size >= awaitedStreams)
      for (const oldest of [...this.#awaited].slice(0, size / 2)) this.#awaited.delete(oldest);
    this.#awaited.add(stream);
  }
}

function checkPriority(stream: number, bytes: Buffer, at: number): Http2Violation | null {
  if (stream === 0) return broken('PRIORITY arrived on stream 0');
  if (payloadLength(bytes, at) === 5 && streamOf(bytes, at + headBytes) === stream) {
    return broken(`stream ${stream} is to depend on itself`);
  }
  return null;
}

function broken(message: string): Http2Violation {
  return { code: constants.NGHTTP2_PROTOCOL_ERROR, message };
}

/** How much of a frame must be there to decide about it. */
function neededBytes(bytes: Buffer, at: number): number {
  const isPriority = bytes.length - at >= headBytes && bytes[at + 3] === priorityFrame;
  return isPriority && payloadLength(bytes, at) === 5 ? headBytes + 4 : headBytes;
}

function isPingAcknowledgement(bytes: Buffer, at: number): boolean {
  return (
    bytes[at + 3] === pingFrame &&
    ((bytes[at + 4] as number) & acknowledges) !== 0 &&
    payloadLength(bytes, at) === 8 &&
    streamOf(bytes, at + 5) === 0
  );
}

function payloadLength(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
}

function streamOf(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) & 0x7fffffff;
}
