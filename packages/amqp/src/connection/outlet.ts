import type { Transport } from '../contract.ts';
import { FrameOutput } from '../frames/frame-output.ts';
import type { AmqpConnection } from './connection.ts';
import type { OutgoingTransfers } from './outgoing-transfers.ts';
import type { SendingEndpoint } from './sending-link.ts';
import type { Session } from './session.ts';

/**
 * What goes out of a connection: collected while code runs, written once at its end. It knows how much more the peer may be sent, and
 * calls those who had to wait.
 */
export class Outlet {
  readonly output = new FrameOutput();
  /** Links that send, in the order in which they are called when there is room again. */
  readonly senders = new Set<SendingEndpoint>();
  /** Bytes of begun messages for which a window or this outlet had no room. */
  restBytes = 0;
  readonly #connection: AmqpConnection;
  readonly #transport: Transport;
  /** Sessions with flows or dispositions to write. */
  readonly #dirtySessions: Session[] = [];
  /** Sessions that stopped within a message, for want of room here. */
  readonly #interrupted = new Set<OutgoingTransfers>();
  #notices: (() => void)[] = [];
  #isFlushDue = false;
  /** A link had to wait for something other than credit or a window. */
  #isStarved = false;
  /** The transport has more than it can send; it tells when that is over. */
  #isBlocked = false;
  #isReadingPaused = false;
  #isEnded = false;

  constructor(connection: AmqpConnection, transport: Transport) {
    this.#connection = connection;
    this.#transport = transport;
  }

  /** Something is to be written: all of it goes out once, when the code that runs now has come to its end. */
  flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    process.nextTick(flushOutlet, this);
  }

  /** Calls back at the beginning of the next flush: for what must not happen within a call of the handler's. */
  later(notice: () => void): void {
    this.#notices.push(notice);
    this.flushSoon();
  }

  dirty(session: Session): void {
    this.#dirtySessions.push(session);
    this.flushSoon();
  }

  flush(): void {
    while (this.#notices.length > 0) {
      const notices = this.#notices;
      this.#notices = [];
      for (const notice of notices) this.#connection.guard(notice);
    }
    for (const session of this.#dirtySessions) session.writePending();
    this.#dirtySessions.length = 0;
    this.#isFlushDue = false;
    this.#write();
    if (this.#isBlocked && !this.#isReadingPaused && this.#buffered > this.#connection.limits.writeBufferBytes) {
      // What it sends would be answered with what it does not read.
      this.#isReadingPaused = true;
      this.#transport.pause();
    }
    this.wake();
  }

  #write(): void {
    if (this.output.pending === 0) return;
    const pieces = this.output.take();
    if (this.#isEnded) return;
    this.#connection.keepAlive.wrote();
    if (!this.#transport.write(pieces)) this.#isBlocked = true;
  }

  /** Writes what there is, then nothing more. */
  end(): void {
    this.flush();
    this.#isEnded = true;
  }

  onDrain(): void {
    this.#isBlocked = false;
    this.#connection.keepAlive.drained();
    if (this.#isReadingPaused) {
      this.#isReadingPaused = false;
      this.#connection.readAgain();
    }
    this.wake();
  }

  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** Nothing is read while the peer does not read. */
  get isReadingPaused(): boolean {
    return this.#isReadingPaused;
  }

  get #buffered(): number {
    return this.#isBlocked ? this.#transport.bufferedBytes : 0;
  }

  /** Messages that may be begun now as far as buffers and the bound of unsettled deliveries go. */
  room(): number {
    const { limits, unsettledCount } = this.#connection;
    const unsettled = limits.unsettled - unsettledCount;
    if (unsettled > 0 && this.output.pending + this.restBytes + this.#buffered < limits.writeBufferBytes)
      return unsettled;
    this.#isStarved = true;
    return 0;
  }

  /** Whether a frame more of a message that was begun may be written; if not, `continue` is called when it may. */
  hasRoomFor(transfers: OutgoingTransfers): boolean {
    if (this.output.pending + this.#buffered < this.#connection.limits.writeBufferBytes) return true;
    this.#interrupted.add(transfers);
    return false;
  }

  forget(transfers: OutgoingTransfers): void {
    this.#interrupted.delete(transfers);
  }

  /** Goes on with what had to wait, if there is room now. */
  wake(): void {
    if (this.#interrupted.size > 0) this.#continueMessages();
    if (!this.#isStarved || !this.#connection.isOpen) return;
    const { limits, unsettledCount } = this.#connection;
    // Not for each settlement that makes room for one.
    if (limits.unsettled - unsettledCount < limits.unsettled / 16 || this.room() === 0) return;
    this.#isStarved = false;
    this.#connection.guard(() => this.wakeLinks());
  }

  #continueMessages(): void {
    for (const transfers of [...this.#interrupted]) {
      if (this.output.pending + this.#buffered >= this.#connection.limits.writeBufferBytes) return;
      this.#interrupted.delete(transfers);
      if (transfers.continue()) this.#isStarved = true;
    }
  }

  /** Calls links with credit, as long as there is room. */
  wakeLinks(): void {
    this.#connection.spend(this.senders.size);
    for (const link of [...this.senders]) {
      if (link.sendable === 0) continue;
      // The one that was served goes to the end of the line.
      if (this.senders.delete(link)) this.senders.add(link);
      link.notify();
      if (this.room() === 0) break;
    }
  }
}

const flushOutlet = (outlet: Outlet): void => outlet.flush();
