import type { Socket } from 'node:net';
import type { Transport, TransportEvents } from '../contract.ts';

/** A connected socket (of `net` or `tls`). */
export function socketTransport(socket: Socket): Transport {
  return new SocketTransport(socket, (events) => socket.on('data', (bytes: Buffer) => events.onBytes(bytes)));
}

/** A connected socket that is not read as a stream: what arrives is given to `received`. */
export class FedSocketTransport {
  readonly transport: Transport;
  #events: TransportEvents | undefined;
  #early: Buffer | null;

  /** `early` was read from it before. */
  constructor(socket: Socket, early: Buffer | null) {
    this.#early = early;
    this.transport = new SocketTransport(socket, (events) => {
      this.#events = events;
      if (early !== null) process.nextTick(() => this.#giveEarly());
    });
  }

  /** Bytes that are overwritten after the call. */
  received(bytes: Buffer): void {
    this.#giveEarly();
    this.#events?.onBytes(bytes, true);
  }

  #giveEarly(): void {
    const early = this.#early;
    this.#early = null;
    if (early !== null) this.#events?.onBytes(early);
  }
}

class SocketTransport implements Transport {
  readonly #socket: Socket;
  readonly #read: (events: TransportEvents) => void;

  constructor(socket: Socket, read: (events: TransportEvents) => void) {
    socket.setNoDelay(true);
    this.#socket = socket;
    this.#read = read;
  }

  write(pieces: readonly Uint8Array[]): boolean {
    const socket = this.#socket;
    if (!socket.writable) return true;
    if (pieces.length > 1) socket.cork();
    let takesMore = true;
    for (const piece of pieces) takesMore = socket.write(piece);
    if (pieces.length > 1) socket.uncork();
    return takesMore;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  start(events: TransportEvents): void {
    const socket = this.#socket;
    let failure: Error | undefined;
    this.#read(events);
    socket.on('drain', () => events.onDrain());
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => events.onClose(failure));
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }
}
