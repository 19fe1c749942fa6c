import { connect } from 'node:net';

export interface RawAnswer {
  /** Everything that came, one character a byte. */
  readonly text: string;
  /** How it ended: the other side's FIN, its reset, or not within the time given. */
  readonly end: 'closed' | 'reset' | 'open';
}

/**
 * Sends bytes and, unless told otherwise, the end of the client's side, then reads until the other side closes. With its
 * end in sight a server cannot wait for more: what it makes of the bytes is all in the answer.
 */
export function sendBytes(
  port: number,
  bytes: string | Buffer | readonly (string | Buffer)[],
  options: {
    /** End the client's side when this is true of what came; at once unless given. */
    readonly endWhen?: (text: string) => boolean;
    readonly patienceMs?: number;
  } = {},
): Promise<RawAnswer> {
  const { endWhen, patienceMs = 5000 } = options;
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const clock = setTimeout(() => finish('open'), patienceMs);
    const finish = (end: RawAnswer['end']) => {
      clearTimeout(clock);
      socket.destroy();
      resolve({ text: Buffer.concat(received).toString('latin1'), end });
    };
    socket.on('data', (chunk) => {
      received.push(chunk);
      if (socket.writableEnded || !endWhen?.(Buffer.concat(received).toString('latin1'))) return;
      socket.end();
    });
    socket.on('end', () => finish('closed'));
    socket.on('error', () => finish('reset'));
    for (const part of Array.isArray(bytes) ? bytes : [bytes as string | Buffer])
      socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
    if (endWhen === undefined) socket.end();
  });
}
