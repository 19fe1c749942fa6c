import type { Socket } from 'node:net';
import { forwardableTrailers, UpstreamError } from '@lazuli/http';
import type { BodySink, BodySource } from '@lazuli/policies';
import { chunkSize, lastChunkWith } from '../syntax/chunked-encoding.ts';
import { isFieldName, isWritable } from '../syntax/field-writing.ts';
import { asLatin1 } from '../syntax/latin1.ts';

/** Writes a request's body to its connection as it comes, at the connection's pace. */
export class BodySender implements BodySink {
  /** The whole body has been written, its end included. */
  isComplete = false;
  #source: BodySource;
  #socket: Socket;
  #sendsTrailers: boolean;
  #failed: (error: UpstreamError) => void;
  #sent = 0;
  #isStopped = false;
  #isFull = false;

  /** The last piece of content went out as a part of something else. */
  #wasCopied = false;
  /** Goes out with the first piece of content that is here when the body starts, else alone. */
  #head: string;

  /** `failed` is told when the message cannot be completed any more. */
  constructor(
    source: BodySource,
    socket: Socket,
    head: string,
    sendsTrailers: boolean,
    failed: (error: UpstreamError) => void,
  ) {
    this.#source = source;
    this.#head = head;
    this.#socket = socket;
    this.#sendsTrailers = sendsTrailers;
    this.#failed = failed;
  }

  /** Nothing is missing on the wire, even if the source has not said that it is at its end. */
  get hasSentAll(): boolean {
    return this.isComplete || this.#sent === this.#source.length;
  }

  start(): void {
    this.#source.start(this);
    this.#writeHead();
  }

  /** Sends nothing more and lets go of the source. */
  stop(reason: Error): void {
    if (this.#isStopped || this.isComplete) return;
    this.#isStopped = true;
    this.#source.abort(reason);
  }

  /** The connection takes more again. */
  drained(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    if (!this.#isStopped && !this.isComplete) this.#source.resume();
  }

  data(chunk: Uint8Array): void {
    // An empty chunk would be the end of a chunked body.
    if (this.#isStopped || this.isComplete || chunk.length === 0) return;
    const { length } = this.#source;
    this.#sent += chunk.length;
    // More than the announced length would be read as the start of the next message.
    if (length !== null && this.#sent > length) {
      this.#break(new UpstreamError('protocol', wrongLength));
      return;
    }
    const takesMore = length === null ? this.#writeChunk(chunk) : this.#write(chunk);
    if (takesMore || this.#isFull) return;
    this.#isFull = true;
    this.#source.pause();
  }

  isFree(): boolean {
    return this.#wasCopied || this.#socket.writableLength === 0;
  }

  end(trailers: readonly string[]): void {
    if (this.#isStopped || this.isComplete) return;
    const { length } = this.#source;
    if (length !== null) {
      if (this.#sent < length) this.#ended(new UpstreamError('protocol', wrongLength));
      else this.isComplete = true;
      return;
    }
    const sent = this.#sendsTrailers ? forwardableTrailers(trailers) : [];
    for (let i = 0; i < sent.length; i += 2) {
      if (isFieldName(sent[i] as string) && isWritable(sent[i + 1] as string)) continue;
      this.#ended(new UpstreamError('protocol', 'A trailer of the request cannot be sent.'));
      return;
    }
    this.isComplete = true;
    this.#writeHead();
    this.#socket.write(lastChunkWith(sent), 'latin1');
  }

  error(error: Error): void {
    if (this.#isStopped || this.isComplete) return;
    this.#ended(new UpstreamError('aborted', 'The body of the request broke off.', { cause: error }));
  }

  #writeHead(): void {
    const head = this.#head;
    if (head === '') return;
    this.#head = '';
    this.#socket.write(head, 'latin1');
  }

  #write(chunk: Uint8Array): boolean {
    const head = this.#head;
    this.#wasCopied = head !== '' && head.length + chunk.length <= smallChunk;
    if (this.#wasCopied) {
      this.#head = '';
      return this.#socket.write(head + asLatin1(chunk), 'latin1');
    }
    this.#writeHead();
    return this.#socket.write(chunk);
  }

  #writeChunk(chunk: Uint8Array): boolean {
    this.#writeHead();
    const socket = this.#socket;
    const size = chunkSize(chunk.length);
    this.#wasCopied = chunk.length <= smallChunk;
    if (this.#wasCopied) {
      const line = Buffer.allocUnsafe(size.length + chunk.length + 2);
      line.write(size, 0, 'latin1');
      line.set(chunk, size.length);
      line[line.length - 2] = 13;
      line[line.length - 1] = 10;
      return socket.write(line);
    }
    socket.cork();
    socket.write(size, 'latin1');
    socket.write(chunk);
    const takesMore = socket.write('\r\n', 'latin1');
    socket.uncork();
    return takesMore;
  }

  #break(error: UpstreamError): void {
    this.stop(error);
    this.#failed(error);
  }

  /** The source is over by itself: there is nothing to abort. */
  #ended(error: UpstreamError): void {
    this.#isStopped = true;
    this.#failed(error);
  }
}

/** Copying this much is cheaper than writing three pieces. */
const smallChunk = 16 * 1024;

const wrongLength = 'The body of the request is not as long as was announced.';
