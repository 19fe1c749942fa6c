import type { AmqpErrorInfo, DeliveryState, Link } from '../contract.ts';
import type { Disposition } from '../frames/disposition.ts';
import { type Flow, writeFlow } from '../frames/flow.ts';
import { framingError } from '../frames/frame-reader.ts';
import { type Attach, type Begin, type Detach, writeBegin, writeDetach, writeEnd } from '../frames/performatives.ts';
import { readState } from '../frames/states.ts';
import type { Transfer } from '../frames/transfer.ts';
import { type AttachRequestBase, requestOf } from './attach-request.ts';
import type { AmqpConnection } from './connection.ts';
import { DispositionRun } from './disposition-run.ts';
import { OutgoingTransfers } from './outgoing-transfers.ts';
import { ReceivingEndpoint } from './receiving-link.ts';
import { SendingEndpoint } from './sending-link.ts';
import { serialAdd, serialDistance } from './serial.ts';

/** A link, one that waits for its answer, or one that we detached and whose detach by the peer is still to come. */
type Slot = ReceivingEndpoint | SendingEndpoint | AttachRequestBase | typeof detaching;
const detaching = 'detaching';

/**
 * A session (2.5): windows, handles, and deliveries by their ids. Its own channel and handles are the peer's numbers, as it
 * begins none itself.
 */
export class Session {
  readonly connection: AmqpConnection;
  readonly channel: number;
  readonly outgoing: OutgoingTransfers;
  readonly #slots = new Map<number, Slot>();
  /** Bytes of the attach frames, by handle. */
  readonly #attachBytes = new Map<number, number>();
  readonly #handleMax: number;
  /** Transfers: the id that comes next, and how many may still come. */
  #nextIncomingId: number;
  #incomingWindow: number;
  /** Delivery id that comes next; undefined before the first. */
  #nextDeliveryId: number | undefined;
  /** What we settle as receiver, and as sender. */
  readonly #received: DispositionRun;
  readonly #sent: DispositionRun;
  #flowLinks: ReceivingEndpoint[] = [];
  #isDirty = false;
  /** We ended it; the peer's `end` is awaited. */
  isEnded = false;

  constructor(connection: AmqpConnection, channel: number, begin: Begin) {
    const { limits } = connection;
    this.connection = connection;
    this.channel = channel;
    this.#nextIncomingId = begin.nextOutgoingId;
    this.#incomingWindow = limits.incomingWindow;
    this.#handleMax = limits.links - 1;
    this.outgoing = new OutgoingTransfers(this, begin.incomingWindow);
    this.#received = new DispositionRun(this, true);
    this.#sent = new DispositionRun(this, false);
    writeBegin(connection.outlet.output, channel, {
      remoteChannel: channel,
      nextOutgoingId: this.outgoing.nextId,
      incomingWindow: this.#incomingWindow,
      outgoingWindow: outgoingWindow,
      handleMax: this.#handleMax,
    });
    connection.outlet.flushSoon();
  }

  *openLinks(): Iterable<Link> {
    for (const slot of this.#slots.values())
      if (slot instanceof ReceivingEndpoint || slot instanceof SendingEndpoint) yield slot;
  }

  // ——— Frames of the peer ———

  onTransfer(transfer: Transfer): void {
    if (this.#incomingWindow === 0) {
      this.#fail('amqp:session:window-violation', 'A transfer came though the incoming window was used up.');
      return;
    }
    this.#incomingWindow--;
    this.#nextIncomingId = serialAdd(this.#nextIncomingId, 1);
    if (this.#incomingWindow * 2 < this.connection.limits.incomingWindow) this.dirty();
    const slot = this.#slotOf(transfer.handle, 'transfer');
    if (slot === undefined) return;
    if (!(slot instanceof ReceivingEndpoint)) {
      this.#fail(
        'amqp:not-allowed',
        `A transfer came on handle ${transfer.handle}, where the peer is no sender of an attached link.`,
      );
      return;
    }
    slot.onTransfer(transfer);
  }

  /** Takes the id of a new delivery: each is the one behind that before it. False: it is not, and the session ends. */
  takeDeliveryId(id: number): boolean {
    if (id === -1 || (this.#nextDeliveryId !== undefined && id !== this.#nextDeliveryId)) {
      const what = id === -1 ? 'is missing in the first transfer of a delivery' : `is ${id}`;
      const expected = this.#nextDeliveryId === undefined ? '' : `; ${this.#nextDeliveryId} was expected`;
      this.#fail('amqp:invalid-field', `Field 'transfer.delivery-id' ${what}${expected}.`);
      return false;
    }
    this.#nextDeliveryId = serialAdd(id, 1);
    return true;
  }

  onFlow(flow: Flow): void {
    const slot = flow.handle === -1 ? undefined : this.#slotOf(flow.handle, 'flow');
    const isOpenAgain = this.outgoing.onFlow(flow);
    if (this.isEnded) return;
    if (slot instanceof SendingEndpoint) slot.onFlow(flow);
    else if (slot instanceof ReceivingEndpoint) {
      if (flow.echo) slot.flowSoon();
    } else if (slot !== undefined) slot.onFlow(flow);
    else if (flow.echo) {
      this.#isFlowDue = true;
      this.dirty();
    }
    if (isOpenAgain) this.connection.outlet.wakeLinks();
  }
  #isFlowDue = false;

  onDisposition(disposition: Disposition): void {
    // What a sender tells of its own deliveries changes nothing here: they are settled when their outcome is known.
    if (!disposition.isReceiver) return;
    const { first, last } = disposition;
    if (serialDistance(last, first) < 0) {
      this.#fail('amqp:invalid-field', `Field 'disposition.last' is ${last}, which is before 'first', ${first}.`);
      return;
    }
    const state =
      disposition.stateStart === -1
        ? undefined
        : readState(disposition.buffer, disposition.stateStart, disposition.stateEnd);
    this.outgoing.onDisposition(first, last, state, disposition.settled);
    this.connection.outlet.wake();
  }

  /** @param bytes Of its frame. */
  onAttach(attach: Attach, bytes: number): void {
    const { connection } = this;
    if (attach.handle > this.#handleMax)
      throw framingError(`a link on handle ${attach.handle}, the highest is ${this.#handleMax}`);
    if (this.#slots.has(attach.handle)) {
      this.#fail('amqp:session:handle-in-use', `Handle ${attach.handle} is in use by another link.`);
      return;
    }
    if (attach.role === 'sender' && attach.initialDeliveryCount === undefined) {
      this.#fail(
        'amqp:invalid-field',
        "Field 'attach.initial-delivery-count' is missing; it is mandatory for a sender.",
      );
      return;
    }
    if (connection.handleCount >= connection.limits.connectionLinks * 2) {
      this.#fail('amqp:resource-limit-exceeded', 'Too many links of the connection wait for the detach of the peer.');
      return;
    }
    const request = requestOf(this, attach);
    connection.handleCount++;
    connection.attachBytes += bytes;
    this.#attachBytes.set(attach.handle, bytes);
    connection.linkCount++;
    connection.linklessSince = undefined;
    this.#slots.set(attach.handle, request);
    if (connection.linkCount > connection.limits.connectionLinks)
      request.refuse({
        condition: 'amqp:resource-limit-exceeded',
        description: `The connection has ${connection.limits.connectionLinks} links, more are not allowed.`,
      });
    else if (connection.attachBytes > mostAttachBytes)
      request.refuse({
        condition: 'amqp:resource-limit-exceeded',
        description: `Names, properties and filters of the links take more than ${mostAttachBytes} bytes.`,
      });
    else connection.handler.onAttach(request);
  }

  onDetach(detach: Detach): void {
    const slot = this.#slots.get(detach.handle);
    if (slot === undefined) {
      this.#fail('amqp:session:unattached-handle', `A detach came for handle ${detach.handle}, which no link has.`);
      return;
    }
    this.#slots.delete(detach.handle);
    this.#freeHandle(detach.handle);
    if (slot === detaching) return;
    this.connection.linkGone();
    if (slot instanceof ReceivingEndpoint || slot instanceof SendingEndpoint) {
      slot.gone(detach.error, detach.closed);
    } else {
      slot.abandon();
    }
    if (this.isEnded) return;
    this.writePending();
    writeDetach(this.connection.outlet.output, this.channel, {
      handle: detach.handle,
      closed: detach.closed,
      error: undefined,
    });
    this.connection.outlet.flushSoon();
  }

  #freeHandle(handle: number): void {
    this.connection.handleCount--;
    this.connection.attachBytes -= this.#attachBytes.get(handle) ?? 0;
    this.#attachBytes.delete(handle);
  }

  onEnd(error: AmqpErrorInfo | undefined): void {
    if (this.isEnded) return;
    this.onGone(error);
    writeEnd(this.connection.outlet.output, this.channel);
    this.connection.outlet.flushSoon();
  }

  /** Links are told; nothing more is written. */
  onGone(error: AmqpErrorInfo | undefined): void {
    if (this.isEnded) return;
    this.writePending();
    this.isEnded = true;
    for (const [handle, slot] of this.#slots) {
      this.#freeHandle(handle);
      if (slot === detaching) continue;
      this.connection.linkGone();
      this.connection.safely(() => {
        if (slot instanceof ReceivingEndpoint || slot instanceof SendingEndpoint) slot.gone(error, false);
        else slot.abandon();
      });
    }
    this.#slots.clear();
    this.outgoing.clear();
  }

  #fail(condition: string, description: string): void {
    if (this.isEnded) return;
    const error = { condition, description };
    this.onGone(error);
    writeEnd(this.connection.outlet.output, this.channel, error);
    this.connection.outlet.flushSoon();
  }

  /** Ends it for a rule that the peer broke within a link. */
  fail(error: AmqpErrorInfo): void {
    this.#fail(error.condition, error.description ?? '');
  }

  #slotOf(handle: number, what: string): Exclude<Slot, typeof detaching> | undefined {
    const slot = this.#slots.get(handle);
    if (slot === undefined) {
      this.#fail('amqp:session:unattached-handle', `A ${what} came for handle ${handle}, which no link has.`);
      return undefined;
    }
    // It was on its way when we detached.
    return slot === detaching ? undefined : slot;
  }

  // ——— What links write ———

  /** The answer to an attach is out: the link takes the place of the request. */
  attached(handle: number, link: ReceivingEndpoint | SendingEndpoint): void {
    this.#slots.set(handle, link);
  }

  /** Ends a link (or refuses one) from our side. */
  detach(handle: number, error: AmqpErrorInfo | undefined): void {
    if (this.isEnded) return;
    this.writePending();
    this.#slots.set(handle, detaching);
    this.connection.linkGone();
    writeDetach(this.connection.outlet.output, this.channel, { handle, closed: true, error });
    this.connection.outlet.flushSoon();
  }

  settleReceived(id: number, state: DeliveryState): void {
    this.#received.add(id, state);
  }

  settleSent(id: number, state: DeliveryState): void {
    this.#sent.add(id, state);
  }

  flowSoon(link: ReceivingEndpoint): void {
    this.#flowLinks.push(link);
    this.dirty();
  }

  dirty(): void {
    if (this.#isDirty || this.isEnded) return;
    this.#isDirty = true;
    this.connection.outlet.dirty(this);
  }

  /** Writes dispositions and flows that were collected. */
  writePending(): void {
    this.#isDirty = false;
    if (this.isEnded) return;
    this.#received.write();
    this.#sent.write();
    const links = this.#flowLinks;
    if (links.length > 0) {
      this.#flowLinks = [];
      for (const link of links) {
        link.isFlowDue = false;
        if (link.isOpen) this.writeFlow(link.handle, link.deliveryCount, link.credit, false);
      }
    }
    if (this.#isFlowDue || this.#incomingWindow * 2 < this.connection.limits.incomingWindow)
      this.writeFlow(-1, -1, -1, false);
  }

  /** Of a link, or (handle -1) of the session alone. It carries the windows, which are filled up. */
  writeFlow(handle: number, deliveryCount: number, linkCredit: number, drain: boolean): void {
    this.#isFlowDue = false;
    this.#incomingWindow = this.connection.limits.incomingWindow;
    writeFlow(this.connection.outlet.output, this.channel, {
      nextIncomingId: this.#nextIncomingId,
      incomingWindow: this.#incomingWindow,
      nextOutgoingId: this.outgoing.nextId,
      outgoingWindow,
      handle,
      deliveryCount,
      linkCredit,
      available: handle === -1 ? -1 : 0,
      drain,
      echo: false,
    });
    this.connection.outlet.flushSoon();
  }
}

/** Of a connection; three thousand a link where there are as many as may be. */
const mostAttachBytes = 16 * 1024 * 1024;

/** We keep nothing back but what the peer's windows and our buffers make us. */
const outgoingWindow = 0x7fffffff;
