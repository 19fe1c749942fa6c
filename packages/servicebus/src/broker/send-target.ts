import type { Done, NewMessage, SendTarget, Transaction } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { accept, writeIdentifiers } from './accept.ts';
import { Arrival, sizeOf } from './arrival.ts';
import type { BrokerContext } from './context.ts';
import type { Entity } from './entity.ts';
import { HEAD_BYTES } from './stored-message.ts';
import { TransactedCancellation, TransactedSend } from './transacted-sends.ts';
import { isBrokerTransaction, type TransactedOperation } from './transaction.ts';

/** A queue or topic, as senders meet it. It stands for the path: an entity that was made anew under it is found again. */
export class EntityTarget implements SendTarget {
  readonly path: string;
  readonly #broker: BrokerContext;
  #entity: Entity;

  constructor(broker: BrokerContext, path: string, entity: Entity) {
    this.#broker = broker;
    this.path = path;
    this.#entity = entity;
  }

  get maxMessageBytes(): number {
    return this.#entity.entry?.maxMessageBytes ?? 0;
  }

  ensureOpen(): void {
    const entity = this.#find();
    if (entity instanceof ServiceBusError) throw entity;
    if (this.#broker.isLost) throw new ServiceBusError('NotOwner');
    if (!entity.isSentTo) throw new ServiceBusError('EntityDisabled', { entity: this.path, what: 'send operations' });
  }

  send(messages: readonly NewMessage[], done: Done, transaction?: Transaction): void {
    const entity = this.#find();
    if (entity instanceof ServiceBusError) {
      done(entity);
      return;
    }
    const refusal = refusalOf(entity, messages);
    if (refusal !== undefined) {
      done(refusal);
      return;
    }
    if (transaction !== undefined) {
      done(addTo(transaction, messages.length, new TransactedSend(this, messages)));
      return;
    }
    this.#accept(entity, messages);
    this.#broker.commits.done(done);
  }

  async schedule(messages: readonly NewMessage[], transaction?: Transaction): Promise<readonly number[]> {
    const entity = this.#find();
    if (entity instanceof ServiceBusError) throw entity;
    const refusal = refusalOf(entity, messages);
    if (refusal !== undefined) throw refusal;
    if (transaction !== undefined) {
      const numbers = messages.map(() => entity.nextSequenceNumber());
      const error = addTo(transaction, messages.length, new TransactedSend(this, messages, { entity, numbers }));
      if (error !== undefined) throw error;
      return numbers;
    }
    const numbers: number[] = [];
    this.#accept(entity, messages, numbers);
    await this.#broker.commits.durable();
    return numbers;
  }

  async cancelScheduled(sequenceNumbers: readonly number[], transaction?: Transaction): Promise<void> {
    const wanted = [...new Set(sequenceNumbers)];
    const refusal = this.checkScheduled(wanted);
    if (refusal !== undefined) throw refusal;
    if (transaction !== undefined) {
      const error = addTo(transaction, wanted.length, new TransactedCancellation(this, wanted));
      if (error !== undefined) throw error;
      return;
    }
    this.cancelNow(wanted);
    await this.#broker.commits.durable();
  }

  /** Why these messages cannot be sent, to this entity or (undefined) to whichever has the path. */
  check(messages: readonly NewMessage[], expected?: Entity): ServiceBusError | undefined {
    const entity = this.#find();
    if (entity instanceof ServiceBusError) return entity;
    if (expected !== undefined && entity !== expected)
      return new ServiceBusError('EntityNotFound', { entity: this.path });
    return refusalOf(entity, messages);
  }

  /** Scheduled messages have the numbers that were reserved for them. */
  sendNow(messages: readonly NewMessage[], reserved?: readonly number[]): void {
    const entity = this.#find();
    if (!(entity instanceof ServiceBusError)) this.#accept(entity, messages, undefined, reserved);
  }

  /** Why they cannot all be cancelled. */
  checkScheduled(sequenceNumbers: readonly number[]): ServiceBusError | undefined {
    const entity = this.#find();
    if (entity instanceof ServiceBusError) return entity;
    const areScheduled = sequenceNumbers.every((number) => entity.main.all.find(number)?.state === 'scheduled');
    return areScheduled ? undefined : new ServiceBusError('MessageNotFound');
  }

  cancelNow(sequenceNumbers: readonly number[]): void {
    const entity = this.#find();
    if (entity instanceof ServiceBusError) return;
    for (const number of sequenceNumbers) {
      const message = entity.main.all.find(number);
      if (message !== undefined) entity.main.remove(message);
    }
  }

  #accept(entity: Entity, messages: readonly NewMessage[], numbers?: number[], reserved: readonly number[] = []): void {
    const { clock, journal, counters } = this.#broker;
    const now = clock.now();
    entity.accessedAt = now;
    counters.sent += messages.length;
    for (const [index, message] of messages.entries()) {
      const number = accept(entity, new Arrival(journal, message, now), undefined, reserved[index]);
      // What was dropped, or is sent at once, has no number to cancel it by; callers expect one for each.
      numbers?.push(number === 0 ? entity.nextSequenceNumber() : number);
    }
    writeIdentifiers(entity, now);
  }

  #find(): Entity | ServiceBusError {
    if (!this.#entity.isGone) return this.#entity;
    const found = this.#broker.find(this.path);
    if (found?.entry === undefined) return new ServiceBusError('EntityNotFound', { entity: this.path });
    this.#entity = found;
    return found;
  }
}

function addTo(transaction: Transaction, count: number, operation: TransactedOperation): ServiceBusError | undefined {
  if (!isBrokerTransaction(transaction)) return new ServiceBusError('TransactionUnknown');
  return transaction.add(count, operation);
}

function refusalOf(entity: Entity, messages: readonly NewMessage[]): ServiceBusError | undefined {
  const { broker } = entity;
  if (broker.isLost) return new ServiceBusError('NotOwner');
  const most = entity.entry?.maxMessageBytes ?? 0;
  let bytes = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    if (size - HEAD_BYTES > most)
      return new ServiceBusError('MessageSizeExceeded', { size: size - HEAD_BYTES, limit: most });
    if (entity.requiresSession && message.sessionId === undefined) {
      return new ServiceBusError('SessionIdMissing', { entity: entity.path });
    }
    bytes += size;
  }
  if (broker.journal.pendingBytes + bytes > broker.limits.pendingBytes) {
    return new ServiceBusError('ServerBusy', { reason: 'too much waits to be written' });
  }
  return entity.refusal(bytes);
}
