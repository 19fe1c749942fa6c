import { forwardableTrailers } from '@lazuli/http';
import type { BodySink, BodySource } from '@lazuli/policies';
import { chunkSize, lastChunkWith } from '../syntax/chunked-encoding.ts';
import { isFieldName, isWritable } from '../syntax/field-writing.ts';
import { asLatin1 } from '../syntax/latin1.ts';
import { joinedBytes, type SocketOutput } from './socket-output.ts';

/** Who sends the response. */
export interface ResponseOwner {
  /** The last byte was given to the socket. */
  bodySent(): void;
  /** The response cannot be completed any more. */
  bodyBroken(): void;
}

/**
 * Lets a body flow into a response at the client's pace. Small pieces that come in the same turn, the head among them,
 * leave in one write.
 */
export class ResponseBody implements BodySink {
  /** Bytes of content that were given to the socket. */
  bytesSent = 0;
  #source: BodySource;
  #output: SocketOutput;
  #owner: ResponseOwner;
  #isChunked: boolean;
  /** Announced length, or -1. */
  #length: number;
  /** Not written yet. */
  #text: string;
  #isStarting = true;
  #isFlushing = false;
  #isPaused = false;
  #isDone = false;

  constructor(source: BodySource, head: string, isChunked: boolean, output: SocketOutput, owner: ResponseOwner) {
    this.#source = source;
    this.#text = head;
    this.#isChunked = isChunked;
    this.#length = source.length ?? -1;
    this.#output = output;
    this.#owner = owner;
  }

  start(): void {
    this.#source.start(this);
    this.#isStarting = false;
    // Headers of a response whose first byte takes its time (server-sent events) are not kept back.
    this.#flush();
  }

  data(chunk: Uint8Array): void {
    if (this.#isDone || chunk.length === 0) return;
    // More than the announced length would be read as the start of the next message.
    if (this.#length >= 0 && this.bytesSent + chunk.length > this.#length) {
      this.#source.abort(new Error(wrongLength));
      this.#break();
      return;
    }
    this.bytesSent += chunk.length;
    const before = this.#isChunked ? chunkSize(chunk.length) : '';
    const after = this.#isChunked ? '\r\n' : '';
    if (this.#text.length + chunk.length <= joinedBytes) {
      this.#text += before + asLatin1(chunk) + after;
      if (!this.#isStarting && !this.#isFlushing) {
        this.#isFlushing = true;
        process.nextTick(flushLater, this);
      }
      return;
    }
    const text = this.#text + before;
    this.#text = '';
    this.#output.bytes(text, chunk, after);
    this.#pauseWhenFull();
  }

  /** Small pieces were copied; the kernel has taken the others, or not yet. */
  isFree(): boolean {
    return this.#output.isFree;
  }

  end(trailers: readonly string[]): void {
    if (this.#isDone) return;
    if (this.#length >= 0 && this.bytesSent < this.#length) {
      this.#break();
      return;
    }
    this.#isDone = true;
    if (this.#isChunked) this.#text += lastChunkWith(writableTrailers(trailers));
    this.#flush();
    this.#owner.bodySent();
  }

  error(): void {
    this.#break();
  }

  /** The client takes more again. */
  resume(): void {
    if (!this.#isPaused || this.#isDone) return;
    this.#isPaused = false;
    this.#source.resume();
  }

  /** The client is gone. */
  leave(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#source.abort(new Error('The receiver is gone.'));
  }

  flushNow(): void {
    this.#isFlushing = false;
    if (!this.#isDone) this.#flush();
  }

  #flush(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#output.text(text);
    this.#pauseWhenFull();
  }

  #pauseWhenFull(): void {
    if (this.#isDone || this.#isPaused || !this.#output.isFull) return;
    this.#isPaused = true;
    this.#source.pause();
  }

  #break(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    // What was sent of it until now may go; the end is missing, and that is to be seen.
    this.#flush();
    this.#owner.bodyBroken();
  }
}

function flushLater(body: ResponseBody): void {
  body.flushNow();
}

/** A trailer that is not a valid field is left out; the content is complete without it. */
function writableTrailers(flat: readonly string[]): readonly string[] {
  const forwardable = forwardableTrailers(flat);
  if (forwardable.length === 0) return forwardable;
  const kept: string[] = [];
  for (let i = 0; i < forwardable.length; i += 2) {
    const name = forwardable[i] as string;
    const value = forwardable[i + 1] as string;
    if (isFieldName(name) && isWritable(value)) kept.push(name, value);
  }
  return kept;
}

const wrongLength = 'The body is not as long as was announced.';
