import { connect, type Socket } from 'node:net';
import {
  AmqpMap,
  type AmqpValue,
  Described,
  decodeValue,
  encodeValue,
  skipValue,
  symbol,
  Typed,
  ubyte,
  uint,
  ulong,
} from '@lazuli/amqp';

/** Performatives by number. */
export const codes = {
  open: 0x10,
  begin: 0x11,
  attach: 0x12,
  flow: 0x13,
  transfer: 0x14,
  disposition: 0x15,
  detach: 0x16,
  end: 0x17,
  close: 0x18,
} as const;

export interface RawFrame {
  readonly code: number;
  readonly fields: readonly AmqpValue[];
  readonly payload: Buffer;
}

interface Wanted {
  readonly fits: (frame: RawFrame) => boolean;
  readonly found: (frame: RawFrame) => void;
}

/** As much as fits into a frame of the server's with all that stands before it. */
const pieceBytes = 60_000;
const rootKey = Buffer.from('\0RootManageSharedAccessKey\0SAS_KEY_VALUE');

/** A client that speaks frames, over a socket: for what the clients of the field do not do (transactions, odd orders, bad manners). */
export class RawClient {
  readonly #socket: Socket;
  #deliveries = 0;
  #bytes = Buffer.alloc(0);
  /** What came and was not asked for yet. */
  #frames: RawFrame[] = [];
  #wanted: Wanted[] = [];
  isClosed = false;
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) =>
      socket.on('close', () => {
        this.isClosed = true;
        resolve();
      }),
    );
  }

  /** Signs in with the root key (SASL PLAIN) or as nobody, opens, and begins a session on channel 0. */
  static async open(
    port: number,
    options: {
      readonly isAnonymous?: boolean;
      readonly response?: Buffer;
      readonly window?: number;
      readonly frameBytes?: number;
    } = {},
  ): Promise<RawClient> {
    const { isAnonymous = false, response = rootKey, window = 1000, frameBytes = 0xffffffff } = options;
    const client = new RawClient(connect(port, '127.0.0.1'));
    client.#socket.write(Buffer.from('414d515003010000', 'hex'));
    const mechanism = symbol(isAnonymous ? 'ANONYMOUS' : 'PLAIN');
    client.#write(1, 0x41, [mechanism, isAnonymous ? Buffer.alloc(0) : response, 'localhost']);
    client.#socket.write(Buffer.from('414d515000010000', 'hex'));
    client.send(codes.open, ['raw', 'localhost', uint(frameBytes)]);
    client.send(codes.begin, [null, uint(0), uint(window), uint(1000)]);
    const begun = await client.#nextThat(({ code }) => code === codes.begin || code === codes.close, 'begin');
    if (begun.code === codes.close) throw new Error(`The connection was closed: ${conditionOf(begun.fields[0])}.`);
    return client;
  }

  send(code: number, fields: readonly AmqpValue[], payload?: Uint8Array): void {
    this.#write(0, code, fields, payload);
  }

  /** There and back: all that was sent before has been read. */
  async roundTrip(): Promise<void> {
    const session = [uint(0), uint(1000), uint(0), uint(1000)];
    this.send(codes.flow, [...session, null, null, null, null, null, true]);
    await this.next(codes.flow, ({ fields }) => (fields[4] ?? null) === null);
  }

  attachSender(
    handle: number,
    target: AmqpValue,
    options: {
      readonly properties?: AmqpMap;
      readonly name?: string;
      readonly isSettled?: boolean;
      readonly unsettled?: AmqpMap;
    } = {},
  ): Promise<RawFrame> {
    const { properties = null, name = `sender ${handle}`, isSettled, unsettled = null } = options;
    const mode = isSettled === undefined ? null : ubyte(isSettled ? 1 : 0);
    const source = new Described(ulong(0x28), ['client']);
    const to = typeof target === 'string' ? new Described(ulong(0x29), [target]) : target;
    const rest = [source, to, unsettled, null, uint(0), null, null, null, properties];
    this.send(codes.attach, [name, uint(handle), false, mode, null, ...rest]);
    return this.next(codes.attach, ({ fields }) => fields[0] === name);
  }

  attachReceiver(
    handle: number,
    source: string,
    options: {
      readonly filters?: AmqpMap;
      readonly properties?: AmqpMap;
      readonly isSettled?: boolean;
      readonly isSecond?: boolean;
      readonly target?: string;
      readonly unsettled?: AmqpMap;
    } = {},
  ): void {
    const { filters = null, properties = null, isSettled = false, isSecond = false, target = 'client' } = options;
    const { unsettled = null } = options;
    const from = new Described(ulong(0x28), [source, null, null, null, null, null, null, filters]);
    const to = new Described(ulong(0x29), [target]);
    const modes = [ubyte(isSettled ? 1 : 0), ubyte(isSecond ? 1 : 0)];
    const rest = [from, to, unsettled, null, null, null, null, null, properties];
    this.send(codes.attach, [`receiver ${handle}`, uint(handle), true, ...modes, ...rest]);
  }

  /** Credit for a receiving link that has had `deliveryCount` deliveries. */
  flow(handle: number, deliveryCount: number, credit: number, isDrain = false): void {
    const session = [uint(0), uint(1000), uint(0), uint(1000)];
    this.send(codes.flow, [...session, uint(handle), uint(deliveryCount), uint(credit), null, isDrain]);
  }

  /** Sends a message; returns its delivery id. */
  transfer(
    handle: number,
    payload: Uint8Array,
    options: {
      readonly state?: AmqpValue;
      readonly isSettled?: boolean;
      readonly format?: number;
      /** Default: the delivery id. */
      readonly tag?: string;
      /** It goes on with a delivery of a link that was lost. */
      readonly isResumed?: boolean;
    } = {},
  ): number {
    const { state = null, isSettled = false, format = 0, isResumed = false } = options;
    const id = this.#deliveries++;
    const tag = Buffer.from(options.tag ?? `${id}`);
    for (let start = 0; start === 0 || start < payload.length; start += pieceBytes) {
      const more = start + pieceBytes < payload.length;
      const fields = [uint(handle), uint(id), tag, uint(format), isSettled, more, null, state, isResumed];
      this.send(codes.transfer, fields, payload.subarray(start, start + pieceBytes));
    }
    return id;
  }

  /** The outcome of what was sent. */
  async outcome(id: number): Promise<Outcome> {
    const { fields } = await this.next(
      codes.disposition,
      ({ fields: [role, first, last] }) =>
        role === true && numberOf(first) <= id && id <= (last instanceof Typed ? numberOf(last) : numberOf(first)),
    );
    return outcomeOf(fields[4]);
  }

  /** The outcome of a delivery that was received. */
  settle(id: number, state: AmqpValue, isSettled = true): void {
    this.send(codes.disposition, [true, uint(id), null, isSettled, state]);
  }

  /** The first frame with this performative that was not asked for yet. */
  next(code: number, fits: (frame: RawFrame) => boolean = () => true): Promise<RawFrame> {
    return this.#nextThat((frame) => frame.code === code && fits(frame), `0x${code.toString(16)}`);
  }

  #nextThat(fits: (frame: RawFrame) => boolean, what: string): Promise<RawFrame> {
    const at = this.#frames.findIndex(fits);
    const found = this.#frames[at];
    if (found !== undefined) {
      this.#frames.splice(at, 1);
      return Promise.resolve(found);
    }
    return new Promise((resolve, reject) => {
      this.#wanted.push({ fits, found: resolve });
      void this.closed.then(() => reject(new Error(`The connection ended before a frame ${what} came.`)));
    });
  }

  /** Frames with this performative that came and were not asked for. */
  waiting(code: number): readonly RawFrame[] {
    return this.#frames.filter((frame) => frame.code === code);
  }

  close(): Promise<void> {
    if (!this.#socket.writableEnded) {
      this.send(codes.close, []);
      this.#socket.end();
    }
    return this.closed;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #write(type: number, code: number, fields: readonly AmqpValue[], payload: Uint8Array = Buffer.alloc(0)): void {
    const body = encodeValue(new Described(ulong(code), fields));
    const head = Buffer.from([0, 0, 0, 0, 2, type, 0, 0]);
    head.writeUInt32BE(8 + body.length + payload.length);
    this.#socket.write(Buffer.concat([head, body, payload]));
  }

  #receive(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    for (;;) {
      const isHeader = this.#bytes.toString('latin1', 0, 4) === 'AMQP';
      const size = isHeader ? 8 : this.#bytes.length < 4 ? 8 : this.#bytes.readUInt32BE(0);
      if (this.#bytes.length < size) return;
      const frame = this.#bytes.subarray(0, size);
      this.#bytes = this.#bytes.subarray(size);
      if (!isHeader && size > 8 && frame[5] === 0) this.#take(frame);
    }
  }

  #take(frame: Buffer): void {
    const end = skipValue(frame, 8, frame.length);
    const performative = decodeValue(frame, 8, end);
    if (!(performative instanceof Described) || !Array.isArray(performative.value)) throw new Error('no performative');
    const taken = { code: numberOf(performative.descriptor), fields: performative.value, payload: frame.subarray(end) };
    if (taken.code === codes.close && !this.#socket.writableEnded) {
      this.send(codes.close, []);
      this.#socket.end();
    }
    const wanted = this.#wanted.find(({ fits }) => fits(taken));
    if (wanted === undefined) {
      this.#frames.push(taken);
      return;
    }
    this.#wanted = this.#wanted.filter((each) => each !== wanted);
    wanted.found(taken);
  }
}

export function numberOf(value: AmqpValue | undefined): number {
  if (value instanceof Typed) return Number(value.value);
  throw new Error('It is no number.');
}

/** `amqp:…` of an error in `detach`, `end`, `close`. */
export function conditionOf(error: AmqpValue | undefined): string | undefined {
  if (!(error instanceof Described) || !Array.isArray(error.value)) return undefined;
  const condition: unknown = error.value[0];
  return condition instanceof Typed ? String(condition.value) : undefined;
}

/** Number and fields of an outcome. */
export interface Outcome {
  readonly code: number;
  readonly fields: readonly AmqpValue[];
}

export function outcomeOf(value: AmqpValue | undefined): Outcome {
  if (!(value instanceof Described) || !Array.isArray(value.value)) throw new Error('It is no outcome.');
  return { code: numberOf(value.descriptor), fields: value.value };
}

export const outcomes = {
  accepted: new Described(ulong(0x24), []),
  released: new Described(ulong(0x26), []),
  rejected: new Described(ulong(0x25), []),
  modified: (undeliverableHere: boolean) => new Described(ulong(0x27), [false, undeliverableHere, new AmqpMap()]),
} as const;
