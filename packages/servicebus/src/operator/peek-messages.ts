import { messageDocument } from './message-document.ts';
import { numberOf, type OperatorCall } from './operator-http.ts';

/** Messages from a sequence number on (`from`), at most `count`, without locking them. */
export async function peekMessages({ namespace, entity, query }: OperatorCall): Promise<object> {
  const messages = await namespace.served.source(entity).peek({
    from: numberOf(query, 'from', 0, Number.MAX_SAFE_INTEGER),
    count: numberOf(query, 'count', 32, 250),
    ...(query.get('session') === null ? {} : { sessionId: query.get('session') ?? '' }),
  });
  return { messages: messages.map(messageDocument) };
}
