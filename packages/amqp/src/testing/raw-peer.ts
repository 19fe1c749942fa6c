import { descriptorCode } from '../codec/descriptors.ts';
import { ValueReader } from '../codec/reader.ts';
import { ulong } from '../codec/typed.ts';
import { encodeValue } from '../codec/writer.ts';
import { FrameReader } from '../frames/frame-reader.ts';
import { type AmqpValue, Described, Typed } from '../values.ts';

/** A frame as it came: performative by number, its fields as plain as they can be, and what follows them. */
export interface RawFrame {
  readonly type: number;
  readonly channel: number;
  readonly code: number;
  readonly fields: readonly AmqpValue[];
  readonly payload: Buffer;
}

export const amqpHeader = Buffer.from('414d515000010000', 'hex');
export const saslHeader = Buffer.from('414d515003010000', 'hex');

/** A client that writes and reads frames as they are: for tests of what a well-behaved client would never send. */
export class RawPeer {
  readonly frames: RawFrame[] = [];
  readonly headers: string[] = [];
  bytesReceived = 0;
  isEnded = false;
  readonly #reader: FrameReader;
  readonly #write: (bytes: Buffer) => void;

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
    this.#reader = new FrameReader(
      {
        onProtocolHeader: (protocol, version) => {
          this.headers.push(`${protocol} ${version}`);
          this.#reader.expectsHeader = false;
        },
        onFrame: (type, channel, buffer, start, end) => {
          if (start === end) {
            this.frames.push({ type, channel, code: 0, fields: [], payload: Buffer.alloc(0) });
            return;
          }
          const reader = new ValueReader(buffer, start, end);
          const value = reader.read();
          if (!(value instanceof Described) || !Array.isArray(value.value)) throw new TypeError('no performative');
          const code = descriptorCode(value.descriptor);
          this.frames.push({ type, channel, code, fields: value.value, payload: buffer.subarray(reader.offset, end) });
          // The outcome of SASL: a protocol header comes next.
          if (type === 1 && code === 0x44) this.#reader.expectsHeader = true;
        },
      },
      0xffffffff,
    );
  }

  receive(bytes: Buffer): void {
    this.bytesReceived += bytes.length;
    this.#reader.push(bytes);
  }

  ended(): void {
    this.isEnded = true;
  }

  write(bytes: Buffer): void {
    this.#write(bytes);
  }

  send(code: number, fields: readonly AmqpValue[], options: FrameOptions = {}): void {
    this.write(rawFrame(code, fields, options));
  }

  /** Frames with this performative, so far. */
  of(code: number): readonly RawFrame[] {
    return this.frames.filter((frame) => frame.code === code && frame.type === 0);
  }
}

export interface FrameOptions {
  readonly channel?: number;
  readonly type?: number;
  readonly payload?: Uint8Array;
}

export function rawFrame(code: number, fields: readonly AmqpValue[], options: FrameOptions = {}): Buffer {
  const body = encodeValue(new Described(ulong(code), fields));
  const payload = options.payload ?? Buffer.alloc(0);
  const frame = Buffer.alloc(8 + body.length + payload.length);
  frame.writeUInt32BE(frame.length, 0);
  frame[4] = 2;
  frame[5] = options.type ?? 0;
  frame.writeUInt16BE(options.channel ?? 0, 6);
  frame.set(body, 8);
  frame.set(payload, 8 + body.length);
  return frame;
}

/** The value without its type: what most assertions want. */
export function plain(value: AmqpValue | undefined): unknown {
  if (value instanceof Typed) return value.value;
  if (value instanceof Described) return { code: descriptorCode(value.descriptor), value: plain(value.value) };
  if (Array.isArray(value)) return value.map(plain);
  return value;
}
