import { type OnReadOpts, Socket } from 'node:net';

/** Who takes what a socket receives. */
export interface ReadTarget {
  /** `bytes` are overwritten after the call: what is kept must be copied. */
  received(bytes: Buffer): void;
}

/**
 * Lets all connections of a listener read into one buffer, in place of allocating 64 KiB for each read and cutting it to
 * size. Node offers that (`onread`) for sockets that a program opens, not for those that a server accepts; so an accepted
 * socket's handle is moved to a socket that is made with the option.
 */
export class SharedReads {
  #buffer = Buffer.allocUnsafeSlow(64 * 1024);

  /**
   * The socket to use instead of `accepted`, of which nothing is to be read any more. Null when Node does not show the handle: then
   * `accepted` is read as a stream.
   */
  adopt(accepted: Socket, targetOf: (socket: Socket) => ReadTarget): Socket | null {
    const handle: unknown = Reflect.get(accepted, '_handle');
    if (typeof handle !== 'object' || handle === null) return null;
    const buffer = this.#buffer;
    let target: ReadTarget | null = null;
    const onread: OnReadOpts = {
      buffer,
      callback: (size) => {
        target?.received(buffer.subarray(0, size));
        return true;
      },
    };
    Reflect.set(accepted, '_handle', null);
    const socket: unknown = Reflect.construct(Socket, [
      { handle, manualStart: true, allowHalfOpen: accepted.allowHalfOpen, onread },
    ]);
    if (!(socket instanceof Socket)) return null;
    // The server counts the one that it has accepted.
    socket.once('close', () => accepted.destroy());
    target = targetOf(socket);
    socket.resume();
    return socket;
  }
}
