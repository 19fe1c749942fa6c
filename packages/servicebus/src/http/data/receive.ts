import type { DeliveredMessage, MessageSource } from '../../contract.ts';
import { ServiceBusError } from '../../errors.ts';
import { authorize } from '../authorize.ts';
import type { HttpAnswer, HttpCall } from '../http-contract.ts';
import { guidText, writeBrokerProperties } from './broker-properties.ts';
import { headersOfProperties } from './property-headers.ts';
import { receivedMessage } from './received-message.ts';
import { letGo, takeMessage } from './take-message.ts';

/**
 * `/{entity}/messages/head?timeout=60`: POST locks the next message (201, "Peek-Lock Message"), DELETE takes it away (200, "Receive and
 * Delete Message"); 204: none came in time. A message is removed, or stays locked, only for a client that is there.
 * @throws {ServiceBusError}
 */
export async function receiveHead(call: HttpCall, path: string): Promise<HttpAnswer> {
  const { method, cancellation } = call.request;
  if (method !== 'POST' && method !== 'DELETE')
    throw new ServiceBusError('BadRequest', {
      reason: `Method ${method} is not allowed here; allowed are POST (lock) and DELETE (receive and delete).`,
    });
  await authorize(call, 'Listen', path);
  const source = call.namespace.served.source(path);
  const message = await takeMessage(call, source, waitOf(call.query) * 1000);
  if (message === undefined) return { status: 204 };
  if (cancellation.isCancelled) {
    letGo(source, message);
    return { status: 204 };
  }
  if (method === 'DELETE') {
    const answer = answerOf(message, 200, []);
    await settled(source, message);
    return answer;
  }
  const token = message.lockToken === undefined ? '' : guidText(message.lockToken);
  const location = `https://${call.authority}/${encodeURI(path)}/messages/${message.sequenceNumber}/${token}`;
  return {
    ...answerOf(message, 201, [['Location', location]]),
    onSent(complete) {
      if (!complete) letGo(source, message);
    },
  };
}

function answerOf(message: DeliveredMessage, status: number, more: readonly (readonly [string, string])[]): HttpAnswer {
  const received = receivedMessage(message);
  const { contentType } = received.properties;
  return {
    status,
    body: received.body,
    ...(contentType === undefined || !/^[\x20-\x7e]+$/.test(contentType) ? {} : { contentType }),
    headers: [
      ...more,
      ['BrokerProperties', writeBrokerProperties(received)],
      ...headersOfProperties(received.application),
    ],
  };
}

function settled(source: MessageSource, message: DeliveredMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    source.settle(message, { kind: 'complete' }, (error) => (error === undefined ? resolve() : reject(error)));
  });
}

const longestWait = 60;

/** Seconds; at most 60, which is also what counts where nothing is said. */
function waitOf(query: URLSearchParams): number {
  const text = query.get('timeout');
  if (text === null) return longestWait;
  if (!/^\d{1,9}$/.test(text))
    throw new ServiceBusError('BadRequest', { reason: `'timeout' must be whole seconds, not '${text.slice(0, 50)}'.` });
  return Math.min(Number(text), longestWait);
}
