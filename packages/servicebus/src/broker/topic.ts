import type { CompiledRule, MessageEntryDefinition, MessageView, TopicDefinition } from '../contract.ts';
import { FilterError } from '../errors.ts';
import { editOf, viewOf } from '../message/message-view.ts';
import { Arrival } from './arrival.ts';
import type { BrokerContext } from './context.ts';
import { deadLetterCauses } from './dead-letter.ts';
import { Entity, type EntityIdentity } from './entity.ts';
import { sendOn } from './forwarding.ts';
import { MessageQueue } from './message-queue.ts';
import { subQueues } from './records.ts';
import type { MessageExtra } from './stored-message.ts';
import type { Subscription } from './subscription.ts';

/** A topic: what is sent to it goes to its subscriptions; only scheduled messages lie in it. */
export class Topic extends Entity {
  definition: TopicDefinition;
  readonly main: MessageQueue;
  readonly queues: readonly MessageQueue[];
  /** By name, lower case. */
  readonly subscriptions = new Map<string, Subscription>();
  readonly requiresSession = false;
  readonly lockDurationMs = 0;
  readonly maxDeliveryCount = Number.POSITIVE_INFINITY;
  readonly deadLettersExpired = false;
  readonly isReceivedFrom = false;

  constructor(broker: BrokerContext, identity: EntityIdentity, definition: TopicDefinition) {
    super(broker, identity);
    this.definition = definition;
    this.main = new MessageQueue(broker, this, subQueues.main);
    this.queues = [this.main];
    this.main.outlet = {
      kind: 'onward',
      take: (message) => sendOn(message, { ...message.extra }, (arrival, extra) => this.take(arrival, extra)),
    };
  }

  get path(): string {
    return this.definition.path;
  }
  get entry(): MessageEntryDefinition {
    return this.definition;
  }
  /** Nothing is dead-lettered in a topic itself. */
  get deadLetters(): MessageQueue {
    return this.main;
  }

  /** Every subscription with a rule that matches gets a copy; all copies share one body in the journal. */
  take(arrival: Arrival, extra: MessageExtra | undefined): void {
    arrival.timeToLiveMs = Math.min(arrival.timeToLiveMs, this.definition.defaultTimeToLiveMs);
    const enqueuedSequenceNumber = extra?.enqueuedSequenceNumber ?? this.nextSequenceNumber();
    const copy: MessageExtra = { ...extra, enqueuedSequenceNumber };
    let view: MessageView | undefined;
    const look = (): MessageView => {
      view ??= viewOf(arrival.message, { enqueuedTime: arrival.now, sequenceNumber: enqueuedSequenceNumber, ...copy });
      return view;
    };
    const ownTimeToLive = arrival.timeToLiveMs;
    for (const subscription of this.subscriptions.values()) {
      const { status } = subscription.definition;
      if (status === 'Disabled' || status === 'SendDisabled') continue;
      arrival.timeToLiveMs = ownTimeToLive;
      this.#offer(subscription, arrival, copy, look);
    }
  }

  #offer(subscription: Subscription, arrival: Arrival, copy: MessageExtra, look: () => MessageView): void {
    try {
      if (subscription.takesAll || subscription.plainRules.some((rule) => rule.matches(look()))) {
        subscription.take(arrival, copy);
      }
      for (const rule of subscription.actingRules) {
        if (rule.matches(look())) this.#act(rule, subscription, arrival, copy);
      }
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      if (!subscription.definition.deadLetteringOnFilterEvaluationExceptions) return;
      subscription.setAside(arrival, copy, subscription.deadLetters, deadLetterCauses.filter(error.message));
    }
  }

  /** A rule with an action makes a copy of its own, which says which rule that was. */
  #act(rule: CompiledRule, subscription: Subscription, arrival: Arrival, copy: MessageExtra): void {
    const edit = editOf(arrival.message, {
      enqueuedTime: arrival.now,
      sequenceNumber: copy.enqueuedSequenceNumber ?? 0,
      overrides: copy.overrides,
    });
    rule.act?.(edit);
    const changed = edit.finish();
    if (changed === undefined) {
      subscription.setAside(arrival, copy, subscription.deadLetters, deadLetterCauses.headerSize);
      return;
    }
    const timeToLive = Math.min(arrival.timeToLiveMs, changed.timeToLiveMs);
    subscription.take(new Arrival(this.broker.journal, changed, arrival.now, timeToLive), {
      ...copy,
      overrides: new Map([['RuleName', rule.definition.name]]),
    });
  }
}
