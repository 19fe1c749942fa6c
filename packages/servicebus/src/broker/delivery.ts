import type { AmqpValue } from '@lazuli/amqp';
import type { BrokeredMessage, DeliveredMessage, MessageContent } from '../contract.ts';
import { messageIdOf } from '../message/message-id.ts';
import type { BrokerReceiver } from './receiver.ts';
import type { MessageState, StoredMessage } from './stored-message.ts';
import type { BrokerTransaction } from './transaction.ts';

/** A message with its content, as it is looked at. */
export class BrowsedMessage implements BrokeredMessage {
  readonly message: StoredMessage;
  content: MessageContent;

  constructor(message: StoredMessage, content: MessageContent) {
    this.message = message;
    this.content = content;
  }

  get sequenceNumber(): number {
    return this.message.sequenceNumber;
  }
  get enqueuedSequenceNumber(): number | undefined {
    return this.message.extra?.enqueuedSequenceNumber;
  }
  get enqueuedTime(): number {
    return this.message.extra?.scheduledFor ?? this.message.enqueuedTime;
  }
  get expiresAt(): number {
    return this.message.expiresAt ?? Number.POSITIVE_INFINITY;
  }
  get deliveryCount(): number {
    return this.message.deliveryCount;
  }
  get state(): MessageState {
    return this.message.state;
  }
  get messageId(): string {
    return messageIdOf(this.content);
  }
  get sessionId(): string | undefined {
    return this.message.sessionId;
  }
  get overrides(): ReadonlyMap<string, AmqpValue> | undefined {
    return this.message.extra?.overrides;
  }
  get deadLetterSource(): string | undefined {
    return this.message.extra?.deadLetterSource;
  }
}

/** Stands in until the content is read. */
const notRead: MessageContent = { envelope: new Uint8Array(), bare: new Uint8Array() };

/**
 * A message in somebody's hands, from taking to settling: one object for each time that it is taken, so that an old one is known for
 * what it is (`message.delivery` is another then).
 */
export class Delivery extends BrowsedMessage implements DeliveredMessage {
  /** Undefined: a deferred message that was asked for by number. */
  readonly receiver: BrokerReceiver | undefined;
  /** Tells the locks of a message apart. */
  readonly lockNumber: number;
  /** Undefined: received and deleted, or as the session says. */
  until: number | undefined;
  /** Settled in a transaction that is open. */
  transaction: BrokerTransaction | undefined = undefined;
  /** Can go out: content is there, and the removal is on disk where it must be. */
  isReady = false;

  constructor(message: StoredMessage, receiver: BrokerReceiver | undefined, lockNumber: number, until?: number) {
    super(message, notRead);
    this.receiver = receiver;
    this.lockNumber = lockNumber;
    this.until = until;
  }

  get lockToken(): Uint8Array | undefined {
    return this.lockNumber === 0 ? undefined : this.message.queue.tokens.write(this);
  }

  get lockedUntil(): number | undefined {
    if (this.lockNumber === 0) return undefined;
    return this.message.session?.lockedUntil ?? this.until;
  }

  /** Whether it still holds the message. */
  get isCurrent(): boolean {
    return this.message.delivery === this;
  }
}

export function isDelivery(message: DeliveredMessage): message is Delivery {
  return message instanceof Delivery;
}
