import type { MessageEntryDefinition, QueueDefinition, SubscriptionDefinition } from '../contract.ts';
import type { Arrival } from './arrival.ts';
import type { BrokerContext } from './context.ts';
import { causeProperties, type DeadLetterCause, deadLetterCauses } from './dead-letter.ts';
import { Entity, type EntityIdentity } from './entity.ts';
import { forwardArrival, forwardStored } from './forwarding.ts';
import { MessageQueue, type Outlet } from './message-queue.ts';
import { subQueues } from './records.ts';
import type { MessageExtra } from './stored-message.ts';
import type { Topic } from './topic.ts';

/** A queue or a subscription. */
export class Holder extends Entity {
  definition: QueueDefinition | SubscriptionDefinition;
  /** Of a subscription. */
  readonly topic: Topic | undefined;
  readonly main: MessageQueue;
  readonly deadLetters: MessageQueue;
  readonly transferDeadLetters: MessageQueue;
  readonly queues: readonly MessageQueue[];
  /** Sessions are for ever: they cannot be changed after creation. */
  readonly requiresSession: boolean;

  constructor(
    broker: BrokerContext,
    identity: EntityIdentity,
    definition: QueueDefinition | SubscriptionDefinition,
    topic?: Topic,
  ) {
    super(broker, identity);
    this.definition = definition;
    this.topic = topic;
    this.requiresSession = definition.requiresSession;
    this.main = new MessageQueue(broker, this, subQueues.main);
    this.deadLetters = new MessageQueue(broker, this, subQueues.deadLetter);
    this.transferDeadLetters = new MessageQueue(broker, this, subQueues.transferDeadLetter);
    this.queues = [this.main, this.deadLetters, this.transferDeadLetters];
  }

  get path(): string {
    const { definition } = this;
    return definition.kind === 'queue' ? definition.path : `${definition.topicPath}/Subscriptions/${definition.name}`;
  }
  get entry(): MessageEntryDefinition | undefined {
    return this.definition.kind === 'queue' ? this.definition : undefined;
  }
  get lockDurationMs(): number {
    return this.definition.lockDurationMs;
  }
  get maxDeliveryCount(): number {
    return this.definition.maxDeliveryCount;
  }
  get deadLettersExpired(): boolean {
    return this.definition.deadLetteringOnMessageExpiration;
  }
  get isReceivedFrom(): boolean {
    const { status } = this.definition;
    return status === 'Active' || status === 'SendDisabled';
  }

  override grow(bytes: number): void {
    super.grow(bytes);
    this.topic?.grow(bytes);
  }

  take(arrival: Arrival, extra: MessageExtra | undefined): void {
    if (this.definition.forwardTo !== undefined) {
      arrival.timeToLiveMs = Math.min(arrival.timeToLiveMs, this.definition.defaultTimeToLiveMs);
      forwardArrival(this, this.definition.forwardTo, arrival, extra);
    } else if (this.requiresSession && arrival.message.sessionId === undefined) {
      this.setAside(arrival, extra, this.deadLetters, deadLetterCauses.noSessionId);
    } else this.main.append(arrival, extra);
  }

  /** A new message that is dead-lettered at once. */
  setAside(arrival: Arrival, extra: MessageExtra | undefined, to: MessageQueue, cause: DeadLetterCause): void {
    this.broker.counters.deadLettered++;
    to.append(arrival, { ...extra, overrides: causeProperties(extra?.overrides, cause) });
  }

  override direct(): void {
    const { forwardTo, forwardDeadLetteredMessagesTo } = this.definition;
    directTo(this.main, forwardTo);
    directTo(this.deadLetters, forwardDeadLetteredMessagesTo);
  }
}

/** Messages that wait here go on at once where they have somewhere to go now. */
function directTo(queue: MessageQueue, destination: string | undefined): void {
  const outlet: Outlet =
    destination === undefined
      ? { kind: 'receivers' }
      : { kind: 'onward', take: (message) => forwardStored(message, destination) };
  queue.outlet = outlet;
  if (outlet.kind === 'receivers') return;
  for (;;) {
    const message = queue.waiting.take();
    if (message === undefined) break;
    outlet.take(message);
    if (message.isWaiting) break;
  }
  for (const session of [...(queue.sessions?.all() ?? [])]) {
    for (let message = session.waiting.take(); message !== undefined; message = session.waiting.take()) {
      outlet.take(message);
    }
  }
}
