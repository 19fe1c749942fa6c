import { randomBytes } from 'node:crypto';
import type { Transaction } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import type { BrokerContext } from './context.ts';
import type { Timed } from './timers.ts';

/** Something that is done when its transaction commits. */
export interface TransactedOperation {
  /** Why it cannot be done any more. */
  check(): ServiceBusError | undefined;
  /** Does it; `check` gave nothing. */
  apply(): void;
  /** It will not be done. */
  cancel(): void;
}

/**
 * Operations that become visible together ("Overview of Service Bus transaction processing"): they are kept until `commit`, checked
 * once more, and done in one turn, which is one unit of the journal.
 */
export class BrokerTransaction implements Transaction, Timed {
  readonly id: Uint8Array = randomBytes(16);
  readonly #broker: BrokerContext;
  readonly #operations: TransactedOperation[] = [];
  readonly #onEnd: (transaction: BrokerTransaction) => void;
  #count = 0;
  #state: 'open' | 'ended' | 'timedOut' = 'open';
  #failure: ServiceBusError | undefined;
  dueAt: number | undefined;

  constructor(broker: BrokerContext, onEnd: (transaction: BrokerTransaction) => void) {
    this.#broker = broker;
    this.#onEnd = onEnd;
    this.dueAt = broker.clock.now() + broker.limits.transactionMs;
    broker.timers.add(this.dueAt, this);
  }

  /** Undefined: it belongs to the transaction now. */
  add(count: number, operation: TransactedOperation): ServiceBusError | undefined {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;
    const most = this.#broker.limits.transactionOperations;
    if (this.#count + count > most) {
      this.#failure = new ServiceBusError('QuotaExceeded', {
        reason: `A transaction can hold ${most} messages at most.`,
      });
      return this.#failure;
    }
    this.#count += count;
    this.#operations.push(operation);
    return undefined;
  }

  /** One of its operations was refused: it cannot be committed any more. */
  fail(error: ServiceBusError): void {
    this.#failure ??= error;
  }

  async commit(): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    let failure = this.#failure;
    for (const operation of this.#operations) failure ??= operation.check();
    if (failure !== undefined) {
      this.#end('ended', true);
      throw new ServiceBusError(
        'TransactionAborted',
        { reason: failure.message.replace(/\.$/, '') },
        { cause: failure },
      );
    }
    for (const operation of this.#operations) operation.apply();
    this.#end('ended', false);
    await this.#broker.commits.durable();
  }

  rollback(): void {
    if (this.#state === 'open') this.#end('ended', true);
  }

  onDue(): void {
    this.dueAt = undefined;
    if (this.#state === 'open') this.#end('timedOut', true);
  }

  #refusal(): ServiceBusError | undefined {
    if (this.#state === 'timedOut') return new ServiceBusError('TransactionTimeout');
    return this.#state === 'ended' ? new ServiceBusError('TransactionUnknown') : undefined;
  }

  #end(state: 'ended' | 'timedOut', cancels: boolean): void {
    this.#state = state;
    if (this.dueAt !== undefined) this.#broker.timers.others.forget();
    this.dueAt = undefined;
    if (cancels) for (const operation of this.#operations) operation.cancel();
    this.#operations.length = 0;
    this.#onEnd(this);
  }
}

export function isBrokerTransaction(transaction: Transaction): transaction is BrokerTransaction {
  return transaction instanceof BrokerTransaction;
}
