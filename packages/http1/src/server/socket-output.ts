import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type DirectWriter, directWriter, type WriteOwner } from '../socket/direct-writer.ts';
import { asLatin1 } from '../syntax/latin1.ts';

/** Somebody who wants to know when everything that was written so far has left the process. */
export interface Settled {
  settled(): void;
  /** The connection has closed before. */
  abandoned(): void;
}

/**
 * The way out of a connection. A head and a small body leave in one write; what the kernel takes at once needs no
 * callback and no timer.
 */
export class SocketOutput implements WriteOwner {
  #socket: Socket | TLSSocket;
  #direct: DirectWriter | null;
  #drained: () => void;
  #needsCallback: boolean;
  #idleTimeoutMs: number;
  #isMarked = false;
  #isTimed = false;
  /** When it was looked at last. */
  #bytesUnderWay = 0;
  #isHeld = false;
  #waiting: Settled[] = [];

  /** `drained`: what did not leave at once has left now. */
  constructor(socket: Socket | TLSSocket, isTls: boolean, idleTimeoutMs: number, drained: () => void) {
    this.#socket = socket;
    this.#direct = directWriter(socket, this);
    this.#drained = drained;
    // Encryption always answers later; its own callback is cheaper than a mark behind it.
    this.#needsCallback = isTls;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** So much waits that nothing more should be added. */
  get isFull(): boolean {
    return this.#direct?.isUnderWay || this.#socket.writableLength >= this.#socket.writableHighWaterMark;
  }

  /** Everything that was written has left the process. */
  get isEmpty(): boolean {
    return !this.#isPending && this.#socket.writableLength === 0;
  }

  /** No bytes that somebody gave to be written are needed any more. */
  get isFree(): boolean {
    return this.#socket.writableLength === 0;
  }

  text(text: string): void {
    if (!this.#isHeld && this.#direct?.text(text)) return;
    this.flush();
    if (this.#needsCallback && !this.#isHeld) {
      this.#isMarked = true;
      this.#socket.write(text, 'latin1', this.#onWritten);
    } else this.#socket.write(text, 'latin1');
    this.#look();
  }

  /** Writes `before`, `bytes` and `after` as one. `bytes` must not change any more when they are many. */
  bytes(before: string, bytes: Uint8Array, after: string): void {
    if (bytes.length <= joinedBytes) {
      this.text(before + asLatin1(bytes) + after);
      return;
    }
    const socket = this.#socket;
    this.flush();
    socket.cork();
    if (before !== '') socket.write(before, 'latin1');
    socket.write(bytes);
    if (after !== '') socket.write(after, 'latin1');
    socket.uncork();
    this.#look();
  }

  /** Collects writes until {@link release}: the responses to requests that arrived together leave together. */
  hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.flush();
    this.#socket.cork();
  }

  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#socket.uncork();
    this.#look();
    if (this.isEmpty) this.#settle();
  }

  /** What waits for the end of the turn leaves now: before the socket itself is written to, ended or destroyed. */
  flush(): void {
    this.#direct?.flush();
  }

  written(): void {
    if (this.isEmpty) this.#onWritten();
  }

  refused(): void {
    // The socket is destroyed, and closes.
  }

  /** True: all has left already. False: `settled` will tell, unless the connection breaks before. */
  isSettled(listener: Settled): boolean {
    if (this.isEmpty && this.#socket.errored === null) return true;
    this.#waiting.push(listener);
    return false;
  }

  /** The connection has closed. */
  abandon(): void {
    for (const listener of this.#waiting.splice(0)) listener.abandoned();
  }

  /** A sweep has come by: a peer that takes nothing at all for a while is given up, see {@link keepWaiting}. */
  watch(): void {
    if (!(this.#isMarked || this.#direct?.isUnderWay) || this.#isTimed || this.#idleTimeoutMs === 0) return;
    this.#isTimed = true;
    this.#bytesUnderWay = this.#direct?.bytesUnderWay ?? 0;
    this.#socket.setTimeout(this.#idleTimeoutMs);
  }

  /**
   * The socket's timeout has passed, which sees the progress of what was written to the socket. If the peer has taken some of
   * what went past it, it is given as long again. False: it is to be given up.
   */
  keepWaiting(): boolean {
    const left = this.#direct?.bytesUnderWay ?? 0;
    const hasMoved = left < this.#bytesUnderWay;
    this.#bytesUnderWay = left;
    if (hasMoved) this.#socket.setTimeout(this.#idleTimeoutMs);
    return hasMoved;
  }

  get #isPending(): boolean {
    return this.#direct?.isPending === true;
  }

  #look(): void {
    if (this.#isMarked || this.#isHeld || this.#socket.writableLength === 0) return;
    this.#isMarked = true;
    this.#socket.write('', 'latin1', this.#onWritten);
  }

  #onWritten = (): void => {
    this.#isMarked = false;
    if (this.#socket.destroyed || this.#isPending) return;
    if (this.#socket.writableLength > 0) {
      this.#look();
      return;
    }
    if (this.#isTimed) {
      this.#isTimed = false;
      this.#socket.setTimeout(0);
    }
    this.#settle();
    this.#drained();
  };

  #settle(): void {
    if (this.#waiting.length === 0) return;
    if (this.#waiting.length === 1) {
      this.#waiting.pop()?.settled();
      return;
    }
    for (const listener of this.#waiting.splice(0)) listener.settled();
  }
}

/** Up to this size copying bytes into the text of the head is cheaper than a second buffer for the kernel. */
export const joinedBytes = 8 * 1024;
