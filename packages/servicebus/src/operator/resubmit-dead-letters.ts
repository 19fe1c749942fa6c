import type { DeliveredMessage, Receiver, ServedNamespace } from '../contract.ts';
import type { ServiceBusError } from '../errors.ts';
import { numberOf, type OperatorCall } from './operator-http.ts';
import { resubmitted } from './resubmitted-message.ts';

/** A transaction takes so many operations; a move is two. */
const mostMoves = 50;

/**
 * Moves at most `count` messages from the dead-letter queue back to where they were sent (the queue, or the topic of a
 * subscription): each is sent and completed in one transaction. `moved` below `count`: no more are there.
 */
export async function resubmitDeadLetters({ namespace: { served }, entity, query }: OperatorCall): Promise<object> {
  const count = Math.min(numberOf(query, 'count', mostMoves, 1000), mostMoves);
  const path = entity.replace(/\/\$DeadLetterQueue$/i, '');
  const target = path.replace(/\/Subscriptions\/[^/]+$/i, '');
  const messages = await take(served, `${path}/$DeadLetterQueue`, count);
  if (messages.length === 0) return { moved: 0 };
  const source = served.source(`${path}/$DeadLetterQueue`);
  const transaction = served.beginTransaction();
  try {
    for (const message of messages) {
      await inTransaction((done) => served.sender(target).send([resubmitted(message)], done, transaction));
      await inTransaction((done) => source.settle(message, { kind: 'complete' }, done, transaction));
    }
    await transaction.commit();
  } catch (error) {
    transaction.rollback();
    for (const message of messages) source.settle(message, { kind: 'abandon' }, () => {});
    throw error;
  }
  return { moved: messages.length };
}

function inTransaction(work: (done: (error?: ServiceBusError) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => (error === undefined ? resolve() : reject(error)));
  });
}

/** What is there now, locked. */
function take(served: ServedNamespace, path: string, count: number): Promise<readonly DeliveredMessage[]> {
  return new Promise((resolve, reject) => {
    const messages: DeliveredMessage[] = [];
    const receiver: Receiver = served
      .source(path)
      .openReceiver(
        { mode: 'peekLock', name: 'resubmit' },
        { onMessage: (message) => messages.push(message), onClosed: reject },
      );
    receiver.setCredit(count);
    receiver.drain(() => {
      receiver.close();
      resolve(messages);
    });
  });
}
