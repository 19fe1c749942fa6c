import type { OnReadOpts, Socket } from 'node:net';

/** Who reads a connection's bytes. */
export interface ReadTarget {
  /** The first `size` of `bytes` are new; they are gone after the call. False: read no more until the socket is resumed. */
  received(bytes: Buffer, size: number): boolean;
}

/**
 * How much is read at a time. A response of 1 MiB takes half the CPU that it takes with 64 KiB; a client that reads slowly
 * keeps one such piece in memory at most.
 */
export const bytesAtOnce = 256 * 1024;

/** A connected socket whose bytes nobody has read yet. */
export interface ReadSocket {
  readonly socket: Socket;
  /** More bytes than the last read gave may have been taken off the wire already, as TLS does record by record. */
  readonly readsAhead: boolean;
  /** Sends everything that arrives there. Called once. */
  readInto(target: ReadTarget): void;
}

/**
 * Lets Node read into one buffer that all connections share, in place of allocating one for each read: reading and
 * handling what was read is one step of the event loop.
 */
export class SharedRead implements OnReadOpts {
  readonly buffer: Buffer;
  readonly callback: (size: number) => boolean;
  #target: ReadTarget | null = null;
  #socket: Socket | null = null;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
    this.callback = (size) => {
      if (this.#target !== null) return this.#target.received(buffer, size);
      // A peer that speaks before it is asked.
      this.#socket?.destroy();
      return false;
    };
  }

  /** Belongs to this socket, which was made with it. */
  of(socket: Socket, readsAhead: boolean): ReadSocket {
    this.#socket = socket;
    return {
      socket,
      readsAhead,
      readInto: (target) => {
        this.#target = target;
      },
    };
  }
}

/** A socket that was read as a stream until now: behind a proxy's tunnel. */
export function streamRead(socket: Socket): ReadSocket {
  return {
    socket,
    readsAhead: true,
    readInto: (target) => {
      socket.on('data', (chunk: Buffer) => {
        if (!target.received(chunk, chunk.length)) socket.pause();
      });
    },
  };
}
