import type { DeliveryState, IncomingDelivery, PeerSends, ReceivingLink } from '@lazuli/amqp';
import type { NewMessage, SendTarget, Transaction } from '../contract.ts';
import type { ServiceBusError } from '../errors.ts';
import { readBatch, readMessage } from '../message/read-message.ts';
import { type Client, toServiceBusError, type WatchedLink } from './client.ts';

/** Format of a transfer that holds several messages, one in each data section. */
const batchFormat = 0x80013700;
const accepted: DeliveryState = { kind: 'accepted' };

/** Errors after which the link makes no sense any more. */
const ends: ReadonlySet<string> = new Set(['EntityNotFound', 'EntityDisabled', 'NotOwner']);

/** A link on which the client sends messages to a queue or a topic. @throws {ServiceBusError} */
export function openSender(client: Client, attach: PeerSends, path: string): void {
  client.require('Send', path);
  const target = client.namespace.served.sender(path);
  new SenderLink(client, attach, target);
}

class SenderLink implements WatchedLink {
  readonly needs: { readonly right: 'Send'; readonly path: string };
  usedAt: number;
  readonly #client: Client;
  readonly #target: SendTarget;
  readonly #link: ReceivingLink;
  /** Sent and not on disk yet. */
  #pending = 0;
  #isStarved = false;

  constructor(client: Client, attach: PeerSends, target: SendTarget) {
    this.#client = client;
    this.#target = target;
    this.needs = { right: 'Send', path: target.path };
    this.usedAt = client.options.clock.now();
    this.#link = attach.accept(
      { maxMessageSize: target.maxMessageBytes },
      {
        onDelivery: (delivery) => this.#take(delivery),
        onClosed: () => client.links.delete(this),
      },
    );
    client.watch(this);
    this.#link.grant(client.limits.senderCredit);
  }

  close(error: Parameters<WatchedLink['close']>[0]): void {
    this.#client.links.delete(this);
    this.#link.close('info' in error ? error.info : error);
  }

  #take(delivery: IncomingDelivery): void {
    const client = this.#client;
    this.usedAt = client.options.clock.now();
    let messages: readonly NewMessage[];
    let transaction: Transaction | undefined;
    try {
      if (!client.allows('Send', this.needs.path)) throw client.unauthorized('Send', this.needs.path);
      if (delivery.transactionId !== undefined) transaction = client.transaction(delivery.transactionId);
      messages = delivery.messageFormat === batchFormat ? readBatch(delivery.payload) : [readMessage(delivery.payload)];
    } catch (error) {
      this.#refuse(delivery, toServiceBusError(error));
      this.#replenish();
      return;
    }
    const bytes = delivery.payload.length;
    client.pendingBytes += bytes;
    this.#pending++;
    this.#target.send(
      messages,
      (error) => {
        client.pendingBytes -= bytes;
        this.#pending--;
        if (error === undefined) this.#accept(delivery);
        else this.#refuse(delivery, error);
        this.#replenish();
      },
      transaction,
    );
  }

  #accept(delivery: IncomingDelivery): void {
    if (delivery.isSettled) return;
    const { transactionId } = delivery;
    delivery.settle(
      transactionId === undefined ? accepted : { kind: 'transactional', transactionId, outcome: accepted },
    );
  }

  #refuse(delivery: IncomingDelivery, error: ServiceBusError): void {
    if (!delivery.isSettled) delivery.settle({ kind: 'rejected', error: error.info });
    if (error.code === 'NotOwner') this.#client.connection.close(error.info);
    else if (ends.has(error.code) && this.#link.isOpen) this.close(error);
  }

  /** Credit comes back as messages are on disk, and not while too many bytes of the connection wait for that. */
  #replenish(): void {
    const { limits } = this.#client;
    if (!this.#link.isOpen) return;
    const missing = limits.senderCredit - this.#link.credit - this.#pending;
    if (this.#client.pendingBytes > limits.pendingBytes) {
      this.#isStarved = true;
      return;
    }
    if (missing < limits.senderCredit / 4 && !this.#isStarved) return;
    this.#isStarved = false;
    if (missing > 0) this.#link.grant(missing);
  }
}
