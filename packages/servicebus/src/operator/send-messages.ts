import { ServiceBusError } from '../errors.ts';
import { newMessageOf } from './message-document.ts';
import type { OperatorCall } from './operator-http.ts';

const mostMessages = 1000;

/** `{ "messages": [ … ] }`: all of them or none. */
export async function sendMessages({ namespace, entity, body }: OperatorCall): Promise<object> {
  const document = await body();
  const messages: unknown =
    typeof document === 'object' && document !== null ? Reflect.get(document, 'messages') : null;
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > mostMessages)
    throw new ServiceBusError('BadRequest', {
      reason: `'messages' must be an array of 1 to ${mostMessages} messages.`,
    });
  const target = namespace.served.sender(entity);
  const read = messages.map(newMessageOf);
  await new Promise<void>((resolve, reject) => {
    target.send(read, (error) => (error === undefined ? resolve() : reject(error)));
  });
  return { sent: read.length };
}
