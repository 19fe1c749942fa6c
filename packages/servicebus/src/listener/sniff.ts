import type { Socket } from 'node:net';

/** What the first bytes of a connection say that it speaks. */
export type Spoken = 'amqp' | 'tls' | 'http' | 'webSocket' | 'unknown';

const amqp = Buffer.from('AMQP');
const tlsHandshake = 0x16;
/** As clients of Azure ask for it; some write the dollar sign as they should. */
const webSocketPaths = ['GET /$servicebus/websocket', 'GET /%24servicebus/websocket'];
const methods = ['GET ', 'PUT ', 'POST ', 'DELETE ', 'HEAD ', 'OPTIONS ', 'PATCH '];
const mostBytes = 32;

/** Undefined: more bytes are needed to tell. */
export function spokenBy(bytes: Buffer): Spoken | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes[0] === tlsHandshake) return 'tls';
  const start = bytes.subarray(0, amqp.length);
  if (start.equals(amqp.subarray(0, start.length))) return bytes.length >= amqp.length ? 'amqp' : undefined;
  const text = bytes.toString('latin1', 0, mostBytes);
  if (webSocketPaths.some((path) => text.toLowerCase().startsWith(path.toLowerCase()))) return 'webSocket';
  if (webSocketPaths.some((path) => path.toLowerCase().startsWith(text.toLowerCase()))) return undefined;
  if (methods.some((method) => text.startsWith(method))) return 'http';
  return methods.some((method) => method.startsWith(text)) ? undefined : 'unknown';
}

/**
 * Waits for the first bytes of a connection and puts them back. `heard` is called once; not at all where the peer leaves, or says
 * nothing in `timeoutMs`, after which the connection is closed.
 */
export function sniff(socket: Socket, timeoutMs: number, heard: (spoken: Spoken) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  const giveUp = () => socket.destroy();
  const look = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const spoken = spokenBy(bytes);
    if (spoken === undefined) return;
    stop();
    socket.off('readable', look).off('end', giveUp).off('error', giveUp).off('close', stop);
    socket.unshift(bytes);
    heard(spoken);
  };
  const timer = setTimeout(giveUp, timeoutMs);
  const stop = () => clearTimeout(timer);
  socket.on('readable', look).once('end', giveUp).on('error', giveUp).once('close', stop);
}
