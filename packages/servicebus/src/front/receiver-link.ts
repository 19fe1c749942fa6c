import {
  AmqpMap,
  type AttachReply,
  type DeliveryState,
  long,
  type OutgoingDelivery,
  type PeerReceives,
  type SendingHandler,
  type SendingLink,
  symbol,
} from '@lazuli/amqp';
import type {
  DeliveredMessage,
  MessageSource,
  Receiver,
  ReceiverEvents,
  ReceiverOptions,
  Transaction,
} from '../contract.ts';
import { type ServiceBusError, toServiceBusError } from '../errors.ts';
import { writeMessage } from '../message/write-message.ts';
import { type Client, LinkRight, type WatchedLink } from './client.ts';
import { dotnetTicks, swapGuid } from './lock-token.ts';
import { echoOf, settlementOf } from './outcomes.ts';
import { plain, wholeNumber } from './read-values.ts';

const sessionFilter = 'com.microsoft:session-filter';
const settledByServer = 1;
const longestWaitMs = 3_600_000;

/** A link on which the client receives messages of a queue, a subscription or a sub-queue. @throws {ServiceBusError} */
export function openReceiver(client: Client, attach: PeerReceives, path: string): void {
  client.require('Listen', path);
  const source = client.namespace.served.source(path);
  const filter = attach.source?.filters.get(sessionFilter);
  const link = new ReceiverLink(client, source);
  const options: ReceiverOptions = {
    mode: attach.senderSettleMode === settledByServer ? 'receiveAndDelete' : 'peekLock',
    name: attach.name,
  };
  if (filter !== undefined) void link.acceptSession(attach, options, plain(filter));
  else if (attach.unsettled === undefined) link.open(attach, options);
  else void link.reopen(attach, options, attach.unsettled);
}

/** Stands for a list as long as there is nothing to keep. */
const none: DeliveredMessage[] = [];

/** Watches the receiver, and is watched itself. What the peer does comes by way of `PeerOfReceiver`. */
class ReceiverLink implements WatchedLink, ReceiverEvents {
  readonly needs: LinkRight;
  usedAt: number;
  readonly #client: Client;
  readonly #source: MessageSource;
  #receiver: Receiver | undefined = undefined;
  #sessionId: string | undefined = undefined;
  #link: SendingLink | undefined = undefined;
  /** What ended the receiver before there was a link. */
  #ended: ServiceBusError | undefined = undefined;
  /** Messages that the receiver was let take, and that it gave, since the start or the last drain. */
  #asked = 0;
  #given = 0;
  /** Given while the link could not send any more. */
  #held = none;
  #isDraining = false;
  #settledTag = 0;

  constructor(client: Client, source: MessageSource) {
    this.#client = client;
    this.#source = source;
    this.needs = new LinkRight(client, 'Listen', source.path);
    this.usedAt = client.options.clock.now();
  }

  /** @throws {ServiceBusError} */
  open(attach: PeerReceives, options: ReceiverOptions): void {
    this.#start(attach, this.#source.openReceiver(options, this), {});
  }

  /**
   * The client comes back to a link that it has lost (2.6.13), with outcomes that may not have arrived: they count, for as long as the
   * messages are locked. The answer says that nothing is unsettled: messages without an outcome come again when their locks end.
   */
  async reopen(
    attach: PeerReceives,
    options: ReceiverOptions,
    unsettled: ReadonlyMap<string, DeliveryState | undefined>,
  ): Promise<void> {
    await Promise.all([...unsettled].map(([tag, state]) => this.#settleLate(Buffer.from(tag, 'hex'), state)));
    try {
      this.open(attach, options);
    } catch (error) {
      attach.refuse(toServiceBusError(error).info);
    }
  }

  #settleLate(tag: Buffer, state: DeliveryState | undefined): Promise<void> {
    return new Promise((resolve) => {
      const settlement = state === undefined ? undefined : settlementOf(state);
      try {
        if (settlement === undefined) resolve();
        else this.#source.settle(this.#source.locked(swapGuid(tag)), settlement, () => resolve());
      } catch {
        // Its lock has ended: it is delivered again, or was settled before.
        resolve();
      }
    });
  }

  /** The attach is answered when there is a session, or when the wait for one is over. */
  async acceptSession(attach: PeerReceives, options: ReceiverOptions, filter: unknown): Promise<void> {
    const left = new AbortController();
    attach.onAbandoned(() => left.abort());
    const sessionId = typeof filter === 'string' ? filter : null;
    try {
      const waitMs = waitOf(attach) ?? this.#client.limits.sessionWaitMs;
      const { signal } = left;
      const receiver = await this.#source.acceptSession(sessionId, { ...options, waitMs, signal }, this);
      if (signal.aborted) {
        receiver.close();
        return;
      }
      if (this.#ended !== undefined) throw this.#ended;
      this.#sessionId = receiver.sessionId;
      this.#client.holdSession(this.#source.path, receiver.sessionId);
      this.#start(attach, receiver, {
        filters: new AmqpMap([[symbol(sessionFilter), receiver.sessionId]]),
        properties: new AmqpMap([
          [symbol('com.microsoft:locked-until-utc'), long(dotnetTicks(receiver.lockedUntil))],
          [symbol('com.microsoft:session-id'), receiver.sessionId],
        ]),
      });
    } catch (error) {
      if (!left.signal.aborted) attach.refuse(toServiceBusError(error).info);
    }
  }

  close(error: Parameters<WatchedLink['close']>[0]): void {
    this.left();
    this.#link?.close('info' in error ? error.info : error);
  }

  /** The peer has ended the link, or it is ended here. */
  left(): void {
    this.#leave();
    this.#receiver?.close();
  }

  /** From the broker. */
  onClosed(error: ServiceBusError): void {
    this.#ended = error;
    this.#leave();
    if (error.code === 'NotOwner') this.#client.connection.close(error.info);
    else this.#link?.close(error.info);
  }

  #leave(): void {
    this.#client.links.delete(this);
    if (this.#sessionId !== undefined) this.#client.leaveSession(this.#source.path, this.#sessionId);
    this.#sessionId = undefined;
  }

  #start(attach: PeerReceives, receiver: Receiver, reply: AttachReply): void {
    this.#receiver = receiver;
    this.#client.watch(this);
    const link = attach.accept(reply, new PeerOfReceiver(this));
    this.#link = link;
    if (!link.isOpen) this.left();
    else if (link.sendable > 0) this.sendable();
  }

  /** From the broker. */
  onMessage(message: DeliveredMessage): void {
    const link = this.#link;
    this.#given++;
    if (link === undefined || link.sendable <= 0) {
      if (this.#held === none) this.#held = [message];
      else this.#held.push(message);
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

  /** The receiver may take what the link can send, less what it has taken and not given yet, and what was given and waits here. */
  sendable(): void {
    const link = this.#link;
    const receiver = this.#receiver;
    if (link === undefined || receiver === undefined) return;
    this.usedAt = this.#client.options.clock.now();
    if (this.#held.length > 0) this.#sendHeld(link);
    const before = receiver.credit;
    const underWay = this.#asked - this.#given - before;
    const credit = Math.max(0, link.sendable - this.#held.length - underWay);
    if (credit === before) return;
    this.#asked += credit - before;
    receiver.setCredit(credit);
  }

  #sendHeld(link: SendingLink): void {
    const held = this.#held;
    let sent = 0;
    while (sent < held.length && link.sendable > 0) this.#send(link, held[sent++]!);
    this.#held = sent === held.length ? none : held.slice(sent);
    if (this.#isDraining && this.#held.length === 0) this.#drained(link);
  }

  drain(): void {
    this.sendable();
    const link = this.#link;
    if (link === undefined) return;
    this.#receiver?.drain(() => {
      this.#asked = 0;
      this.#given = 0;
      if (this.#held.length === 0) this.#drained(link);
      else this.#isDraining = true;
    });
  }

  #drained(link: SendingLink): void {
    this.#isDraining = false;
    link.drained();
  }

  outcome(delivery: OutgoingDelivery, state: DeliveryState | undefined, settled: boolean): void {
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
      this.needs.require(this.usedAt);
      if (state.kind === 'transactional') transaction = client.transaction(state.transactionId);
    } catch (error) {
      if (!settled) delivery.settle({ kind: 'rejected', error: toServiceBusError(error).info });
      return;
    }
    this.#source.settle(
      message,
      settlement,
      (error) => {
        if (!settled) delivery.settle(error === undefined ? echoOf(state) : { kind: 'rejected', error: error.info });
        if (error?.code === 'NotOwner') client.connection.close(error.info);
      },
      transaction,
    );
  }
}

/** What the peer does with the link: an object of its own, as both sides of a receiver say `onClosed`. */
class PeerOfReceiver implements SendingHandler {
  readonly #link: ReceiverLink;

  constructor(link: ReceiverLink) {
    this.#link = link;
  }

  onSendable(): void {
    this.#link.sendable();
  }

  onDrain(): void {
    this.#link.drain();
  }

  onOutcome(delivery: OutgoingDelivery, state: DeliveryState | undefined, settled: boolean): void {
    this.#link.outcome(delivery, state, settled);
  }

  onClosed(): void {
    this.#link.left();
  }
}

/** Milliseconds that the client wants to wait for a session. */
function waitOf({ properties }: PeerReceives): number | undefined {
  const timeout = properties.get('com.microsoft:timeout');
  const asked = timeout === undefined ? undefined : wholeNumber(timeout);
  return asked === undefined ? undefined : Math.min(Math.max(0, asked), longestWaitMs);
}
