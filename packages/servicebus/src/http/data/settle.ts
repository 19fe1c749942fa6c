import type { DeliveredMessage, MessageSource, Settlement } from '../../contract.ts';
import { ServiceBusError } from '../../errors.ts';
import { authorize } from '../authorize.ts';
import type { HttpAnswer, HttpCall } from '../http-contract.ts';

/**
 * `/{entity}/messages/{id or sequence number}/{lock token}`: DELETE completes, PUT unlocks, POST renews the lock.
 * @throws {ServiceBusError} `MessageNotFound` where the token locks no message of that number or id
 */
export async function settleMessage(
  call: HttpCall,
  { path, id, lockToken }: { readonly path: string; readonly id: string; readonly lockToken: string },
): Promise<HttpAnswer> {
  await authorize(call, 'Listen', path);
  const { method } = call.request;
  const source = call.namespace.served.source(path);
  const token = tokenOf(lockToken);
  const message = locked(source, token);
  if (message === undefined || (id !== `${message.sequenceNumber}` && id !== message.messageId))
    throw new ServiceBusError('MessageNotFound');
  switch (method) {
    case 'DELETE':
      await settle(source, message, { kind: 'complete' });
      return { status: 200 };
    case 'PUT':
      await settle(source, message, { kind: 'abandon' });
      return { status: 200 };
    case 'POST':
      source.renewLock(token);
      return { status: 200 };
    default:
      throw new ServiceBusError('BadRequest', {
        reason: `Method ${method} is not allowed here; allowed are DELETE (complete), PUT (unlock) and POST (renew).`,
      });
  }
}

/** "No message was found with the specified MessageId or LockToken" is a 404 here, where AMQP says that the lock is lost. */
function locked(source: MessageSource, token: Uint8Array): DeliveredMessage | undefined {
  try {
    return source.locked(token);
  } catch (error) {
    if (error instanceof ServiceBusError && error.code === 'MessageLockLost') return undefined;
    throw error;
  }
}

function settle(source: MessageSource, message: DeliveredMessage, settlement: Settlement): Promise<void> {
  return new Promise((resolve, reject) => {
    source.settle(message, settlement, (error) => (error === undefined ? resolve() : reject(error)));
  });
}

function tokenOf(text: string): Buffer {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text))
    throw new ServiceBusError('BadRequest', { reason: `The lock token must be a GUID, not '${text.slice(0, 50)}'.` });
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}
