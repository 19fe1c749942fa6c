import type { DeliveredMessage, Done, Settlement, Transaction } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { type Delivery, isDelivery } from './delivery.ts';
import type { MessageQueue } from './message-queue.ts';
import { subQueues } from './records.ts';
import { isBrokerTransaction, type TransactedOperation } from './transaction.ts';

/** Settles a message by the handle that its receiver was given. */
export function settle(
  queue: MessageQueue,
  message: DeliveredMessage,
  settlement: Settlement,
  done: Done,
  transaction?: Transaction,
): void {
  const refusal = refusalOf(queue, message, settlement);
  if (refusal !== undefined || !isDelivery(message)) {
    done(refusal);
    return;
  }
  if (transaction !== undefined) {
    if (!isBrokerTransaction(transaction)) {
      done(new ServiceBusError('TransactionUnknown'));
      return;
    }
    const refusal = transaction.add(1, new TransactedSettlement(message, settlement));
    if (refusal === undefined) message.transaction = transaction;
    done(refusal);
    return;
  }
  message.message.queue.settle(message, settlement);
  queue.broker.commits.done(done);
}

function refusalOf(
  queue: MessageQueue,
  message: DeliveredMessage,
  settlement: Settlement,
): ServiceBusError | undefined {
  if (queue.broker.isLost) return new ServiceBusError('NotOwner');
  if (!isDelivery(message) || message.transaction !== undefined) return new ServiceBusError('MessageLockLost');
  const lost = lockLost(message);
  if (lost !== undefined) return lost;
  if (settlement.kind === 'deadLetter' && queue.subQueue !== subQueues.main) {
    return new ServiceBusError('BadRequest', {
      reason: `A message of '${queue.path}' cannot be dead-lettered: it is a dead letter.`,
    });
  }
  return undefined;
}

/** The lock must hold now, whether or not its end was noticed yet. */
export function lockLost(delivery: Delivery): ServiceBusError | undefined {
  const { session } = delivery.message;
  const now = delivery.message.queue.broker.clock.now();
  if (session !== undefined) {
    const holds = delivery.isCurrent && session.owner !== undefined && session.owner === delivery.receiver;
    if (holds && session.lockedUntil > now) return undefined;
    return new ServiceBusError('SessionLockLost', { session: session.id });
  }
  if (delivery.isCurrent && delivery.until !== undefined && delivery.until > now) return undefined;
  return new ServiceBusError('MessageLockLost');
}

/** A settlement that waits for its transaction; until then the message stays locked. */
class TransactedSettlement implements TransactedOperation {
  readonly #delivery: Delivery;
  readonly #settlement: Settlement;

  constructor(delivery: Delivery, settlement: Settlement) {
    this.#delivery = delivery;
    this.#settlement = settlement;
  }

  check(): ServiceBusError | undefined {
    return this.#delivery.message.queue.entity.isGone
      ? new ServiceBusError('EntityNotFound', { entity: this.#delivery.message.queue.path })
      : lockLost(this.#delivery);
  }

  apply(): void {
    this.#delivery.transaction = undefined;
    this.#delivery.message.queue.settle(this.#delivery, this.#settlement);
  }

  /** The lock goes on as if nothing had been; where it has ended meanwhile, it ends now. */
  cancel(): void {
    const delivery = this.#delivery;
    const { message } = delivery;
    delivery.transaction = undefined;
    if (!delivery.isCurrent || message.queue.entity.isGone) return;
    if (message.session === undefined) {
      if (delivery.until !== undefined) message.queue.broker.timers.addLock(delivery.until, delivery);
    } else if (message.session.owner !== delivery.receiver) {
      message.queue.unlock(delivery);
      message.queue.comeBack(message);
      message.queue.pump();
    }
  }
}
