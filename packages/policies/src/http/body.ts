/** Where the bytes of a body come from: push, with back-pressure, so that a socket can stand behind it without a queue. */
export interface BodySource {
  /** Length in bytes when it is known beforehand (Content-Length), else null. */
  readonly length: number | null;
  /** Starts the flow. Called once. */
  start(sink: BodySink): void;
  pause(): void;
  resume(): void;
  /** Nobody wants the rest: stop and let go of whatever is behind it. */
  abort(reason: Error): void;
}

export interface BodySink {
  /** May call `pause()` on the source from inside; chunks that were under way may still arrive. */
  data(chunk: Uint8Array): void;
  /** `trailers` is flat: `[name, value, ...]`. */
  end(trailers: readonly string[]): void;
  error(error: Error): void;
  /**
   * Asked after `data`: true when nothing of what was given is needed any more, so that its memory may be used again.
   * Absent: it may be kept.
   */
  isFree?(): boolean;
}

/** A policy wanted to read a body larger than it may. */
export class BodyTooLarge extends Error {
  readonly limit: number;
  constructor(limit: number) {
    super(`The message body is larger than the ${limit} bytes that a policy may read.`);
    this.limit = limit;
  }
}

const nothing = new Uint8Array(0);

/**
 * The body of a request or a response on its way through the pipeline. It streams, untouched, until somebody reads it:
 * {@link buffer} collects it (up to a limit), {@link replace} puts other bytes in its place, {@link take} hands it over
 * to whoever sends it on.
 */
export class MessageBody {
  #source: BodySource | null;
  #bytes: Uint8Array | null;
  #buffering: Promise<Uint8Array> | null = null;
  #consumed = false;
  #isSpent = false;
  /** Other bytes than those that arrived: the sender computes a new Content-Length. */
  modified = false;

  private constructor(source: BodySource | null, bytes: Uint8Array | null) {
    this.#source = source;
    this.#bytes = bytes;
  }

  static fromSource(source: BodySource): MessageBody {
    return new MessageBody(source, null);
  }

  static fromBytes(bytes: Uint8Array): MessageBody {
    const body = new MessageBody(null, bytes);
    body.modified = true;
    return body;
  }

  /** The bytes, when they are here; undefined while the body is still a stream. */
  get buffered(): Uint8Array | undefined {
    if (this.#consumed) return nothing;
    return this.#bytes ?? undefined;
  }

  /** Read without `preserveContent`: whoever comes later, the backend too, finds nothing. */
  get isConsumed(): boolean {
    return this.#consumed;
  }

  /** A stream that was handed over to a sender: what it held cannot be sent again. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  consume(): void {
    this.#consumed = true;
    this.modified = true;
  }

  /**
   * Collects the whole body. Gives the bytes at once when they are here already.
   * @throws {BodyTooLarge} (or rejects with it) beyond `limit` bytes; the source is aborted then.
   */
  buffer(limit: number): Uint8Array | Promise<Uint8Array> {
    const here = this.buffered;
    if (here) return here;
    if (this.#buffering) return this.#buffering;
    const source = this.#source;
    if (!source) return nothing;
    this.#source = null;
    this.#buffering = collect(source, limit).then((bytes) => {
      this.#bytes = bytes;
      return bytes;
    });
    return this.#buffering;
  }

  replace(bytes: Uint8Array): void {
    this.#source?.abort(new Error('The body was replaced by a policy.'));
    this.#source = null;
    this.#buffering = null;
    this.#bytes = bytes;
    this.#consumed = false;
    this.#isSpent = false;
    this.modified = true;
  }

  /** Hands the content over to a sender. Bytes can be taken again (a retry), a stream only once: afterwards it is empty. */
  take(): Uint8Array | BodySource {
    const here = this.buffered;
    if (here) return here;
    const source = this.#source;
    this.#source = null;
    if (source) {
      this.#bytes = nothing;
      this.#isSpent = true;
      return source;
    }
    return nothing;
  }

  /** Lets go of a body that nobody will read. */
  discard(): void {
    this.#source?.abort(new Error('The body is not wanted.'));
    this.#source = null;
    this.#bytes ??= nothing;
  }
}

function collect(source: BodySource, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (source.length !== null && source.length > limit) {
      source.abort(new BodyTooLarge(limit));
      reject(new BodyTooLarge(limit));
      return;
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    let over = false;
    source.start({
      data(chunk) {
        if (over) return;
        size += chunk.length;
        if (size > limit) {
          over = true;
          source.abort(new BodyTooLarge(limit));
          reject(new BodyTooLarge(limit));
          return;
        }
        chunks.push(chunk);
      },
      end: () => {
        if (!over) resolve(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, size));
      },
      error: reject,
    });
  });
}
