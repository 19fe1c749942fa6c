import type { Socket } from 'node:net';
import { getSystemErrorName } from 'node:util';
import {
  handleOf,
  lastWriteWasAsync,
  type StreamBinding,
  type StreamHandle,
  streamBinding,
  type WriteRequest,
} from './stream-binding.ts';
import { writeTurn } from './write-turn.ts';

/** Whose text is written. */
export interface WriteOwner {
  /** Everything has left the process. */
  written(): void;
  /** The kernel has not taken any of it, and the socket is destroyed; its `errored` says why. */
  refused(): void;
}

/**
 * Writes text to a TCP socket without a turn through `stream.Writable`: no request object, no queue of chunks and no next
 * tick for what the kernel takes at once, which is nearly everything. What it doesn't take is written by libuv in order,
 * before whatever the socket itself is given later.
 *
 * Text waits for the end of the event loop's turn, see {@link writeTurn}. {@link flush} sends it earlier: before anything is
 * written to the socket itself, and before it is ended.
 */
export class DirectWriter {
  /** The kernel did not take all of it; libuv is writing the rest. */
  isUnderWay = false;
  #socket: Socket;
  #handle: StreamHandle;
  #binding: StreamBinding;
  #owner: WriteOwner;
  /** Waits for the end of the turn. */
  #text = '';

  constructor(socket: Socket, handle: StreamHandle, binding: StreamBinding, owner: WriteOwner) {
    this.#socket = socket;
    this.#handle = handle;
    this.#binding = binding;
    this.#owner = owner;
  }

  /** Nothing of the last text has been given to the kernel. */
  get isWaiting(): boolean {
    return this.#text !== '';
  }

  /** The owner will be told. */
  get isPending(): boolean {
    return this.isUnderWay || this.#text !== '';
  }

  /** Bytes that the kernel has not taken. */
  get bytesUnderWay(): number {
    return this.isUnderWay ? this.#handle.writeQueueSize : 0;
  }

  /** False: not now, {@link flush} and write to the socket. */
  text(text: string): boolean {
    const socket = this.#socket;
    if (this.isUnderWay || socket.writableLength > 0 || !socket.writable) return false;
    if (this.#text === '') {
      this.#text = text;
      writeTurn.add(this);
    } else {
      this.#text += text;
      if (this.#text.length > waitingCharacters) this.flush();
    }
    return true;
  }

  flush(): void {
    const text = this.#text;
    if (text === '') return;
    this.#text = '';
    if (this.#socket.destroyed) return;
    const status = this.#handle.writeLatin1String(spare, text);
    if (status !== 0) {
      this.#socket.destroy(writeError(status));
      this.#owner.refused();
    } else if (this.#binding.streamBaseState[lastWriteWasAsync] !== 0) {
      spare.oncomplete = (outcome) => this.#completed(outcome);
      spare = new this.#binding.WriteWrap();
      this.isUnderWay = true;
    } else this.#owner.written();
  }

  #completed(status: number): void {
    this.isUnderWay = false;
    if (this.#socket.destroyed) return;
    if (status < 0) this.#socket.destroy(writeError(status));
    else this.#owner.written();
  }
}

/** For a connected socket without TLS, or null. */
export function directWriter(socket: Socket, owner: WriteOwner): DirectWriter | null {
  const handle = handleOf(socket);
  return handle === null || streamBinding === null ? null : new DirectWriter(socket, handle, streamBinding, owner);
}

function writeError(status: number): NodeJS.ErrnoException {
  const code = getSystemErrorName(status);
  return Object.assign(new Error(`write ${code}`), { errno: status, code, syscall: 'write' });
}

/** More is not collected. */
const waitingCharacters = 64 * 1024;

/** One for all: a write that is done at once does not touch it. */
let spare: WriteRequest = streamBinding === null ? {} : new streamBinding.WriteWrap();
