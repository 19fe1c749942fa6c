import type { Done, NewMessage, SendTarget, Transaction } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { accept, writeIdentifiers } from './accept.ts';
import { Arrival, sizeOf } from './arrival.ts';
import type { BrokerContext } from './context.ts';
import type { Entity } from './entity.ts';
import { HEAD_BYTES } from './stored-message.ts';
import { isBrokerTransaction } from './transaction.ts';

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
      if (!isBrokerTransaction(transaction)) done(new ServiceBusError('TransactionUnknown'));
      else done(transaction.add(messages.length, new TransactedSend(this, messages)));
      return;
    }
    this.#accept(entity, messages);
    this.#broker.commits.done(done);
  }

  async schedule(messages: readonly NewMessage[]): Promise<readonly number[]> {
    const entity = this.#find();
    if (entity instanceof ServiceBusError) throw entity;
    const refusal = refusalOf(entity, messages);
    if (refusal !== undefined) throw refusal;
    const numbers: number[] = [];
    this.#accept(entity, messages, numbers);
    await this.#broker.commits.durable();
    return numbers;
  }

  async cancelScheduled(sequenceNumbers: readonly number[]): Promise<void> {
    const entity = this.#find();
    if (entity instanceof ServiceBusError) throw entity;
    const messages = [...new Set(sequenceNumbers)].map((sequenceNumber) => entity.main.all.find(sequenceNumber));
    for (const message of messages) {
      if (message?.state !== 'scheduled') throw new ServiceBusError('MessageNotFound');
    }
    for (const message of messages) if (message !== undefined) entity.main.remove(message);
    await this.#broker.commits.durable();
  }

  /** For a transaction that commits. */
  check(messages: readonly NewMessage[]): ServiceBusError | undefined {
    const entity = this.#find();
    return entity instanceof ServiceBusError ? entity : refusalOf(entity, messages);
  }

  sendNow(messages: readonly NewMessage[]): void {
    const entity = this.#find();
    if (!(entity instanceof ServiceBusError)) this.#accept(entity, messages);
  }

  #accept(entity: Entity, messages: readonly NewMessage[], numbers?: number[]): void {
    const { clock, journal, counters } = this.#broker;
    const now = clock.now();
    entity.accessedAt = now;
    counters.sent += messages.length;
    for (const message of messages) {
      const number = accept(entity, new Arrival(journal, message, now), undefined);
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

/** A send that waits for its transaction. */
export class TransactedSend {
  readonly target: EntityTarget;
  readonly messages: readonly NewMessage[];

  constructor(target: EntityTarget, messages: readonly NewMessage[]) {
    this.target = target;
    this.messages = messages;
  }

  check(): ServiceBusError | undefined {
    return this.target.check(this.messages);
  }

  apply(): void {
    this.target.sendNow(this.messages);
  }

  cancel(): void {}
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
