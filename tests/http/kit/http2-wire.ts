import { connect, type Socket } from 'node:net';

/** Frames of HTTP/2 as bytes (RFC 9113 section 4.1), right or wrong. */
export const frameTypes = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

export const errorCodes = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export function frame(type: number, flags: number, stream: number, payload: Buffer | string = ''): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}

export function settings(...pairs: readonly (readonly [number, number])[]): Buffer {
  const payload = pairs.map(([id, value]) => Buffer.concat([Buffer.from([id >> 8, id & 255]), uint32(value)]));
  return frame(frameTypes.settings, 0, 0, Buffer.concat(payload));
}

/** A header block of literals that stay out of the table (RFC 7541 section 6.2.2), without Huffman. */
export function block(...fields: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(fields.map(([name, value]) => Buffer.concat([Buffer.from([0]), text(name), text(value)])));
}

export function request(...more: readonly (readonly [string, string])[]): Buffer {
  return block(...pseudo('GET'), ...more);
}

export function pseudo(method: string, path = '/a'): (readonly [string, string])[] {
  return [
    [':method', method],
    [':scheme', 'http'],
    [':path', path],
    [':authority', 'a'],
  ];
}

/** HEADERS with both END_STREAM and END_HEADERS. */
export function get(stream: number, payload = request()): Buffer {
  return frame(frameTypes.headers, flag.endStream | flag.endHeaders, stream, payload);
}

/** HEADERS of a request whose body follows. */
export function open(stream: number, payload = block(...pseudo('POST'))): Buffer {
  return frame(frameTypes.headers, flag.endHeaders, stream, payload);
}

export function data(stream: number, payload: string | Buffer, flags: number = flag.endStream): Buffer {
  return frame(frameTypes.data, flags, stream, payload);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([integer(bytes.length, 7), bytes]);
}

/** RFC 7541 section 5.1. */
function integer(value: number, prefix: number): Buffer {
  const most = 2 ** prefix - 1;
  if (value < most) return Buffer.from([value]);
  const bytes = [most];
  let rest = value - most;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}

/**
 * What a server said: `status 1 200` (others than the common ones as `status 1 other`), `end 1`, `reset 1 CODE`,
 * `goaway CODE`, `ping`, `settings`, `settings ack`, `data 1 5`, `closed`.
 */
export type Said = string;

export class Http2Wire {
  readonly said: Said[] = [];
  readonly socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #watchers = new Set<() => void>();

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.socket.on('error', () => {});
    this.socket.on('close', () => this.#say('closed'));
  }

  send(...parts: readonly Buffer[]): this {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(parts));
    return this;
  }

  /** Resolves with everything said once one of it matches, or the connection is closed. */
  until(pattern: RegExp): Promise<readonly Said[]> {
    return new Promise((resolve) => {
      const check = () => {
        if (!this.said.some((one) => pattern.test(one) || one === 'closed')) return;
        this.#watchers.delete(check);
        resolve(this.said);
      };
      this.#watchers.add(check);
      check();
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #take(chunk: Buffer): void {
    let rest = Buffer.concat([this.#rest, chunk]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const size = 9 + rest.readUIntBE(0, 3);
      this.#read(rest.readUInt8(3), rest.readUInt8(4), rest.readUInt32BE(5), rest.subarray(9, size));
      rest = rest.subarray(size);
    }
    this.#rest = rest;
  }

  #read(type: number, flags: number, stream: number, payload: Buffer): void {
    switch (type) {
      case frameTypes.headers:
        this.#say(`status ${stream} ${statusOf(payload)}`);
        break;
      case frameTypes.data:
        this.#say(`data ${stream} ${payload.length}`);
        break;
      case frameTypes.reset:
        this.#say(`reset ${stream} ${errorCodes[payload.readUInt32BE(0)]}`);
        break;
      case frameTypes.goaway:
        this.#say(`goaway ${errorCodes[payload.readUInt32BE(4)]}`);
        break;
      case frameTypes.ping:
        if (flags & flag.ack) this.#say(`ping ${payload.toString('latin1')}`);
        break;
      case frameTypes.settings:
        this.#say(flags & flag.ack ? 'settings ack' : 'settings');
        break;
    }
    if ((type === frameTypes.headers || type === frameTypes.data) && flags & flag.endStream) this.#say(`end ${stream}`);
  }

  #say(said: Said): void {
    this.said.push(said);
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** Of the first field of a response, which is its status; the common ones stand in the static table. */
function statusOf(payload: Buffer): string {
  let at = 0;
  while (((payload[at] ?? 0) & 0xe0) === 0x20) at++;
  const first = payload[at] ?? 0;
  return first >= 0x88 && first <= 0x8e
    ? (['200', '204', '206', '304', '400', '404', '500'][first - 0x88] ?? '')
    : 'other';
}
