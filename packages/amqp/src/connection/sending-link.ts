import type {
  AmqpErrorInfo,
  DeliveryState,
  OutgoingDelivery,
  OutgoingMessage,
  SendingHandler,
  SendingLink,
} from '../contract.ts';
import type { Flow } from '../frames/flow.ts';
import type { AmqpConnection } from './connection.ts';
import { serialAdd, serialDistance } from './serial.ts';
import type { Session } from './session.ts';

/** A link on which messages go out. */
export class SendingEndpoint implements SendingLink {
  readonly name: string;
  readonly connection: AmqpConnection;
  readonly handler: SendingHandler;
  readonly handle: number;
  readonly #session: Session;
  context: unknown;
  isOpen = true;
  #credit = 0;
  #deliveryCount: number;
  #isDraining = false;
  /** Deliveries whose settlement is awaited, the newest first: a chain through them. */
  #newest: OutgoingMessageDelivery | undefined;

  constructor(session: Session, handle: number, name: string, handler: SendingHandler) {
    this.#session = session;
    this.connection = session.connection;
    this.handle = handle;
    this.name = name;
    this.handler = handler;
    this.#deliveryCount = session.connection.firstSerials.deliveryCount;
    this.connection.outlet.senders.add(this);
  }

  get sendable(): number {
    if (this.#credit === 0 || !this.isOpen) return 0;
    return Math.min(this.#credit, this.#session.outgoing.room());
  }

  send(message: OutgoingMessage): OutgoingDelivery {
    this.#credit--;
    this.#deliveryCount = serialAdd(this.#deliveryCount, 1);
    return this.#session.outgoing.send(this, message);
  }

  /** Takes over credit and drain from a flow; -1: it says nothing of it. */
  begin(linkCredit: number, deliveryCount: number, drain: boolean): void {
    if (linkCredit !== -1) {
      // 2.6.7: what is granted counts from where the peer stood when it wrote this.
      const seen = deliveryCount === -1 ? this.connection.firstSerials.deliveryCount : deliveryCount;
      const onTheWay = Math.max(0, serialDistance(this.#deliveryCount, seen));
      this.#credit = Math.max(0, linkCredit - onTheWay);
    }
    this.#isDraining = drain;
  }

  onFlow(flow: Flow): void {
    this.begin(flow.linkCredit, flow.deliveryCount, flow.drain);
    if (flow.echo && !flow.drain) this.#session.writeFlow(this.handle, this.#deliveryCount, this.#credit, false);
    if (flow.drain) this.handler.onDrain();
    else if (this.sendable > 0) this.handler.onSendable();
  }

  /** Calls the handler for what came before it was there. */
  notify(): void {
    if (!this.isOpen) return;
    if (this.#isDraining) this.handler.onDrain();
    else if (this.sendable > 0) this.handler.onSendable();
  }

  drained(): void {
    if (!this.#isDraining || !this.isOpen) return;
    this.#isDraining = false;
    this.#deliveryCount = serialAdd(this.#deliveryCount, this.#credit);
    this.#credit = 0;
    this.#session.writeFlow(this.handle, this.#deliveryCount, 0, true);
  }

  close(error?: AmqpErrorInfo): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#release();
    this.#session.detach(this.handle, error);
  }

  /** The peer detached it, or session or connection are gone. */
  gone(error: AmqpErrorInfo | undefined): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const unsettled = this.#release();
    this.handler.onClosed?.(error, unsettled);
  }

  /** Forgets its deliveries; the oldest first. */
  #release(): OutgoingMessageDelivery[] {
    this.connection.outlet.senders.delete(this);
    this.#session.outgoing.linkGone(this);
    const unsettled: OutgoingMessageDelivery[] = [];
    while (this.#newest !== undefined) {
      unsettled.push(this.#newest);
      this.#session.outgoing.forget(this.#newest);
    }
    return unsettled.reverse();
  }

  settle(delivery: OutgoingMessageDelivery, state: DeliveryState): void {
    if (!this.isOpen) return;
    this.#session.outgoing.forget(delivery);
    this.#session.settleSent(delivery.id, state);
    this.connection.outlet.flushSoon();
  }

  track(delivery: OutgoingMessageDelivery): void {
    const older = this.#newest;
    delivery.older = older;
    if (older !== undefined) older.newer = delivery;
    this.#newest = delivery;
  }

  untrack(delivery: OutgoingMessageDelivery): void {
    const { older, newer } = delivery;
    if (older !== undefined) older.newer = newer;
    if (newer !== undefined) newer.older = older;
    else if (this.#newest === delivery) this.#newest = older;
    delivery.older = delivery.newer = undefined;
  }
}

export class OutgoingMessageDelivery implements OutgoingDelivery {
  readonly link: SendingEndpoint;
  readonly id: number;
  readonly tag: Uint8Array;
  readonly context: unknown;
  isSettled: boolean;
  older: OutgoingMessageDelivery | undefined = undefined;
  newer: OutgoingMessageDelivery | undefined = undefined;

  constructor(link: SendingEndpoint, id: number, tag: Uint8Array, context: unknown, isSettled: boolean) {
    this.link = link;
    this.id = id;
    this.tag = tag;
    this.context = context;
    this.isSettled = isSettled;
  }

  settle(state: DeliveryState): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.link.settle(this, state);
  }
}
