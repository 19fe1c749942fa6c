import { createHash } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
export const acceptance = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
export const switching = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptance}\r\n\r\n`;
export const handshake = `GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;

/** One end of a connection that the test reads and writes byte by byte. */
export class RawEnd {
  readonly socket: Socket;
  ended = false;
  closed = false;
  /** Bytes, the head of HTTP included. */
  received = 0;
  #chunks: Buffer[] = [];
  #watchers = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.received += chunk.length;
      this.#wake();
    });
    socket.on('end', () => {
      this.ended = true;
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  get bytes(): Buffer {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }

  /** What came behind the head of HTTP. */
  get payload(): Buffer {
    const { bytes } = this;
    const end = bytes.indexOf('\r\n\r\n');
    return end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 4);
  }

  when(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (condition()) resolve();
        else if (this.closed) reject(new Error(`closed; received ${this.bytes.length} bytes`));
        else return;
        this.#watchers.delete(check);
      };
      this.#watchers.add(check);
      check();
    });
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

export interface RawSocketBackend {
  readonly url: string;
  /** The next connection that has sent its whole head. */
  next(): Promise<RawEnd>;
  close(): Promise<void>;
}

export async function startRawSocketBackend(): Promise<RawSocketBackend> {
  const ends: RawEnd[] = [];
  const waiting: ((end: RawEnd) => void)[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const end = new RawEnd(socket);
    ends.push(end);
    end
      .when(() => end.bytes.includes('\r\n\r\n'))
      .then(
        () => waiting.shift()?.(end),
        () => {},
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    close() {
      for (const { socket } of ends) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function connectRaw(port: number): RawEnd {
  return new RawEnd(connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }));
}

/** A frame of RFC 6455 section 5.2; the mask is of zeros, so that the payload reads as it is. */
export function webSocketFrame(opcode: number, payload: Buffer | string, { fin = true, masked = true } = {}): Buffer {
  const body = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | opcode;
  const mask = masked ? 0x80 : 0;
  let head: Buffer;
  if (body.length < 126) head = Buffer.from([first, mask | body.length]);
  else if (body.length < 65_536) head = Buffer.from([first, mask | 126, body.length >> 8, body.length & 255]);
  else {
    head = Buffer.alloc(10);
    head[0] = first;
    head[1] = mask | 127;
    head.writeBigUInt64BE(BigInt(body.length), 2);
  }
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), body]);
}
