import {
  AmqpMap,
  type AttachReply,
  type DeliveryState,
  long,
  type OutgoingDelivery,
  type PeerReceives,
  type SendingLink,
  symbol,
} from '@lazuli/amqp';
import type { DeliveredMessage, MessageSource, Receiver, ReceiverOptions, Transaction } from '../contract.ts';
import type { ServiceBusError } from '../errors.ts';
import { writeMessage } from '../message/write-message.ts';
import { type Client, toServiceBusError, type WatchedLink } from './client.ts';
import { dotnetTicks, swapGuid } from './lock-token.ts';
import { echoOf, settlementOf } from './outcomes.ts';
import { plain } from './read-values.ts';

const sessionFilter = 'com.microsoft:session-filter';
const settledByServer = 1;

/** A link on which the client receives messages of a queue, a subscription or a sub-queue. @throws {ServiceBusError} */
export function openReceiver(client: Client, attach: PeerReceives, path: string): void {
  client.require('Listen', path);
  const source = client.namespace.served.source(path);
  const filter = attach.source?.filters.get(sessionFilter);
  const link = new ReceiverLink(client, attach, source);
  if (filter === undefined) link.open();
  else void link.acceptSession(plain(filter));
}

class ReceiverLink implements WatchedLink {
  readonly needs: { readonly right: 'Listen'; readonly path: string };
  usedAt: number;
  readonly #client: Client;
  readonly #attach: PeerReceives;
  readonly #source: MessageSource;
  readonly #options: ReceiverOptions;
  #receiver: Receiver | undefined;
  #link: SendingLink | undefined;
  /** Taken while the link could not send any more. */
  #held: DeliveredMessage[] = [];
  #settledTag = 0;

  constructor(client: Client, attach: PeerReceives, source: MessageSource) {
    this.#client = client;
    this.#attach = attach;
    this.#source = source;
    this.needs = { right: 'Listen', path: source.path };
    this.usedAt = client.options.clock.now();
    this.#options = {
      mode: attach.senderSettleMode === settledByServer ? 'receiveAndDelete' : 'peekLock',
      name: attach.name,
    };
  }

  /** @throws {ServiceBusError} */
  open(): void {
    this.#start(this.#source.openReceiver(this.#options, this.#events), {});
  }

  /** The attach is answered when there is a session, or when the wait for one is over. */
  async acceptSession(filter: unknown): Promise<void> {
    const { limits } = this.#client;
    const left = new AbortController();
    this.#attach.onAbandoned(() => left.abort());
    const timeout = this.#attach.properties.get('com.microsoft:timeout');
    const waitMs = Number(plain(timeout) ?? limits.sessionWaitMs) || Number(memberOf(timeout) ?? limits.sessionWaitMs);
    const sessionId = typeof filter === 'string' ? filter : null;
    try {
      const options = { ...this.#options, waitMs, signal: left.signal };
      const receiver = await this.#source.acceptSession(sessionId, options, this.#events);
      if (left.signal.aborted) {
        receiver.close();
        return;
      }
      this.#start(receiver, {
        filters: new AmqpMap([[symbol(sessionFilter), receiver.sessionId]]),
        properties: new AmqpMap([
          [symbol('com.microsoft:locked-until-utc'), long(dotnetTicks(receiver.lockedUntil))],
          [symbol('com.microsoft:session-id'), receiver.sessionId],
        ]),
      });
    } catch (error) {
      if (!left.signal.aborted) this.#attach.refuse(toServiceBusError(error).info);
    }
  }

  close(error: Parameters<WatchedLink['close']>[0]): void {
    this.#client.links.delete(this);
    this.#receiver?.close();
    this.#link?.close('info' in error ? error.info : error);
  }

  readonly #events = {
    onMessage: (message: DeliveredMessage) => this.#give(message),
    onClosed: (error: ServiceBusError) => {
      this.#client.links.delete(this);
      if (error.code === 'NotOwner') this.#client.connection.close(error.info);
      else this.#link?.close(error.info);
    },
  };

  #start(receiver: Receiver, reply: AttachReply): void {
    this.#receiver = receiver;
    this.#client.watch(this);
    this.#link = this.#attach.accept(reply, {
      onSendable: () => this.#onSendable(),
      onDrain: () => this.#onDrain(),
      onOutcome: (delivery, state, settled) => this.#onOutcome(delivery, state, settled),
      onClosed: () => {
        this.#client.links.delete(this);
        receiver.close();
      },
    });
    if (!this.#link.isOpen) receiver.close();
    else if (this.#link.sendable > 0) this.#onSendable();
  }

  #give(message: DeliveredMessage): void {
    const link = this.#link;
    if (link === undefined || link.sendable <= 0) {
      this.#held.push(message);
      return;
    }
    this.#send(link, message);
  }

  #send(link: SendingLink, message: DeliveredMessage): void {
    const { lockToken } = message;
    link.send({
      tag: lockToken === undefined ? this.#nextTag() : swapGuid(lockToken),
      pieces: writeMessage(message),
      settled: lockToken === undefined,
      context: message,
    });
  }

  /** Nobody settles what came settled: its tag need only differ. */
  #nextTag(): Uint8Array {
    const tag = Buffer.allocUnsafe(4);
    tag.writeUInt32BE(this.#settledTag++ >>> 0);
    return tag;
  }

  #onSendable(): void {
    const link = this.#link;
    if (link === undefined) return;
    this.usedAt = this.#client.options.clock.now();
    if (this.#held.length > 0) this.#sendHeld(link);
    this.#receiver?.setCredit(Math.max(0, link.sendable - this.#held.length));
  }

  #sendHeld(link: SendingLink): void {
    const held = this.#held;
    let sent = 0;
    while (sent < held.length && link.sendable > 0) this.#send(link, held[sent++]!);
    this.#held = held.slice(sent);
  }

  #onDrain(): void {
    this.#onSendable();
    this.#receiver?.drain(() => this.#link?.drained());
  }

  #onOutcome(delivery: OutgoingDelivery, state: DeliveryState | undefined, settled: boolean): void {
    const client = this.#client;
    this.usedAt = client.options.clock.now();
    const message = delivery.context as DeliveredMessage;
    const outcome = state?.kind === 'transactional' ? state.outcome : state;
    const settlement = outcome === undefined ? undefined : settlementOf(outcome);
    if (state === undefined || settlement === undefined) {
      // Forgotten without an outcome: it goes back. A state on the way (`received`) ends nothing.
      if (settled) this.#source.settle(message, { kind: 'abandon' }, () => {});
      return;
    }
    let transaction: Transaction | undefined;
    try {
      if (!client.allows('Listen', this.needs.path)) throw client.unauthorized('Listen', this.needs.path);
      if (state.kind === 'transactional') transaction = client.transaction(state.transactionId);
    } catch (error) {
      if (!settled) delivery.settle({ kind: 'rejected', error: toServiceBusError(error).info });
      return;
    }
    this.#source.settle(
      message,
      settlement,
      (error) => {
        if (settled) return;
        delivery.settle(error === undefined ? echoOf(state) : { kind: 'rejected', error: error.info });
        if (error?.code === 'NotOwner') client.connection.close(error.info);
      },
      transaction,
    );
  }
}

function memberOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : undefined;
}
