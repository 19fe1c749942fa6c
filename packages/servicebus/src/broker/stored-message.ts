import type { AmqpValue } from '@lazuli/amqp';
import type { JournalItem } from '@lazuli/store';
import type { BrokeredMessage } from '../contract.ts';
import type { Delivery } from './delivery.ts';
import type { MessageQueue } from './message-queue.ts';
import type { Leaf } from './ordered-messages.ts';
import type { Session } from './session.ts';

export type MessageState = BrokeredMessage['state'];

/**
 * What is kept in memory of a message: there may be millions, so it holds no body, no id, and what few messages have is in `extra`.
 */
export class StoredMessage {
  readonly queue: MessageQueue;
  readonly sequenceNumber: number;
  readonly enqueuedTime: number;
  /** Undefined: never. */
  readonly expiresAt: number | undefined;
  readonly item: JournalItem;
  /** Deliveries that failed. */
  deliveryCount = 0;
  state: MessageState = 'active';
  /** Waits in its queue or session for a receiver. */
  isWaiting = false;
  /** Who holds it. */
  delivery: Delivery | undefined = undefined;
  /** Where sessions count: its session. */
  session: Session | undefined = undefined;
  extra: MessageExtra | undefined;
  /** Kept by `OrderedMessages`: undefined while the message is not in it (not on disk yet, or gone). */
  leaf: Leaf | undefined = undefined;
  slot = 0;

  constructor(
    queue: MessageQueue,
    sequenceNumber: number,
    enqueuedTime: number,
    expiresAt: number | undefined,
    item: JournalItem,
    extra: MessageExtra | undefined,
  ) {
    this.queue = queue;
    this.sequenceNumber = sequenceNumber;
    this.enqueuedTime = enqueuedTime;
    this.expiresAt = expiresAt;
    this.item = item;
    this.extra = extra;
  }

  get sessionId(): string | undefined {
    return this.extra?.sessionId ?? this.session?.id;
  }

  /** What it takes of the size of its entity. */
  get size(): number {
    return this.item.bodyBytes + HEAD_BYTES;
  }
}

/** Reckoned for what Azure and the journal keep about a message beside its content. */
export const HEAD_BYTES = 64;

export interface MessageExtra {
  readonly enqueuedSequenceNumber?: number | undefined;
  readonly overrides?: ReadonlyMap<string, AmqpValue> | undefined;
  readonly deadLetterSource?: string | undefined;
  /** How often it was forwarded; undefined: never. */
  readonly hops?: number | undefined;
  /** Of a scheduled message: when it is due. */
  readonly scheduledFor?: number | undefined;
  /** Of a scheduled message: its own time to live; undefined: for ever. */
  readonly timeToLiveMs?: number | undefined;
  readonly sessionId?: string | undefined;
  /** The journal's head of it says something else: amendments must say everything. */
  readonly isAmended?: boolean;
}
