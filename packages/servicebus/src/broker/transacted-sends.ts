import type { NewMessage } from '../contract.ts';
import type { ServiceBusError } from '../errors.ts';
import type { Entity } from './entity.ts';
import type { EntityTarget } from './send-target.ts';
import type { TransactedOperation } from './transaction.ts';

/** A send that waits for its transaction. */
export class TransactedSend implements TransactedOperation {
  readonly #target: EntityTarget;
  readonly #messages: readonly NewMessage[];

  constructor(target: EntityTarget, messages: readonly NewMessage[]) {
    this.#target = target;
    this.#messages = messages;
  }

  check(): ServiceBusError | undefined {
    return this.#target.check(this.#messages);
  }

  apply(): void {
    this.#target.sendNow(this.#messages);
  }

  cancel(): void {}
}

/** Messages to be scheduled; their sequence numbers are known already, and are those of this entity. */
export class TransactedSchedule implements TransactedOperation {
  readonly #target: EntityTarget;
  readonly #entity: Entity;
  readonly #messages: readonly NewMessage[];
  readonly #reserved: readonly number[];

  constructor(target: EntityTarget, entity: Entity, messages: readonly NewMessage[], reserved: readonly number[]) {
    this.#target = target;
    this.#entity = entity;
    this.#messages = messages;
    this.#reserved = reserved;
  }

  check(): ServiceBusError | undefined {
    return this.#target.check(this.#messages, this.#entity);
  }

  apply(): void {
    this.#target.sendNow(this.#messages, this.#reserved);
  }

  cancel(): void {}
}

/** Scheduled messages that the transaction takes back: until then their time may come, which ends the transaction. */
export class TransactedCancellation implements TransactedOperation {
  readonly #target: EntityTarget;
  readonly #sequenceNumbers: readonly number[];

  constructor(target: EntityTarget, sequenceNumbers: readonly number[]) {
    this.#target = target;
    this.#sequenceNumbers = sequenceNumbers;
  }

  check(): ServiceBusError | undefined {
    return this.#target.checkScheduled(this.#sequenceNumbers);
  }

  apply(): void {
    this.#target.cancelNow(this.#sequenceNumbers);
  }

  cancel(): void {}
}
