import type { Transport } from '@lazuli/amqp';
import type { WebSocket } from 'ws';

/** Bytes below which a slow peer is said to read again. */
const lowWaterBytes = 64 * 1024;
const highWaterBytes = 1024 * 1024;

/** AMQP over a WebSocket: binary messages, cut anywhere (Azure's subprotocol AMQPWSB10; OASIS WSS binding `amqp`). */
export function webSocketTransport(webSocket: WebSocket): Transport {
  let isFull = false;
  let onDrain: () => void = () => {};
  const sent = () => {
    if (!isFull || webSocket.bufferedAmount > lowWaterBytes) return;
    isFull = false;
    onDrain();
  };
  return {
    write(pieces) {
      if (webSocket.readyState !== webSocket.OPEN) return true;
      const bytes = pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
      webSocket.send(bytes, { binary: true }, sent);
      if (webSocket.bufferedAmount > highWaterBytes) isFull = true;
      return !isFull;
    },
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
    end: () => webSocket.close(1000),
    destroy: () => webSocket.terminate(),
    start(events) {
      let failure: Error | undefined;
      onDrain = () => events.onDrain();
      webSocket.on('message', (data, isBinary) => {
        if (isBinary && Buffer.isBuffer(data)) events.onBytes(data);
        else webSocket.close(1003, 'AMQP is sent in binary messages');
      });
      webSocket.on('error', (error) => {
        failure = error;
      });
      webSocket.on('close', () => events.onClose(failure));
    },
    get bufferedBytes() {
      return webSocket.bufferedAmount;
    },
  };
}
