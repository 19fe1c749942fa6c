import type { JournalItem } from '@lazuli/store';
import type { EntityDefinition, MessageEntryDefinition } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import type { Arrival } from './arrival.ts';
import type { BrokerContext } from './context.ts';
import { Duplicates } from './duplicates.ts';
import type { MessageQueue } from './message-queue.ts';
import { entityAmendment } from './records.ts';
import type { MessageExtra } from './stored-message.ts';
import type { Timed } from './timers.ts';

/** Sequence numbers that are set aside on disk at a time: a restart leaves out at most so many. */
const NUMBERS_SET_ASIDE = 10_000;

export interface EntityIdentity {
  /** In the journal's records. */
  readonly number: number;
  readonly item: JournalItem;
  /** No sequence number from here on was ever used. */
  readonly unusedFrom: number;
}

/** What queues, topics and subscriptions have in common. */
export abstract class Entity implements Timed {
  readonly broker: BrokerContext;
  readonly number: number;
  readonly #item: JournalItem;
  #next: number;
  #unusedFrom: number;
  sizeInBytes = 0;
  accessedAt: number;
  isGone = false;
  dueAt: number | undefined = undefined;
  duplicates: Duplicates | undefined = undefined;

  abstract definition: EntityDefinition;
  /** Its messages; of a topic the scheduled ones. */
  abstract readonly main: MessageQueue;
  abstract readonly deadLetters: MessageQueue;
  abstract readonly queues: readonly MessageQueue[];
  /** Limits of what is sent; undefined: nothing is sent to it but by its topic. */
  abstract readonly entry: MessageEntryDefinition | undefined;
  abstract readonly path: string;
  abstract readonly lockDurationMs: number;
  abstract readonly requiresSession: boolean;
  abstract readonly maxDeliveryCount: number;
  abstract readonly deadLettersExpired: boolean;
  abstract readonly isReceivedFrom: boolean;

  constructor(broker: BrokerContext, identity: EntityIdentity) {
    this.broker = broker;
    this.number = identity.number;
    this.#item = identity.item;
    this.#next = identity.unusedFrom;
    this.#unusedFrom = identity.unusedFrom;
    this.accessedAt = broker.clock.now();
  }

  get enablePartitioning(): boolean {
    return this.entry?.enablePartitioning ?? false;
  }

  /** A message that was sent, forwarded, or has become due: to where it goes from here. */
  abstract take(arrival: Arrival, extra: MessageExtra | undefined): void;

  nextSequenceNumber(): number {
    if (this.#next === this.#unusedFrom) {
      this.#unusedFrom += NUMBERS_SET_ASIDE;
      this.broker.journal.amend(this.#item, entityAmendment(this.#unusedFrom));
    }
    return this.#next++;
  }

  /** Before a tidy end: the numbers that were set aside for nothing are given back. */
  giveBackNumbers(): void {
    if (this.#next === this.#unusedFrom) return;
    this.#unusedFrom = this.#next;
    this.broker.journal.amend(this.#item, entityAmendment(this.#unusedFrom));
  }

  /** Undefined: it never expires. */
  expiryOf(now: number, timeToLiveMs: number): number | undefined {
    const time = now + Math.min(timeToLiveMs, this.definition.defaultTimeToLiveMs);
    return time < Number.MAX_SAFE_INTEGER ? time : undefined;
  }

  grow(bytes: number): void {
    this.sizeInBytes += bytes;
  }

  get isSentTo(): boolean {
    const { status } = this.definition;
    return status === 'Active' || status === 'ReceiveDisabled';
  }

  touch(): void {
    this.accessedAt = this.broker.clock.now();
  }

  /** Why messages of so many bytes cannot come in; undefined: they can. */
  refusal(bytes: number): ServiceBusError | undefined {
    if (!this.isSentTo) {
      return new ServiceBusError('EntityDisabled', { entity: this.path, what: 'send operations' });
    }
    const most = this.entry?.maxSizeBytes ?? Number.POSITIVE_INFINITY;
    if (this.sizeInBytes + bytes <= most) return undefined;
    const kind = this.definition.kind === 'topic' ? 'Topic' : 'Queue';
    return new ServiceBusError('QuotaExceeded', {
      reason: `The maximum entity size has been reached or exceeded for ${kind}: '${this.path}'. Size of entity in bytes:${this.sizeInBytes}, Max entity size in bytes: ${most}.`,
    });
  }

  /** The definition is new or was changed. */
  configure(): void {
    const { entry, definition } = this;
    if (entry?.requiresDuplicateDetection) {
      this.duplicates ??= new Duplicates(this, entry.duplicateDetectionHistoryMs);
      this.duplicates.windowMs = entry.duplicateDetectionHistoryMs;
    } else {
      this.duplicates?.clear();
      this.duplicates = undefined;
    }
    if (this.dueAt !== undefined) this.broker.timers.others.forget();
    this.dueAt = undefined;
    this.touch();
    if (definition.autoDeleteOnIdleMs < Number.MAX_SAFE_INTEGER / 2) {
      this.dueAt = this.accessedAt + definition.autoDeleteOnIdleMs;
      this.broker.timers.add(this.dueAt, this);
    }
  }

  /** Messages that wait here go on where they have somewhere to go now. */
  direct(): void {}

  /** Its idle time may be over. */
  onDue(): void {
    const { broker, definition } = this;
    const isInUse = this.queues.some((queue) => queue.receivers.size > 0);
    if (isInUse) this.touch();
    if (this.accessedAt + definition.autoDeleteOnIdleMs > broker.clock.now()) {
      this.dueAt = this.accessedAt + definition.autoDeleteOnIdleMs;
      broker.timers.add(this.dueAt, this);
      return;
    }
    this.dueAt = undefined;
    broker.deleteIdle(this);
  }

  /** Receivers are told; messages are the remover's (`remove-entity.ts`). */
  closeReceivers(error: ServiceBusError, queues: readonly MessageQueue[] = this.queues): void {
    for (const queue of queues) {
      queue.sessions?.close(error);
      for (const receiver of [...queue.receivers]) {
        receiver.fail(error);
        receiver.session?.release(receiver);
      }
    }
  }

  /** The journal forgets that the entity was there: its messages mean nothing from then on. */
  forget(): void {
    this.isGone = true;
    if (this.dueAt !== undefined) this.broker.timers.others.forget();
    this.dueAt = undefined;
    this.duplicates?.clear();
    this.broker.journal.remove(this.#item);
  }
}
