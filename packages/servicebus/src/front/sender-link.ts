import type { DeliveryState, IncomingDelivery, PeerSends, ReceivingLink } from '@lazuli/amqp';
import type { NewMessage, SendTarget, Transaction } from '../contract.ts';
import { ServiceBusError, toServiceBusError } from '../errors.ts';
import { readBatch, readMessage } from '../message/read-message.ts';
import { readAddress } from './address.ts';
import { type Client, LinkRight, type WatchedLink } from './client.ts';
import { AcceptedTags } from './lost-links.ts';
import { plain } from './read-values.ts';

/** Format of a transfer that holds several messages, one in each data section. */
const batchFormat = 0x80013700;
const accepted: DeliveryState = { kind: 'accepted' };

/** Errors after which the link makes no sense any more. */
const ends: ReadonlySet<string> = new Set(['EntityNotFound', 'EntityDisabled', 'NotOwner', 'Unauthorized']);

/** Where messages are for another entity than that of the link ("send via", "Overview of Service Bus transaction processing"). */
const destinationProperty = 'com.microsoft:transfer-destination-address';

/** A link on which the client sends messages to a queue or a topic. @throws {ServiceBusError} */
export function openSender(client: Client, attach: PeerSends, path: string): void {
  const { served } = client.namespace;
  client.require('Send', path);
  const via = served.sender(path);
  const destination = attach.properties.get(destinationProperty);
  if (destination === undefined || destination === null) {
    new SenderLink(client, attach, via);
    return;
  }
  const address = plain(destination);
  if (typeof address !== 'string')
    throw new ServiceBusError('BadRequest', { reason: `The property '${destinationProperty}' must be a string.` });
  const { path: destinationPath } = readAddress(address);
  client.require('Send', destinationPath);
  new SenderLink(client, attach, served.sender(destinationPath));
}

/** What a message is reckoned to take before there was one. */
const firstAverageBytes = 64 * 1024;
/** However large messages are. */
const leastCredit = 4;

class SenderLink implements WatchedLink {
  readonly needs: LinkRight;
  usedAt: number;
  readonly #client: Client;
  readonly #target: SendTarget;
  readonly #link: ReceivingLink;
  readonly #accepted = new AcceptedTags();
  /** Sent and not on disk yet. */
  #pending = 0;
  #isStarved = false;
  #averageBytes: number;

  constructor(client: Client, attach: PeerSends, target: SendTarget) {
    this.#client = client;
    this.#target = target;
    this.needs = new LinkRight(client, 'Send', target.path);
    this.usedAt = client.options.clock.now();
    this.#averageBytes = Math.min(firstAverageBytes, target.maxMessageBytes);
    const { connection, lostLinks, options } = client;
    const before = lostLinks.take(connection, attach.name, target.path, options.clock.now());
    this.#link = attach.accept(
      {
        maxMessageSize: target.maxMessageBytes,
        ...(before === undefined ? {} : { accepted: before.among(attach.unsettled?.keys() ?? []) }),
      },
      {
        onDelivery: (delivery) => this.#take(delivery),
        onResumed: (tag) => (before?.has(tag) ? accepted : undefined),
        onClosed: (_error, isForGood) => {
          client.links.delete(this);
          if (!isForGood) lostLinks.keep(connection, attach.name, target.path, this.#accepted, options.clock.now());
        },
      },
    );
    client.watch(this);
    this.#replenish();
  }

  check(): void {
    this.#target.ensureOpen();
  }

  close(error: Parameters<WatchedLink['close']>[0]): void {
    this.#client.links.delete(this);
    this.#link.close('info' in error ? error.info : error);
  }

  #take(delivery: IncomingDelivery): void {
    const client = this.#client;
    const bytes = delivery.payload.length;
    this.usedAt = client.options.clock.now();
    this.#averageBytes += (bytes - this.#averageBytes) / 16;
    let messages: readonly NewMessage[];
    let transaction: Transaction | undefined;
    try {
      this.needs.require(this.usedAt);
      if (delivery.transactionId !== undefined) transaction = client.transaction(delivery.transactionId);
      messages = delivery.messageFormat === batchFormat ? readBatch(delivery.payload) : [readMessage(delivery.payload)];
    } catch (error) {
      this.#refuse(delivery, toServiceBusError(error));
      this.#replenish();
      return;
    }
    this.#pending++;
    client.pend(bytes);
    this.#target.send(
      messages,
      (error) => {
        this.#pending--;
        if (error === undefined) this.#accept(delivery);
        else this.#refuse(delivery, error);
        client.pend(-bytes);
        this.#replenish();
      },
      transaction,
    );
  }

  #accept(delivery: IncomingDelivery): void {
    if (delivery.isSettled) return;
    const { transactionId } = delivery;
    if (transactionId === undefined) this.#accepted.add(delivery.tag);
    delivery.settle(
      transactionId === undefined ? accepted : { kind: 'transactional', transactionId, outcome: accepted },
    );
  }

  #refuse(delivery: IncomingDelivery, error: ServiceBusError): void {
    // Nobody hears of what is wrong with a message that came settled, unless the link ends.
    const isOver = delivery.isSettled || ends.has(error.code);
    delivery.settle({ kind: 'rejected', error: error.info });
    if (error.code === 'NotOwner') this.#client.connection.close(error.info);
    else if (isOver && this.#link.isOpen) this.close(error);
  }

  /** Credit comes back as messages are on disk, and not while too many bytes of the connection wait for that. */
  #replenish(): void {
    const link = this.#link;
    if (!link.isOpen || this.#isStarved) return;
    const { limits } = this.#client;
    const most = Math.max(
      leastCredit,
      Math.min(limits.senderCredit, Math.floor(limits.pendingBytes / this.#averageBytes)),
    );
    const missing = most - link.credit - this.#pending;
    if (missing < most / 4) return;
    if (this.#client.isFull) {
      this.#isStarved = true;
      this.#client.whenNotFull(() => {
        this.#isStarved = false;
        this.#replenish();
      });
      return;
    }
    link.grant(missing);
  }
}
