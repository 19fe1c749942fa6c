import { descriptorCode, descriptors } from '../codec/descriptors.ts';
import { ValueReader } from '../codec/reader.ts';
import type {
  AmqpClock,
  AmqpErrorInfo,
  Connection,
  ConnectionHandler,
  ConnectionLimits,
  ConnectionOptions,
  Link,
  SaslIdentity,
  Transport,
} from '../contract.ts';
import { Disposition } from '../frames/disposition.ts';
import { FieldReader } from '../frames/fields.ts';
import { Flow } from '../frames/flow.ts';
import { FrameReader, type FrameSink, framingError } from '../frames/frame-reader.ts';
import {
  attachOf,
  beginOf,
  detachOf,
  endErrorOf,
  type Open,
  openOf,
  writeClose,
  writeOpen,
} from '../frames/performatives.ts';
import { Transfer } from '../frames/transfer.ts';
import { AmqpMap, type AmqpValue } from '../values.ts';
import { AmqpViolation } from '../violation.ts';
import { Handshake } from './handshake.ts';
import { KeepAlive } from './keep-alive.ts';
import { defaultConnectionLimits, systemClock } from './limits.ts';
import { Outlet } from './outlet.ts';
import { Session } from './session.ts';

/** Where serial numbers of our own begin: tests begin near their end. */
export interface FirstSerials {
  readonly transferId: number;
  readonly deliveryId: number;
  readonly deliveryCount: number;
}

/**
 * `handshake`: protocol headers and SASL. `opening`: the peer's `open` comes next. `closing`: our `close` is out, the peer's is
 * awaited. `dead`: nothing is read any more.
 */
type State = 'handshake' | 'opening' | 'open' | 'closing' | 'dead';

/** One connection from its first byte to its last; sessions and links have their own files. */
export class AmqpConnection implements Connection, FrameSink {
  readonly limits: ConnectionLimits;
  readonly handler: ConnectionHandler;
  readonly clock: AmqpClock;
  readonly options: ConnectionOptions;
  readonly firstSerials: FirstSerials;
  readonly outlet: Outlet;
  readonly reader: FrameReader;
  readonly #transport: Transport;
  readonly #handshake: Handshake;
  readonly keepAlive: KeepAlive;
  #state: State = 'handshake';

  identity: SaslIdentity = { mechanism: 'ANONYMOUS' };
  #remote: Open | undefined;
  readonly #sessions = new Map<number, Session>();
  /** Handles in use, those that wait for the peer's detach too. */
  handleCount = 0;
  linkCount = 0;
  linklessSince: number | undefined;
  /** Deliveries that wait for their settlement. */
  unsettledCount = 0;
  /** Bytes of messages that are not complete. */
  partialBytes = 0;
  /** Bytes of the attach frames of links that are there: names, properties and filters may be kept as long as they. */
  attachBytes = 0;

  #work = 0;
  #cancelTimer: () => void;
  #closeError: Error | AmqpErrorInfo | undefined;

  constructor(
    transport: Transport,
    options: ConnectionOptions,
    handler: ConnectionHandler,
    firstSerials: FirstSerials = { transferId: 0, deliveryId: 0, deliveryCount: 0 },
  ) {
    this.#transport = transport;
    this.options = options;
    this.handler = handler;
    this.firstSerials = firstSerials;
    this.limits = { ...defaultConnectionLimits, ...options.limits };
    this.clock = options.clock ?? systemClock;
    this.reader = new FrameReader(this, this.limits.frameBytes);
    this.outlet = new Outlet(this, transport);
    this.#handshake = new Handshake(this);
    this.keepAlive = new KeepAlive(this);
    this.#cancelTimer = this.clock.after(this.limits.handshakeMilliseconds, () => this.#handshakeTimedOut());
    transport.start({
      onBytes: (bytes, isLent) => this.#onBytes(bytes, isLent),
      onDrain: () => this.outlet.onDrain(),
      onClose: (error) => this.#onTransportClosed(error),
    });
  }

  get hostName(): string | undefined {
    return this.#remote?.hostName;
  }

  get remoteContainerId(): string {
    return this.#remote?.containerId ?? '';
  }

  get remoteProperties(): AmqpMap {
    return this.#remote?.properties ?? new AmqpMap();
  }

  /** Bytes of a frame that the peer takes. */
  get remoteFrameBytes(): number {
    return Math.min(this.#remote?.maxFrameSize ?? 512, largestSentFrame);
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  get links(): Iterable<Link> {
    return this.#openLinks();
  }

  *#openLinks(): Iterable<Link> {
    for (const session of this.#sessions.values()) yield* session.openLinks();
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Nothing is read or written any more. */
  get isDead(): boolean {
    return this.#state === 'dead';
  }

  // ——— Bytes in ———

  #onBytes(bytes: Buffer, isLent?: boolean): void {
    if (this.#state === 'dead') return;
    this.keepAlive.heard();
    this.#work = 0;
    this.guard(() => this.reader.push(bytes, isLent));
  }

  /** Nothing that a frame causes gets out of here: a broken rule ends what it concerns, a bug ends the connection. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof AmqpViolation) this.fail(error.info, true);
      else {
        this.#closeError = error instanceof Error ? error : new Error(String(error));
        this.fail({ condition: 'amqp:internal-error', description: 'The frame could not be processed.' }, false);
      }
    }
  }

  onProtocolHeader(protocol: number, version: string): void {
    if (this.#state === 'handshake') this.#handshake.onProtocolHeader(protocol, version);
  }

  onFrame(type: number, channel: number, buffer: Buffer, start: number, end: number): void {
    if (this.#state === 'dead') return;
    this.spend(1);
    if (this.#state === 'handshake') {
      this.#handshake.onFrame(type, buffer, start, end);
      return;
    }
    if (type !== 0) throw framingError(`a frame of type ${type} where one of AMQP was expected`);
    if (start === end) return;
    this.#onPerformative(channel, buffer, start, end);
  }

  #onPerformative(channel: number, buffer: Buffer, start: number, end: number): void {
    let code: number;
    let at: number;
    if (end - start >= 4 && buffer[start] === 0x00 && buffer[start + 1] === 0x53) {
      code = buffer[start + 2]!;
      at = start + 3;
    } else {
      const reader = new ValueReader(buffer, start + 1, end);
      if (buffer[start] !== 0x00)
        throw new AmqpViolation('amqp:decode-error', 'The body of a frame is no performative.');
      code = descriptorCode(reader.read());
      at = reader.offset;
    }
    if (this.#state === 'closing') {
      if (code === descriptors.close) this.#finish();
      return;
    }
    if (this.#state === 'opening' && code !== descriptors.open && code !== descriptors.close)
      throw illegalState(`0x${code.toString(16)} came before open`);
    switch (code) {
      case descriptors.transfer: {
        const session = this.#sessionOf(channel);
        transfer.read(fields, buffer, at, end);
        session?.onTransfer(transfer);
        break;
      }
      case descriptors.disposition: {
        const session = this.#sessionOf(channel);
        disposition.read(fields, buffer, at, end);
        session?.onDisposition(disposition);
        break;
      }
      case descriptors.flow: {
        const session = this.#sessionOf(channel);
        flow.read(fields, buffer, at, end);
        session?.onFlow(flow);
        break;
      }
      case descriptors.attach:
        this.#sessionOf(channel)?.onAttach(attachOf(this.#list(buffer, at, end)), end - start);
        break;
      case descriptors.detach:
        this.#sessionOf(channel)?.onDetach(detachOf(this.#list(buffer, at, end)));
        break;
      case descriptors.begin:
        this.#onBegin(channel, buffer, at, end);
        break;
      case descriptors.end:
        this.#onEnd(channel, endErrorOf(this.#list(buffer, at, end)));
        break;
      case descriptors.open:
        this.#onOpen(openOf(this.#list(buffer, at, end)));
        break;
      case descriptors.close:
        this.#onClose(endErrorOf(this.#list(buffer, at, end)));
        break;
      default:
        throw new AmqpViolation('amqp:decode-error', 'The body of a frame is no performative of AMQP 1.0.');
    }
  }

  #list(buffer: Buffer, start: number, end: number): readonly AmqpValue[] {
    const value = new ValueReader(buffer, start, end).read();
    if (!Array.isArray(value))
      throw new AmqpViolation('amqp:decode-error', 'The fields of a performative are no list.');
    return value;
  }

  /** Undefined: a session that we ended, whose frames on the way are dropped. */
  #sessionOf(channel: number): Session | undefined {
    const session = this.#sessions.get(channel);
    if (session === undefined) throw illegalState(`a frame came on channel ${channel}, where no session was begun`);
    return session.isEnded ? undefined : session;
  }

  // ——— Opening and closing ———

  /** Protocol headers and SASL are done. */
  onAuthenticated(identity: SaslIdentity): void {
    this.identity = identity;
    this.#state = 'opening';
    this.reader.expectsHeader = false;
    this.reader.maxFrameBytes = this.limits.frameBytes;
  }

  #onOpen(open: Open): void {
    if (this.#state !== 'opening') throw illegalState('open came a second time');
    this.#remote = open;
    this.#writeOpen();
    if (open.maxFrameSize < 512)
      throw new AmqpViolation(
        'amqp:invalid-field',
        `Field 'open.max-frame-size' is at least 512, not ${open.maxFrameSize}.`,
      );
    this.#cancelTimer();
    this.#state = 'open';
    this.linklessSince = this.clock.now();
    this.keepAlive.start(open.idleTimeOut);
    const refusal = this.handler.onOpen?.(this);
    if (refusal !== undefined) this.close(refusal);
  }

  #writeOpen(): void {
    const { options, limits } = this;
    writeOpen(this.outlet.output, {
      containerId: options.containerId,
      hostName: undefined,
      maxFrameSize: limits.frameBytes,
      channelMax: Math.min(limits.sessions, 65_536) - 1,
      idleTimeOut: limits.idleMilliseconds,
      offeredCapabilities: options.offeredCapabilities ?? [],
      desiredCapabilities: [],
      properties: options.properties ?? new AmqpMap(),
    });
    this.outlet.flushSoon();
  }

  #onClose(error: AmqpErrorInfo | undefined): void {
    if (this.#state === 'opening') this.#writeOpen();
    this.#closeError ??= error;
    this.#closeSessions(error);
    writeClose(this.outlet.output);
    this.#finish();
  }

  close(error?: AmqpErrorInfo): void {
    if (this.#state === 'closing' || this.#state === 'dead') return;
    if (this.#state === 'handshake') {
      this.#finish();
      return;
    }
    if (this.#state === 'opening') this.#writeOpen();
    this.#closeError ??= error;
    this.#closeSessions(error);
    writeClose(this.outlet.output, error);
    this.#state = 'closing';
    this.outlet.flushSoon();
    this.#lingerThenDestroy();
  }

  /** Closes with an error and reads nothing more. `isViolation`: the peer broke a rule. */
  fail(error: AmqpErrorInfo, isViolation: boolean): void {
    if (this.#state === 'dead') return;
    const state = this.#state;
    this.#closeError ??= error;
    if (isViolation) this.safely(() => this.handler.onViolation?.(error));
    this.#closeSessions(error);
    if (state === 'opening' && this.#remote === undefined) this.#writeOpen();
    if (state === 'opening' || state === 'open') writeClose(this.outlet.output, error);
    this.#finish();
  }

  /** Sends what is to be sent, then ends; the transport has some seconds for it. */
  #finish(): void {
    this.#state = 'dead';
    this.keepAlive.stop();
    this.outlet.end();
    if (this.#isGone) return;
    this.#transport.end();
    this.#lingerThenDestroy();
  }

  /** The handshake has failed and its last bytes are written. */
  abandon(): void {
    if (this.#state !== 'dead') this.#finish();
  }

  #lingerThenDestroy(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.clock.after(lingerMilliseconds, () => this.#transport.destroy());
  }

  #handshakeTimedOut(): void {
    this.fail(
      {
        condition: 'amqp:resource-limit-exceeded',
        description: `The connection was not open after ${this.limits.handshakeMilliseconds} ms.`,
      },
      true,
    );
  }

  #closeSessions(error: AmqpErrorInfo | undefined): void {
    for (const session of this.#sessions.values()) session.onGone(error);
    this.#sessions.clear();
  }

  #onTransportClosed(error: Error | undefined): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#state = 'dead';
    this.keepAlive.stop();
    this.#cancelTimer();
    this.#closeSessions(undefined);
    this.outlet.end();
    const reason = this.#closeError ?? error;
    this.handler.onClose?.(reason);
  }
  #isGone = false;

  /** Calls the handler where one that throws must not keep others from being called. */
  safely(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#closeError ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  // ——— Sessions ———

  #onBegin(channel: number, buffer: Buffer, start: number, end: number): void {
    if (channel >= this.limits.sessions)
      throw framingError(`a session on channel ${channel}, the highest is ${this.limits.sessions - 1}`);
    if (this.#sessions.has(channel)) throw illegalState(`begin came on channel ${channel}, which is in use`);
    const begin = beginOf(this.#list(buffer, start, end));
    if (begin.remoteChannel !== undefined)
      throw new AmqpViolation(
        'amqp:invalid-field',
        "Field 'begin.remote-channel' answers a session that was not begun.",
      );
    const session = new Session(this, channel, begin);
    this.#sessions.set(channel, session);
  }

  #onEnd(channel: number, error: AmqpErrorInfo | undefined): void {
    const session = this.#sessions.get(channel);
    if (session === undefined) throw illegalState(`end came on channel ${channel}, where no session was begun`);
    session.onEnd(error);
    this.#sessions.delete(channel);
  }

  /** A link is no more (its handle may still be). */
  linkGone(): void {
    if (--this.linkCount === 0) this.linklessSince = this.clock.now();
  }

  // ——— Fairness ———

  /**
   * Counts steps of work that frames cause. After many of them the rest of the bytes waits until others had their turn: a few
   * bytes can ask for much (a disposition of a hundred thousand deliveries).
   */
  spend(steps: number): void {
    this.#work += steps;
    if (this.#work < stepsOfTurn || this.reader.isStopped) return;
    this.stopReading();
    setImmediate(() => {
      this.#work = 0;
      this.resumeReading();
    });
  }

  stopReading(): void {
    this.reader.stop();
    this.#transport.pause();
  }

  resumeReading(): void {
    if (this.#state === 'dead') {
      this.#transport.resume();
      return;
    }
    this.guard(() => this.reader.resume());
    this.readAgain();
  }

  /** Unless something else keeps it from reading. */
  readAgain(): void {
    if (!this.reader.isStopped && !this.outlet.isReadingPaused) this.#transport.resume();
  }
}

/** Shared by all connections: what they hold is used up before a handler is called, and no idle connection keeps a chunk by them. */
const fields = new FieldReader();
const transfer = new Transfer();
const flow = new Flow();
const disposition = new Disposition();

/** Larger frames win nothing and make one message hold up the others. */
const largestSentFrame = 1024 * 1024;
const lingerMilliseconds = 5000;
const stepsOfTurn = 20_000;

const illegalState = (what: string) =>
  new AmqpViolation('amqp:illegal-state', `A frame is not permitted in this state: ${what}.`);
