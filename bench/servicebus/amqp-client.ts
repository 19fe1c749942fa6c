import { connect, type Socket } from 'node:net';
import { described, Encoded, FieldReader, frame, map, performative, symbol, ubyte } from './amqp-wire.ts';

export interface Broker {
  readonly port: number;
  readonly userName: string;
  readonly password: string;
  /** `hostname` of the open: names the namespace or virtual host. */
  readonly hostName: string;
}

const window = 0x7fffffff;
const acceptedCode = 0x24;
const acceptedState = described(acceptedCode, []);

/** One connection with one session, for loads. Errors of the peer end the process: a bench has no use for half a result. */
export class AmqpClient {
  readonly #socket: Socket;
  readonly #links: BenchLink[] = [];
  #byRemoteHandle: BenchLink[] = [];
  #unread: Buffer = Buffer.alloc(0);
  #nextOutgoingId = 0;
  #remoteWindow = 0;
  #deliveryId = 0;
  #maxFrame = 65_536;
  #out: Buffer[] = [];
  #flushScheduled = false;
  #ready: (() => void) | undefined;
  readonly #senderOf = new Map<number, BenchSender>();

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(broker: Broker): Promise<AmqpClient> {
    const socket = connect({ port: broker.port, host: '127.0.0.1', noDelay: true });
    const client = new AmqpClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => resolve());
    });
    socket.on('error', fail).on('data', (bytes) => client.#read(bytes));
    const opened = new Promise<void>((resolve) => {
      client.#ready = resolve;
    });
    const response = Buffer.from(`\0${broker.userName}\0${broker.password}`);
    client.#write(Buffer.from('AMQP\x03\x01\x00\x00', 'latin1'));
    client.#write(frame(1, 0, described(performative.saslInit, [symbol('PLAIN'), response])));
    client.#write(Buffer.from('AMQP\x00\x01\x00\x00', 'latin1'));
    const channelMax = 0;
    client.#write(
      frame(
        0,
        0,
        described(performative.open, [
          `bench-${process.pid}-${Math.random()}`,
          broker.hostName,
          1 << 20,
          ushort(channelMax),
        ]),
      ),
    );
    client.#write(frame(0, 0, described(performative.begin, [null, 0, window, window])));
    await opened;
    return client;
  }

  sender(address: string): Promise<BenchSender> {
    const link = new BenchSender(this, this.#links.length);
    return this.#attach(link, [
      `send-${link.handle}`,
      link.handle,
      false,
      ubyte(0),
      ubyte(0),
      described(0x28, ['bench']),
      described(0x29, [address]),
      null,
      null,
      0,
    ]);
  }

  /** `session`: undefined for none, null for the next one that is free. */
  receiver(address: string, settles: 'first' | 'second', session?: string | null): Promise<BenchReceiver> {
    const link = new BenchReceiver(this, this.#links.length, settles);
    const filter = session === undefined ? null : map([[symbol('com.microsoft:session-filter'), session]]);
    return this.#attach(link, [
      `receive-${link.handle}-${Math.random()}`,
      link.handle,
      true,
      ubyte(0),
      ubyte(settles === 'first' ? 0 : 1),
      described(0x28, [address, null, null, null, null, null, null, filter]),
      described(0x29, ['bench']),
    ]);
  }

  async #attach<T extends BenchLink>(link: T, fields: Parameters<typeof described>[1]): Promise<T> {
    this.#links.push(link);
    this.#write(frame(0, 0, described(performative.attach, fields)));
    await link.attached;
    return link;
  }

  close(): void {
    this.#socket.removeListener('error', fail).on('error', () => {});
    this.#socket.destroy();
  }

  /** @internal */
  send(handle: number, sender: BenchSender, message: Buffer): boolean {
    const head = 64;
    const room = this.#maxFrame - head;
    const frames = Math.ceil(message.length / room);
    if (this.#remoteWindow < frames) return false;
    this.#remoteWindow -= frames;
    this.#nextOutgoingId += frames;
    const id = this.#deliveryId++;
    this.#senderOf.set(id, sender);
    const tag = Buffer.alloc(4);
    tag.writeUInt32BE(id);
    for (let at = 0; at < message.length; at += room) {
      const more = at + room < message.length;
      const piece = message.subarray(at, at + room);
      this.#write(frame(0, 0, described(performative.transfer, [handle, id, tag, 0, false, more]), piece));
    }
    return true;
  }

  /** @internal */
  grant(handle: number, deliveryCount: number, credit: number): void {
    this.#write(
      frame(
        0,
        0,
        described(performative.flow, [0, window, this.#nextOutgoingId, window, handle, deliveryCount, credit]),
      ),
    );
  }

  /** @internal */
  accept(id: number, settled: boolean): void {
    this.#write(frame(0, 0, described(performative.disposition, [true, id, id, settled, acceptedState])));
  }

  #write(bytes: Buffer): void {
    this.#out.push(bytes);
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    queueMicrotask(() => {
      this.#flushScheduled = false;
      const out = this.#out;
      this.#out = [];
      this.#socket.write(out.length === 1 ? out[0]! : Buffer.concat(out));
    });
  }

  #read(chunk: Buffer): void {
    let bytes = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    let at = 0;
    while (bytes.length - at >= 8) {
      if (bytes[at] === 0x41 && bytes[at + 1] === 0x4d) {
        at += 8;
        continue;
      }
      const size = bytes.readUInt32BE(at);
      if (bytes.length - at < size) break;
      if (size > 8) this.#frame(bytes, at + bytes[at + 4]! * 4, at + size);
      at += size;
    }
    bytes = bytes.subarray(at);
    this.#unread = bytes;
  }

  #frame(bytes: Buffer, start: number, end: number): void {
    const fields = new FieldReader(bytes, start);
    switch (fields.code) {
      case performative.saslMechanisms:
        return;
      case performative.saslOutcome:
        if (fields.next() !== 0) fail(new Error('the broker refuses the user name and password'));
        return;
      case performative.open: {
        fields.next();
        fields.next();
        const maxFrame = fields.next();
        if (typeof maxFrame === 'number') this.#maxFrame = Math.min(maxFrame, 1 << 20);
        this.#write(Buffer.alloc(0));
        return;
      }
      case performative.begin: {
        fields.next();
        fields.next();
        this.#remoteWindow = Number(fields.next());
        this.#ready?.();
        return;
      }
      case performative.attach: {
        fields.next();
        const handle = Number(fields.next());
        // Replies come in the order in which links were asked for.
        const link = this.#links.find((one) => !one.isAttached);
        if (link === undefined) return;
        this.#byRemoteHandle[handle] = link;
        link.attach();
        return;
      }
      case performative.flow:
        this.#flow(fields);
        return;
      case performative.transfer: {
        const handle = Number(fields.next());
        const id = fields.next();
        fields.next();
        fields.next();
        fields.next();
        const more = fields.next() === true;
        const link = this.#byRemoteHandle[handle];
        if (link instanceof BenchReceiver) link.transfer(id, more, end - fields.end);
        return;
      }
      case performative.disposition: {
        const isReceiver = fields.next() === true;
        const first = Number(fields.next());
        const last = Number(fields.next() ?? first);
        if (!isReceiver) {
          for (const link of this.#links) if (link instanceof BenchReceiver) link.settled(last - first + 1);
          return;
        }
        fields.next();
        if (fields.nextDescribed() !== acceptedCode)
          fail(new Error(`a message was refused: ${text(bytes, start, end)}`));
        for (let id = first; id <= last; id++) {
          const sender = this.#senderOf.get(id);
          this.#senderOf.delete(id);
          sender?.accepted();
        }
        return;
      }
      case performative.detach: {
        const link = this.#byRemoteHandle[Number(fields.next())];
        if (link?.isClosing) return;
        fail(new Error(`the broker detached a link: ${text(bytes, start, end)}`));
        return;
      }
      case performative.end:
      case performative.close:
        fail(new Error(`the broker closed: ${text(bytes, start, end)}`));
    }
  }

  #flow(fields: FieldReader): void {
    const nextIncoming = Number(fields.next() ?? 0);
    const incomingWindow = Number(fields.next());
    fields.next();
    fields.next();
    this.#remoteWindow = nextIncoming + incomingWindow - this.#nextOutgoingId;
    const handle = fields.next();
    const deliveryCount = Number(fields.next() ?? 0);
    const credit = fields.next();
    if (handle !== undefined && typeof credit === 'number') {
      const link = this.#byRemoteHandle[Number(handle)];
      if (link instanceof BenchSender) link.credited(deliveryCount + credit);
    }
    for (const link of this.#links) if (link instanceof BenchSender) link.onSendable?.();
  }

  /** @internal */
  detach(handle: number): void {
    this.#write(frame(0, 0, described(performative.detach, [handle, true])));
  }
}

abstract class BenchLink {
  readonly client: AmqpClient;
  readonly handle: number;
  readonly attached: Promise<void>;
  isAttached = false;
  isClosing = false;
  #resolve: () => void = () => {};

  constructor(client: AmqpClient, handle: number) {
    this.client = client;
    this.handle = handle;
    this.attached = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  attach(): void {
    this.isAttached = true;
    this.#resolve();
  }

  close(): void {
    this.isClosing = true;
    this.client.detach(this.handle);
  }
}

export class BenchSender extends BenchLink {
  #sent = 0;
  #limit = 0;
  onSendable: (() => void) | undefined;
  onAccepted: (() => void) | undefined;

  /** False: no credit or no window; `onSendable` will be called. */
  send(message: Buffer): boolean {
    if (this.#sent >= this.#limit || !this.client.send(this.handle, this, message)) return false;
    this.#sent++;
    return true;
  }

  credited(limit: number): void {
    this.#limit = limit;
  }

  accepted(): void {
    this.onAccepted?.();
  }
}

export class BenchReceiver extends BenchLink {
  readonly #settles: 'first' | 'second';
  #received = 0;
  #granted = 0;
  #deliveryId = 0;
  #credit = 0;
  onMessage: ((bytes: number) => void) | undefined;
  /** The broker has confirmed so many settlements (where it is asked to). */
  onSettled: ((count: number) => void) | undefined;

  constructor(client: AmqpClient, handle: number, settles: 'first' | 'second') {
    super(client, handle);
    this.#settles = settles;
  }

  /** Keeps up to so many messages coming. */
  start(credit: number): void {
    this.#credit = credit;
    this.#granted = credit;
    this.client.grant(this.handle, this.#received, credit);
  }

  transfer(id: number | boolean | undefined, more: boolean, bytes: number): void {
    if (typeof id === 'number') this.#deliveryId = id;
    if (more) return;
    this.#received++;
    this.client.accept(this.#deliveryId, this.#settles === 'first');
    this.onMessage?.(bytes);
    if (this.#granted - this.#received <= this.#credit / 2) {
      this.#granted = this.#received + this.#credit;
      this.client.grant(this.handle, this.#received, this.#credit);
    }
  }

  settled(count: number): void {
    this.onSettled?.(count);
  }
}

function ushort(value: number): Encoded {
  const bytes = Buffer.from([0x60, value >> 8, value & 0xff]);
  return new Encoded(bytes);
}

function text(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end).replace(/[^\x20-\x7e]+/g, ' ');
}

function fail(error: Error): void {
  console.error(error.message);
  process.exit(1);
}
