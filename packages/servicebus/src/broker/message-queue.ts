import type { AmqpValue } from '@lazuli/amqp';
import type { Settlement } from '../contract.ts';
import { contentOf } from '../message/content.ts';
import type { Arrival } from './arrival.ts';
import type { BrokerContext } from './context.ts';
import { type DeadLetterCause, deadLetter, deadLetterCauses, withProperties } from './dead-letter.ts';
import { Delivery } from './delivery.ts';
import type { Entity } from './entity.ts';
import { Fifo } from './fifo.ts';
import type { LockTokens } from './lock-tokens.ts';
import { OrderedMessages } from './ordered-messages.ts';
import type { BrokerReceiver } from './receiver.ts';
import { messageAmendment, messageHead, type SubQueue, subQueues } from './records.ts';
import { SessionTable } from './session-table.ts';
import { type MessageExtra, StoredMessage } from './stored-message.ts';
import { WaitingMessages } from './waiting-messages.ts';

/** Where messages of the queue go when they can be received. */
export type Outlet = { readonly kind: 'receivers' } | { readonly kind: 'onward'; take(message: StoredMessage): void };

/**
 * Messages of a queue, a subscription, or one of their sub-queues: who waits, who is locked, and what becomes of them.
 * (Of a topic: its scheduled messages.)
 */
export class MessageQueue {
  readonly broker: BrokerContext;
  readonly entity: Entity;
  readonly subQueue: SubQueue;
  readonly all = new OrderedMessages();
  readonly waiting = new WaitingMessages();
  readonly receivers = new Set<BrokerReceiver>();
  /** Receivers with credit, in the order of their turns. */
  readonly #ready = new Fifo<BrokerReceiver>();
  /** Undefined: sessions do not count here. */
  readonly sessions: SessionTable | undefined;
  outlet: Outlet = { kind: 'receivers' };
  active = 0;
  scheduled = 0;
  /** Bytes of its messages, those included that are not on disk yet. */
  sizeInBytes = 0;
  /** Kept by `Commits`. */
  isTouched = false;
  #isPumping = false;

  constructor(broker: BrokerContext, entity: Entity, subQueue: SubQueue) {
    this.broker = broker;
    this.entity = entity;
    this.subQueue = subQueue;
    this.sessions = subQueue === subQueues.main && entity.requiresSession ? new SessionTable(this) : undefined;
  }

  get path(): string {
    if (this.subQueue === subQueues.main) return this.entity.path;
    return `${this.entity.path}${this.subQueue === subQueues.deadLetter ? '/$DeadLetterQueue' : '/$Transfer/$DeadLetterQueue'}`;
  }

  get tokens(): LockTokens {
    return this.broker.tokens;
  }

  // ——— Coming ———

  /**
   * Appends a message that is new to the namespace. It is there when it is on disk. Returns its sequence number: the one that was
   * `reserved` for it, or the next.
   */
  append(arrival: Arrival, extra: MessageExtra | undefined, reserved?: number): number {
    const { entity, broker } = this;
    const { now } = arrival;
    const { sessionId } = arrival.message;
    const sequenceNumber = reserved ?? entity.nextSequenceNumber();
    const isScheduled = extra?.scheduledFor !== undefined;
    const expires = this.subQueue === subQueues.main && !isScheduled;
    const expiresAt = expires ? entity.expiryOf(now, arrival.timeToLiveMs) : undefined;
    const head = messageHead(entity.number, this.subQueue, sequenceNumber, now, expiresAt, sessionId, extra);
    const item = broker.journal.append(head, arrival.body);
    const keepsSessionId = sessionId !== undefined && this.sessions === undefined;
    const kept = keepsSessionId ? { ...extra, sessionId } : extra;
    const stored = new StoredMessage(this, sequenceNumber, now, expiresAt, item, kept);
    if (this.sessions !== undefined && sessionId !== undefined) stored.session = this.sessions.join(sessionId);
    if (isScheduled) stored.state = 'scheduled';
    this.grow(stored.size);
    broker.commits.arrival(stored);
    return sequenceNumber;
  }

  /** Takes over a message of another queue of the namespace, or of this one under another number, without reading it. */
  adopt(
    message: StoredMessage,
    sequenceNumber: number,
    enqueuedTime: number,
    expiresAt: number | undefined,
    extra: MessageExtra,
  ): void {
    const sessionId = message.sessionId;
    const deliveryCount = this.entity === message.queue.entity ? message.deliveryCount : 0;
    message.queue.takeOut(message);
    const moved = new StoredMessage(this, sequenceNumber, enqueuedTime, expiresAt, message.item, {
      ...extra,
      sessionId,
      isAmended: true,
    });
    moved.deliveryCount = deliveryCount;
    if (this.sessions !== undefined && sessionId !== undefined) moved.session = this.sessions.join(sessionId);
    this.grow(moved.size);
    this.broker.journal.amend(moved.item, messageAmendment(moved));
    this.broker.commits.arrival(moved);
  }

  /** The message is on disk. */
  arrive(message: StoredMessage): void {
    if (this.entity.isGone) {
      this.broker.journal.remove(message.item);
      return;
    }
    this.all.add(message);
    this.broker.counters.messages++;
    if (message.state === 'scheduled') this.scheduled++;
    else this.active++;
    if (message.state === 'active') this.offer(message);
    if (message.expiresAt !== undefined) this.broker.timers.addExpiry(message.expiresAt, message);
    if (message.state === 'scheduled') this.broker.timers.addSchedule(message.extra?.scheduledFor ?? 0, message);
  }

  /** That the message was given back is on disk. */
  returned(message: StoredMessage): void {
    const { session } = message;
    if (session !== undefined) {
      session.returning--;
      this.sessions?.touched(session);
    }
    this.comeBack(message);
  }

  /** Nobody holds the message any more: it can be taken again. */
  comeBack(message: StoredMessage): void {
    if (message.leaf === undefined || message.state !== 'active' || message.delivery !== undefined) return;
    if (message.expiresAt !== undefined && message.expiresAt <= this.broker.clock.now()) this.expired(message);
    else this.offer(message);
  }

  offer(message: StoredMessage): void {
    if (this.outlet.kind === 'onward') this.outlet.take(message);
    else if (message.session !== undefined) message.session.offer(message);
    else this.waiting.add(message);
  }

  /** A scheduled message is due: it becomes active under a new number. */
  activate(message: StoredMessage): void {
    if (this.entity.isGone) return;
    const now = this.broker.clock.now();
    const { scheduledFor: _, timeToLiveMs, ...extra } = message.extra ?? {};
    this.adopt(
      message,
      this.entity.nextSequenceNumber(),
      now,
      this.entity.expiryOf(now, timeToLiveMs ?? Number.POSITIVE_INFINITY),
      { ...extra, enqueuedSequenceNumber: extra.enqueuedSequenceNumber ?? message.sequenceNumber },
    );
  }

  // ——— Going ———

  /** Takes the message out of memory; what the journal is told is the caller's. */
  takeOut(message: StoredMessage): void {
    if (message.isWaiting) (message.session?.waiting ?? this.waiting).gone(message);
    if (message.delivery !== undefined) this.unlock(message.delivery);
    if (message.leaf !== undefined) {
      this.all.remove(message);
      this.broker.counters.messages--;
      if (message.state === 'scheduled') {
        this.scheduled--;
        this.broker.timers.schedules.forget();
      } else this.active--;
      if (message.expiresAt !== undefined) this.broker.timers.expiries.forget();
    }
    this.grow(-message.size);
    message.session?.leave();
  }

  remove(message: StoredMessage): void {
    this.takeOut(message);
    this.broker.journal.remove(message.item);
  }

  grow(bytes: number): void {
    this.sizeInBytes += bytes;
    this.entity.grow(bytes);
  }

  /** Its time to live is over. Nothing happens to messages that somebody holds or that are deferred; dead letters live for ever. */
  expired(message: StoredMessage): void {
    if (message.state !== 'active' || message.delivery !== undefined || this.subQueue !== subQueues.main) return;
    if (this.entity.isGone) return;
    this.broker.counters.expired++;
    if (this.entity.deadLettersExpired) deadLetter(message, deadLetterCauses.expired);
    else this.remove(message);
  }

  // ——— Receiving ———

  /** The receiver has credit. */
  makeReady(receiver: BrokerReceiver): void {
    if (!receiver.isReady) {
      receiver.isReady = true;
      this.#ready.push(receiver);
    }
    if (this.waiting.length > 0) this.pump();
  }

  /** Gives messages to receivers with credit, one each in turn. */
  pump(): void {
    if (this.sessions !== undefined) this.sessions.pump();
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#ready.length > 0 && this.waiting.length > 0) {
        const receiver = this.#ready.shift()!;
        receiver.isReady = false;
        if (receiver.isClosed || receiver.credit <= 0) continue;
        const message = this.takeLive(this.waiting);
        if (message !== undefined) receiver.give(message);
        if (receiver.credit > 0 && !receiver.isReady && !receiver.isClosed) {
          receiver.isReady = true;
          this.#ready.push(receiver);
        }
      }
    } finally {
      this.#isPumping = false;
    }
  }

  /** The next message that has not expired. */
  takeLive(waiting: WaitingMessages): StoredMessage | undefined {
    for (;;) {
      const message = waiting.take();
      if (message?.expiresAt === undefined || message.expiresAt > this.broker.clock.now()) return message;
      this.expired(message);
    }
  }

  lock(message: StoredMessage, receiver: BrokerReceiver | undefined): Delivery {
    const { session } = message;
    const lockNumber = this.tokens.nextLock();
    let delivery: Delivery;
    if (session !== undefined) {
      delivery = new Delivery(message, receiver, lockNumber);
      session.hold(delivery);
    } else {
      const until = this.broker.clock.now() + this.entity.lockDurationMs;
      delivery = new Delivery(message, receiver, lockNumber, until);
      this.broker.timers.addLock(until, delivery);
    }
    message.delivery = delivery;
    return delivery;
  }

  unlock(delivery: Delivery): void {
    if (!delivery.isCurrent) return;
    delivery.message.delivery = undefined;
    if (delivery.message.session !== undefined) delivery.message.session.letGo(delivery);
    else if (delivery.until !== undefined && delivery.transaction === undefined) this.broker.timers.locks.forget();
  }

  /** The content of the message, in the hands of its delivery. Undefined: it is there already. */
  fill(delivery: Delivery): Promise<void> | undefined {
    const body = this.broker.journal.readBody(delivery.message.item);
    if (!(body instanceof Promise)) {
      delivery.content = contentOf(body);
      return undefined;
    }
    return body.then((read) => {
      delivery.content = contentOf(read);
    });
  }

  // ——— Settling ———

  settle(delivery: Delivery, settlement: Settlement): void {
    const { message } = delivery;
    const { counters, journal } = this.broker;
    this.unlock(delivery);
    switch (settlement.kind) {
      case 'complete':
        counters.completed++;
        this.takeOut(message);
        journal.remove(message.item);
        return;
      case 'abandon':
        counters.abandoned++;
        this.failed(message, settlement.properties);
        return;
      case 'defer': {
        message.state = 'deferred';
        if (settlement.properties !== undefined && !this.#override(message, settlement.properties)) return;
        journal.amend(message.item, messageAmendment(message));
        return;
      }
      case 'deadLetter':
        deadLetter(message, {
          reason: settlement.reason,
          description: settlement.description,
          properties: settlement.properties,
        });
    }
  }

  lockExpired(delivery: Delivery): void {
    if (this.entity.isGone) return;
    this.broker.counters.lockExpiries++;
    delivery.message.delivery = undefined;
    this.failed(delivery.message, undefined);
  }

  /** A delivery has failed: the message comes back, or is dead-lettered when it failed too often. */
  failed(message: StoredMessage, properties: ReadonlyMap<string, AmqpValue> | undefined): void {
    message.deliveryCount++;
    const most = this.entity.maxDeliveryCount;
    if (this.subQueue === subQueues.main && message.deliveryCount >= most) {
      deadLetter(message, { ...deadLetterCauses.maxDeliveryCount(most), properties });
      return;
    }
    if (properties !== undefined && !this.#override(message, properties)) return;
    this.broker.journal.amend(message.item, messageAmendment(message));
    if (message.session !== undefined) message.session.returning++;
    this.broker.commits.return(message);
  }

  /** False: the properties became too large, and the message was dead-lettered. */
  #override(message: StoredMessage, properties: ReadonlyMap<string, AmqpValue>): boolean {
    const overrides = withProperties(message.extra?.overrides, properties);
    if (overrides === undefined) {
      const cause: DeadLetterCause = deadLetterCauses.headerSize;
      if (this.subQueue === subQueues.main) {
        deadLetter(message, cause);
        return false;
      }
      return true;
    }
    const sessionId = message.sessionId;
    message.extra = { ...message.extra, sessionId, overrides, isAmended: true };
    return true;
  }
}
