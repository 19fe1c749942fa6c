import type {
  BrokeredMessage,
  DeliveredMessage,
  Done,
  MessageSource,
  Receiver,
  ReceiverEvents,
  ReceiverOptions,
  RuleDefinition,
  SessionReceiver,
  Settlement,
  Transaction,
} from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { contentOf } from '../message/content.ts';
import { BrowsedMessage, Delivery } from './delivery.ts';
import type { MessageQueue } from './message-queue.ts';
import { BrokerReceiver } from './receiver.ts';
import type { Session } from './session.ts';
import { lockLost, settle } from './settlement.ts';
import type { StoredMessage } from './stored-message.ts';
import { Subscription } from './subscription.ts';

/** A queue, a subscription or a sub-queue, as receivers meet it. It stands for the path, as `EntityTarget` does. */
export class QueueSource implements MessageSource {
  readonly path: string;
  readonly #find: () => MessageQueue;
  #found: MessageQueue;

  /** @param find @throws {ServiceBusError} `EntityNotFound` */
  constructor(path: string, find: () => MessageQueue) {
    this.path = path;
    this.#find = find;
    this.#found = find();
  }

  get requiresSession(): boolean {
    return this.#queue.sessions !== undefined;
  }

  get rules(): readonly RuleDefinition[] | undefined {
    const { entity } = this.#queue;
    return entity instanceof Subscription ? entity.definition.rules : undefined;
  }

  openReceiver(options: ReceiverOptions, events: ReceiverEvents): Receiver {
    const queue = this.#receivable();
    if (queue.sessions !== undefined) throw new ServiceBusError('SessionRequired', { entity: this.path });
    const receiver = new BrokerReceiver(queue, options, events);
    queue.receivers.add(receiver);
    queue.entity.touch();
    return receiver;
  }

  async acceptSession(
    sessionId: string | null,
    options: ReceiverOptions & { readonly waitMs: number; readonly signal?: AbortSignal },
    events: ReceiverEvents,
  ): Promise<SessionReceiver> {
    const queue = this.#receivable();
    if (queue.sessions === undefined) throw new ServiceBusError('SessionNotSupported', { entity: this.path });
    queue.entity.touch();
    return new OwnerOfSession(await queue.sessions.accept(sessionId, options, events));
  }

  settle(message: DeliveredMessage, settlement: Settlement, done: Done, transaction?: Transaction): void {
    settle(this.#found, message, settlement, done, transaction);
  }

  locked(token: Uint8Array): DeliveredMessage {
    const queue = this.#queue;
    const read = queue.tokens.read(token);
    const delivery = read === undefined ? undefined : queue.all.find(read.sequenceNumber)?.delivery;
    if (delivery === undefined || delivery.lockNumber !== read?.lockNumber)
      throw new ServiceBusError('MessageLockLost');
    return delivery;
  }

  renewLock(token: Uint8Array): number {
    const delivery = this.locked(token);
    if (!(delivery instanceof Delivery)) throw new ServiceBusError('MessageLockLost');
    const lost = lockLost(delivery);
    if (lost !== undefined) throw lost;
    const { session, queue } = delivery.message;
    if (session !== undefined) return session.renew();
    const until = queue.broker.clock.now() + queue.entity.lockDurationMs;
    if (until !== delivery.until) {
      queue.broker.timers.locks.forget();
      delivery.until = until;
      queue.broker.timers.addLock(until, delivery);
    }
    return until;
  }

  async peek(query: {
    readonly from: number;
    readonly count: number;
    readonly sessionId?: string;
  }): Promise<readonly BrokeredMessage[]> {
    const queue = this.#queue;
    queue.entity.touch();
    const { sessionId } = query;
    let bytes = 0;
    const messages = await collect(queue, query.from, query.count, (message) => {
      if (sessionId !== undefined && message.sessionId !== sessionId) return 'skip';
      bytes += message.size;
      return bytes > message.size && bytes > queue.broker.limits.peekBytes ? 'stop' : 'take';
    });
    const read = await Promise.all(messages.map((message) => this.#browse(queue, message)));
    return read.filter((message) => message !== undefined);
  }

  async receiveDeferred(
    sequenceNumbers: readonly number[],
    options: Pick<ReceiverOptions, 'mode'> & { readonly sessionId?: string },
  ): Promise<readonly DeliveredMessage[]> {
    const queue = this.#receivable();
    const messages: StoredMessage[] = [];
    for (const sequenceNumber of new Set(sequenceNumbers)) {
      const message = queue.all.find(sequenceNumber);
      const fits = message?.session === undefined || message.session.id === options.sessionId;
      if (message?.state !== 'deferred' || message.delivery !== undefined || !fits) {
        throw new ServiceBusError('MessageNotFound');
      }
      messages.push(message);
    }
    const owner = this.#ownerFor(queue, messages);
    queue.entity.touch();
    const isDeleted = options.mode === 'receiveAndDelete';
    const deliveries = messages.map((message) => {
      if (!isDeleted) return queue.lock(message, owner);
      const delivery = new Delivery(message, undefined, 0);
      message.delivery = delivery;
      return delivery;
    });
    await this.#fill(queue, deliveries);
    if (isDeleted) {
      for (const delivery of deliveries) if (delivery.isCurrent) queue.remove(delivery.message);
      queue.broker.counters.completed += deliveries.length;
      await queue.broker.commits.durable();
    }
    queue.broker.counters.delivered += deliveries.length;
    return deliveries;
  }

  async deleteMessages(query: { readonly count: number; readonly before: number }): Promise<number> {
    const queue = this.#receivable();
    queue.entity.touch();
    const chosen = await collect(queue, 0, query.count, (message) =>
      message.isWaiting && message.enqueuedTime < query.before ? 'take' : 'skip',
    );
    // Some may have gone to a receiver while others were looked at.
    const removed = chosen.filter((message) => message.isWaiting);
    for (const message of removed) queue.remove(message);
    await queue.broker.commits.durable();
    return removed.length;
  }

  renewSessionLock(sessionId: string): number {
    return this.#lockedSession(sessionId).renew();
  }

  sessionState(sessionId: string): Uint8Array | undefined {
    return this.#sessions().get(sessionId)?.state?.bytes;
  }

  async setSessionState(sessionId: string, state: Uint8Array | null): Promise<void> {
    const session = this.#lockedSession(sessionId);
    const most = this.#queue.broker.limits.sessionStateBytes;
    if (state !== null && state.length > most) {
      throw new ServiceBusError('MessageSizeExceeded', { size: state.length, limit: most });
    }
    await this.#sessions().setState(session, state);
  }

  sessions(query: { readonly updatedAfter?: number; readonly skip: number; readonly top: number }): readonly string[] {
    return this.#sessions().list(query);
  }

  get #queue(): MessageQueue {
    if (this.#found.entity.isGone) this.#found = this.#find();
    return this.#found;
  }

  #receivable(): MessageQueue {
    const queue = this.#queue;
    const { broker, entity } = queue;
    if (broker.isLost) throw new ServiceBusError('NotOwner');
    if (!entity.isReceivedFrom) {
      throw new ServiceBusError('EntityDisabled', { entity: this.path, what: 'receive operations' });
    }
    if (queue.outlet.kind === 'onward') {
      throw new ServiceBusError('ReceiveNotAllowed', { entity: this.path, reason: 'its messages are forwarded' });
    }
    if (queue.receivers.size >= broker.limits.receivers) {
      throw new ServiceBusError('QuotaExceeded', {
        reason: `'${this.path}' has ${broker.limits.receivers} receivers, as many as it can have.`,
      });
    }
    return queue;
  }

  #sessions(): NonNullable<MessageQueue['sessions']> {
    const { sessions } = this.#queue;
    if (sessions === undefined) throw new ServiceBusError('SessionNotSupported', { entity: this.path });
    return sessions;
  }

  #lockedSession(sessionId: string): Session {
    const session = this.#sessions().get(sessionId);
    if (session?.owner === undefined || session.lockedUntil <= this.#queue.broker.clock.now()) {
      throw new ServiceBusError('SessionLockLost', { session: sessionId });
    }
    return session;
  }

  /** Deferred messages of a session are locked for who has the session. */
  #ownerFor(queue: MessageQueue, messages: readonly StoredMessage[]): BrokerReceiver | undefined {
    const sessionId = messages[0]?.session?.id;
    if (queue.sessions === undefined || sessionId === undefined) return undefined;
    return this.#lockedSession(sessionId).owner;
  }

  async #browse(queue: MessageQueue, message: StoredMessage): Promise<BrowsedMessage | undefined> {
    try {
      const body = queue.broker.journal.readBody(message.item);
      return new BrowsedMessage(message, contentOf(await body));
    } catch (error) {
      // It went away meanwhile.
      if (message.leaf === undefined) return undefined;
      throw new ServiceBusError('InternalError', {}, { cause: error });
    }
  }

  async #fill(queue: MessageQueue, deliveries: readonly Delivery[]): Promise<void> {
    try {
      await Promise.all(deliveries.map((delivery) => queue.fill(delivery)));
    } catch (error) {
      for (const delivery of deliveries) queue.unlock(delivery);
      throw new ServiceBusError('InternalError', {}, { cause: error });
    }
  }
}

/** Messages that are looked at before the event loop gets its turn. */
const LOOK_TOGETHER = 10_000;

/** Walks through a queue, from a number on, in slices: it may be millions of messages until there are enough. */
async function collect(
  queue: MessageQueue,
  from: number,
  count: number,
  judge: (message: StoredMessage) => 'take' | 'skip' | 'stop',
): Promise<readonly StoredMessage[]> {
  const taken: StoredMessage[] = [];
  let next = from;
  for (;;) {
    let looked = 0;
    for (const message of queue.all.from(next)) {
      if (taken.length >= count) return taken;
      const word = judge(message);
      if (word === 'stop') return taken;
      if (word === 'take') taken.push(message);
      next = message.sequenceNumber + 1;
      if (++looked === LOOK_TOGETHER) break;
    }
    if (looked < LOOK_TOGETHER) return taken;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A session in the hands of its receiver. */
class OwnerOfSession implements SessionReceiver {
  readonly #receiver: BrokerReceiver;
  readonly #session: Session;

  constructor(receiver: BrokerReceiver) {
    this.#receiver = receiver;
    if (receiver.session === undefined) throw new ServiceBusError('InternalError');
    this.#session = receiver.session;
  }

  get sessionId(): string {
    return this.#session.id;
  }
  get lockedUntil(): number {
    return this.#session.lockedUntil;
  }
  get credit(): number {
    return this.#receiver.credit;
  }
  setCredit(credit: number): void {
    this.#receiver.setCredit(credit);
  }
  drain(done: () => void): void {
    this.#receiver.drain(done);
  }
  close(): void {
    this.#receiver.close();
  }
}
