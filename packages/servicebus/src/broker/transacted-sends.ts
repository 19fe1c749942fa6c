import type { NewMessage } from '../contract.ts';
import type { ServiceBusError } from '../errors.ts';
import type { Entity } from './entity.ts';
import type { EntityTarget } from './send-target.ts';
import type { TransactedOperation } from './transaction.ts';

/** Sequence numbers that were given before the messages are there, of this entity. */
export interface Reserved {
  readonly entity: Entity;
  readonly numbers: readonly number[];
}

/** A send that waits for its transaction; `reserved`, where the messages are scheduled. */
export class TransactedSend implements TransactedOperation {
  readonly #target: EntityTarget;
  readonly #messages: readonly NewMessage[];
  readonly #reserved: Reserved | undefined;

  constructor(target: EntityTarget, messages: readonly NewMessage[], reserved?: Reserved) {
    this.#target = target;
    this.#messages = messages;
    this.#reserved = reserved;
  }

  check(): ServiceBusError | undefined {
    return this.#target.check(this.#messages, this.#reserved?.entity);
  }

  apply(): void {
    this.#target.sendNow(this.#messages, this.#reserved?.numbers);
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
