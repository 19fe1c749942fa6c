import type { AmqpErrorInfo, DeliveryState, IncomingDelivery, ReceivingHandler, ReceivingLink } from '../contract.ts';
import { readState } from '../frames/states.ts';
import type { Transfer } from '../frames/transfer.ts';
import type { AmqpConnection } from './connection.ts';
import { PartialMessage } from './partial-message.ts';
import { serialAdd } from './serial.ts';
import type { Session } from './session.ts';

/** A link on which messages come in. */
export class ReceivingEndpoint implements ReceivingLink {
  readonly name: string;
  readonly connection: AmqpConnection;
  readonly handler: ReceivingHandler;
  readonly handle: number;
  readonly #session: Session;
  /** 0: no bound. */
  readonly #maxMessageBytes: number;
  context: unknown;
  isOpen = true;
  credit = 0;
  deliveryCount: number;
  isFlowDue = false;
  /** Deliveries that wait for our outcome. */
  #unsettled = 0;
  #partial: { readonly delivery: ReceivedDelivery; readonly message: PartialMessage } | undefined;

  constructor(
    session: Session,
    handle: number,
    name: string,
    handler: ReceivingHandler,
    maxMessageBytes: number,
    deliveryCount: number,
  ) {
    this.#session = session;
    this.connection = session.connection;
    this.handle = handle;
    this.name = name;
    this.handler = handler;
    this.#maxMessageBytes = maxMessageBytes;
    this.deliveryCount = deliveryCount;
  }

  grant(credit: number): void {
    if (!this.isOpen || credit <= 0) return;
    this.credit = Math.min(0xffffffff, this.credit + credit);
    this.flowSoon();
  }

  flowSoon(): void {
    if (this.isFlowDue) return;
    this.isFlowDue = true;
    this.#session.flowSoon(this);
  }

  onTransfer(transfer: Transfer): void {
    if (this.#partial !== undefined) {
      this.#continue(transfer);
      return;
    }
    if (transfer.tagLength === -1) {
      this.#failSession("Field 'transfer.delivery-tag' is missing in the first transfer of a delivery.");
      return;
    }
    if (!this.#session.takeDeliveryId(transfer.deliveryId)) return;
    if (this.credit === 0) {
      this.#fail('amqp:link:transfer-limit-exceeded', 'A transfer came though the credit was used up.');
      return;
    }
    this.credit--;
    this.deliveryCount = serialAdd(this.deliveryCount, 1);
    if (transfer.aborted) {
      // It never was.
      this.grant(1);
      return;
    }
    if (transfer.resume) {
      const delivery = ignored(this, transfer);
      if (transfer.more) this.#partial = { delivery, message: new PartialMessage() };
      else this.#resumed(delivery);
      return;
    }
    const delivery = new ReceivedDelivery(this, transfer);
    if (transfer.more) {
      delivery.leaveFrame();
      this.#partial = { delivery, message: new PartialMessage() };
      this.#append(transfer);
      return;
    }
    if (this.#isTooLarge(delivery, transfer.payloadEnd - transfer.payloadStart)) return;
    delivery.payload = transfer.buffer.subarray(transfer.payloadStart, transfer.payloadEnd);
    this.#deliver(delivery);
  }

  #continue(transfer: Transfer): void {
    const { delivery, message } = this.#partial!;
    if (transfer.deliveryId !== -1 && transfer.deliveryId !== delivery.id) {
      this.#failSession(`Field 'transfer.delivery-id' is ${transfer.deliveryId} within delivery ${delivery.id}.`);
      return;
    }
    if (transfer.aborted) {
      this.#drop();
      this.grant(1);
      return;
    }
    if (transfer.settled) delivery.isSettled = true;
    if (!this.#append(transfer) || transfer.more) return;
    this.#drop();
    if (delivery.isIgnored) {
      this.#resumed(delivery);
      return;
    }
    delivery.payload = message.whole();
    this.#deliver(delivery);
  }

  /** A delivery of the link before: its content is here, or was never taken. */
  #resumed(delivery: ReceivedDelivery): void {
    this.grant(1);
    if (delivery.isSettled) return;
    const state = this.handler.onResumed?.(delivery.tag) ?? { kind: 'released' };
    this.#session.settleReceived(delivery.id, state);
  }

  #append(transfer: Transfer): boolean {
    const { delivery, message } = this.#partial!;
    if (delivery.isIgnored) return true;
    const { connection } = this;
    if (this.#isTooLarge(delivery, message.bytes + transfer.payloadEnd - transfer.payloadStart)) return false;
    const before = message.held;
    message.append(transfer.buffer, transfer.payloadStart, transfer.payloadEnd);
    connection.partialBytes += message.held - before;
    if (connection.partialBytes > connection.limits.partialBytes) {
      this.#fail(
        'amqp:resource-limit-exceeded',
        `Messages that are not complete take more than ${connection.limits.partialBytes} bytes on this connection.`,
      );
      return false;
    }
    return true;
  }

  #drop(): void {
    if (this.#partial === undefined) return;
    this.connection.partialBytes -= this.#partial.message.held;
    this.#partial = undefined;
  }

  /** One that is too large is rejected, as Azure does it (clients wait for the outcome of what they sent), and the link ends (2.7.3). */
  #isTooLarge(delivery: ReceivedDelivery, bytes: number): boolean {
    const most = this.#maxMessageBytes;
    if (most === 0 || bytes <= most) return false;
    const condition = 'amqp:link:message-size-exceeded';
    const description = `The received message (delivery-id:${delivery.id}, size:${bytes} bytes) exceeds the limit (${most} bytes) currently allowed on the link.`;
    if (!delivery.isSettled)
      this.#session.settleReceived(delivery.id, { kind: 'rejected', error: { condition, description } });
    this.#fail(condition, description);
    return true;
  }

  #deliver(delivery: ReceivedDelivery): void {
    if (!delivery.isSettled) {
      this.#unsettled++;
      if (++this.connection.unsettledCount > this.connection.limits.unsettled) {
        this.#fail(
          'amqp:resource-limit-exceeded',
          `More than ${this.connection.limits.unsettled} deliveries of the connection are unsettled.`,
        );
        return;
      }
    }
    this.handler.onDelivery(delivery);
  }

  settle(delivery: ReceivedDelivery, state: DeliveryState): void {
    if (!this.isOpen) return;
    this.#unsettled--;
    this.connection.unsettledCount--;
    this.#session.settleReceived(delivery.id, state);
  }

  #failSession(description: string): void {
    this.#session.fail({ condition: 'amqp:invalid-field', description });
  }

  /** Detaches it for what the peer did; the handler is told. */
  #fail(condition: string, description: string): void {
    const error = { condition, description };
    this.close(error);
    this.handler.onClosed?.(error, true);
  }

  close(error?: AmqpErrorInfo): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#release();
    this.#session.detach(this.handle, error);
  }

  gone(error: AmqpErrorInfo | undefined, isForGood: boolean): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#release();
    this.handler.onClosed?.(error, isForGood);
  }

  #release(): void {
    this.#drop();
    this.connection.unsettledCount -= this.#unsettled;
    this.#unsettled = 0;
  }
}

/** The tag is cut out of the frame when it is asked for: most handlers never do. */
class ReceivedDelivery implements IncomingDelivery {
  readonly link: ReceivingEndpoint;
  readonly id: number;
  readonly messageFormat: number;
  readonly transactionId: Buffer | undefined;
  payload: Buffer = nothing;
  isSettled: boolean;
  isIgnored = false;
  #frame: Buffer;
  #tagStart: number;
  #tagEnd: number;

  constructor(link: ReceivingEndpoint, transfer: Transfer) {
    this.link = link;
    this.id = transfer.deliveryId;
    this.messageFormat = transfer.messageFormat;
    this.isSettled = transfer.settled;
    this.transactionId = transfer.stateStart === -1 ? undefined : transactionOf(transfer);
    this.#frame = transfer.buffer;
    this.#tagStart = transfer.tagStart;
    this.#tagEnd = transfer.tagStart + transfer.tagLength;
  }

  /** Copies what it still needs of the frame, so that the chunk in which it came is not held until the last one is here. */
  leaveFrame(): void {
    this.#frame = Buffer.from(this.tag);
    this.#tagEnd -= this.#tagStart;
    this.#tagStart = 0;
  }

  get tag(): Buffer {
    return this.#frame.subarray(this.#tagStart, this.#tagEnd);
  }

  settle(state: DeliveryState): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.link.settle(this, state);
  }
}

const nothing = Buffer.alloc(0);

function ignored(link: ReceivingEndpoint, transfer: Transfer): ReceivedDelivery {
  const delivery = new ReceivedDelivery(link, transfer);
  delivery.isIgnored = true;
  delivery.leaveFrame();
  return delivery;
}

function transactionOf(transfer: Transfer): Buffer | undefined {
  const state = readState(transfer.buffer, transfer.stateStart, transfer.stateEnd);
  return state.kind === 'transactional' ? Buffer.from(state.transactionId) : undefined;
}
