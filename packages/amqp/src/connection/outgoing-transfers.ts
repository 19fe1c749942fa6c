import type { DeliveryState, OutgoingMessage } from '../contract.ts';
import type { Flow } from '../frames/flow.ts';
import { beginTransfer, transferHeadBytes } from '../frames/transfer.ts';
import { OutgoingMessageDelivery, type SendingEndpoint } from './sending-link.ts';
import { serialAdd, serialDistance } from './serial.ts';
import type { Session } from './session.ts';

/** What a session sends: the peer's window, ids, frames of messages, and the deliveries whose settlement is awaited. */
export class OutgoingTransfers {
  readonly #session: Session;
  /** Transfer id of the next frame. */
  nextId: number;
  #nextDeliveryId: number;
  /** Frames that the peer takes now. */
  #window: number;
  readonly #unsettled = new Map<number, OutgoingMessageDelivery>();
  /** The rest of a message for which the window was too small. Nothing else is sent before it. */
  #rest: { readonly link: SendingEndpoint; readonly id: number; readonly settled: boolean; bytes: Buffer } | undefined;

  constructor(session: Session, window: number) {
    const { firstSerials } = session.connection;
    this.#session = session;
    this.nextId = firstSerials.transferId;
    this.#nextDeliveryId = firstSerials.deliveryId;
    this.#window = window;
  }

  /** Messages that may be begun now. Where it is none, links are called when there is room again. */
  room(): number {
    if (this.#rest !== undefined || this.#window === 0) {
      this.#isStarved = true;
      return 0;
    }
    return Math.min(this.#window, this.#session.connection.outlet.room());
  }
  #isStarved = false;

  send(link: SendingEndpoint, message: OutgoingMessage): OutgoingMessageDelivery {
    const { connection } = this.#session;
    const id = this.#nextDeliveryId;
    this.#nextDeliveryId = serialAdd(id, 1);
    const { tag, settled } = message;
    const delivery = new OutgoingMessageDelivery(link, id, tag, message.context, settled);
    if (!settled) {
      this.#unsettled.set(id, delivery);
      connection.unsettledCount++;
      link.track(delivery);
    }
    this.#write(link, id, message);
    // The link may not ask again before it is called.
    this.room();
    connection.outlet.flushSoon();
    return delivery;
  }

  #write(link: SendingEndpoint, id: number, message: OutgoingMessage): void {
    const { connection, channel } = this.#session;
    const { output } = connection.outlet;
    const { pieces, settled } = message;
    let bytes = 0;
    for (const piece of pieces) bytes += piece.length;
    if (bytes + transferHeadBytes > connection.remoteFrameBytes) {
      this.#rest = { link, id, settled, bytes: whole(pieces, bytes) };
      connection.outlet.restBytes += bytes;
      this.#writeRest(message);
      return;
    }
    this.#window--;
    this.nextId = serialAdd(this.nextId, 1);
    const frame = beginTransfer(
      output,
      channel,
      link.handle,
      id,
      message.tag,
      message.messageFormat ?? 0,
      settled,
      false,
    );
    output.endFrameWith(frame, pieces, bytes);
  }

  /** Frames of the rest as far as the window goes. `message`: where its first frame is still to come. */
  #writeRest(message?: OutgoingMessage): void {
    const rest = this.#rest;
    if (rest === undefined) return;
    const { connection, channel } = this.#session;
    const { output } = connection.outlet;
    const payloadBytes = connection.remoteFrameBytes - transferHeadBytes;
    let first = message;
    while (this.#window > 0 && connection.outlet.hasRoomFor(this)) {
      this.#window--;
      this.nextId = serialAdd(this.nextId, 1);
      const more = rest.bytes.length > payloadBytes;
      const frame = beginTransfer(
        output,
        channel,
        rest.link.handle,
        rest.id,
        first?.tag,
        first?.messageFormat ?? 0,
        rest.settled,
        more,
      );
      const payload = rest.bytes.subarray(0, payloadBytes);
      output.endFrameWith(frame, [payload], payload.length);
      first = undefined;
      connection.outlet.restBytes -= payload.length;
      rest.bytes = rest.bytes.subarray(payloadBytes);
      if (!more) {
        this.#rest = undefined;
        break;
      }
    }
    connection.outlet.flushSoon();
  }

  /** There is room for frames of the rest again. Whether links that had to wait for it may go on. */
  continue(): boolean {
    this.#writeRest();
    return this.#rest === undefined;
  }

  /** Whether links that had to wait for the window may go on. */
  onFlow(flow: Flow): boolean {
    // Frames that the peer had not seen when it wrote this are taken off (2.5.6).
    const seen = flow.nextIncomingId === -1 ? this.#session.connection.firstSerials.transferId : flow.nextIncomingId;
    const onTheWay = Math.max(0, serialDistance(this.nextId, seen));
    this.#window = Math.max(0, flow.incomingWindow - onTheWay);
    this.#writeRest();
    if (!this.#isStarved || this.#rest !== undefined || this.#window === 0) return false;
    this.#isStarved = false;
    return true;
  }

  /**
   * The peer's word on a range of deliveries. It costs no more steps than deliveries are unsettled, or ids in the range, whichever are
   * fewer.
   */
  onDisposition(first: number, last: number, state: DeliveryState | undefined, settled: boolean): void {
    const newest = serialAdd(this.#nextDeliveryId, -1);
    const end = serialDistance(last, newest) > 0 ? newest : last;
    const count = serialDistance(end, first) + 1;
    if (count <= 0) return;
    const unsettled = this.#unsettled;
    if (count <= unsettled.size) {
      this.#session.connection.spend(count);
      for (let index = 0; index < count; index++) {
        const delivery = unsettled.get(serialAdd(first, index));
        if (delivery !== undefined) this.#outcome(delivery, state, settled);
      }
      return;
    }
    this.#session.connection.spend(unsettled.size);
    for (const delivery of unsettled.values()) {
      if ((delivery.id - first) >>> 0 < count) this.#outcome(delivery, state, settled);
    }
  }

  #outcome(delivery: OutgoingMessageDelivery, state: DeliveryState | undefined, settled: boolean): void {
    if (settled) {
      this.forget(delivery);
      delivery.isSettled = true;
    }
    delivery.link.handler.onOutcome(delivery, state, settled);
  }

  /** Its settlement is no longer awaited. */
  forget(delivery: OutgoingMessageDelivery): void {
    if (!this.#unsettled.delete(delivery.id)) return;
    this.#session.connection.unsettledCount--;
    delivery.link.untrack(delivery);
  }

  /** The link is gone; what is left of a message of it is not sent. */
  linkGone(link: SendingEndpoint): void {
    if (this.#rest?.link === link) this.#dropRest();
  }

  clear(): void {
    this.#session.connection.unsettledCount -= this.#unsettled.size;
    this.#unsettled.clear();
    this.#dropRest();
  }

  #dropRest(): void {
    const { outlet } = this.#session.connection;
    outlet.restBytes -= this.#rest?.bytes.length ?? 0;
    outlet.forget(this);
    this.#rest = undefined;
  }
}

function whole(pieces: readonly Uint8Array[], bytes: number): Buffer {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1
    ? Buffer.from(only.buffer, only.byteOffset, only.length)
    : Buffer.concat(pieces, bytes);
}
