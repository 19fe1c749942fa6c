import type { DeliveredMessage, Receiver } from '../contract.ts';
import { messageDocument } from './message-document.ts';
import { numberOf, type OperatorCall } from './operator-http.ts';

/** Receives and deletes at most `count` messages, waiting at most `wait` seconds for the first. */
export async function receiveMessages({ namespace, entity, query, signal }: OperatorCall): Promise<object> {
  const source = namespace.served.source(entity);
  const count = numberOf(query, 'count', 1, 250);
  const waitMs = numberOf(query, 'wait', 0, 60) * 1000;
  const session = query.get('session');
  const options = { mode: 'receiveAndDelete', name: 'operator' } as const;
  const messages: DeliveredMessage[] = [];
  await new Promise<void>((resolve, reject) => {
    let receiver: Receiver | undefined;
    let timer: NodeJS.Timeout | undefined;
    const finish = () => {
      clearTimeout(timer);
      receiver?.close();
      resolve();
    };
    const events = {
      onMessage(message: DeliveredMessage) {
        messages.push(message);
        // What is there besides comes at once; nothing is waited for any more.
        if (messages.length >= count) finish();
        else receiver?.drain(finish);
      },
      onClosed: reject,
    };
    const start = (opened: Receiver) => {
      receiver = opened;
      signal.addEventListener('abort', finish);
      timer = setTimeout(() => opened.drain(finish), waitMs);
      opened.setCredit(count);
    };
    if (!source.requiresSession) start(source.openReceiver(options, events));
    else source.acceptSession(session, { ...options, waitMs, signal }, events).then(start, reject);
  });
  return { messages: messages.map(messageDocument) };
}
