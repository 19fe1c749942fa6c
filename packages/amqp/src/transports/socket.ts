import type { Socket } from 'node:net';
import type { Transport } from '../contract.ts';

/** A connected socket (of `net` or `tls`). */
export function socketTransport(socket: Socket): Transport {
  socket.setNoDelay(true);
  return {
    write: (bytes) => (socket.writable ? socket.write(bytes) : true),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    start(events) {
      let failure: Error | undefined;
      socket.on('data', (bytes: Buffer) => events.onBytes(bytes));
      socket.on('drain', () => events.onDrain());
      socket.on('error', (error) => {
        failure = error;
      });
      socket.on('close', () => events.onClose(failure));
    },
    get bufferedBytes() {
      return socket.writableLength;
    },
  };
}
