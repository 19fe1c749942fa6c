import {
  AmqpArray,
  AmqpMap,
  type AmqpValue,
  encodeDeliveryAnnotations,
  int,
  long,
  scanSections,
  symbol,
  timestamp,
  uuid,
} from '@lazuli/amqp';
import type { BrokeredMessage, DeliveredMessage, Done, Settlement } from '../../contract.ts';
import { ServiceBusError } from '../../errors.ts';
import { readMessage } from '../../message/read-message.ts';
import { writeMessage } from '../../message/write-message.ts';
import { propertiesOf, type RequestBody } from '../read-values.ts';
import { type ManagementCall, type ManagementOperation, noContent, ok } from './operation.ts';

const mostMessages = 1000;

export const peekMessage: ManagementOperation = {
  right: 'Listen',
  async run({ body, source }) {
    const sessionId = body.optionalText('session-id');
    const messages = await source().peek({
      from: body.number('from-sequence-number'),
      count: bounded(body.number('message-count'), mostMessages),
      ...(sessionId === undefined ? {} : { sessionId }),
    });
    if (messages.length === 0) return noContent;
    return ok(new AmqpMap([['messages', messages.map((message) => new AmqpMap([['message', encoded(message)]]))]]));
  },
};

export const receiveBySequenceNumber: ManagementOperation = {
  right: 'Listen',
  async run({ body, client, path, source }) {
    const sessionId = body.optionalText('session-id');
    if (sessionId !== undefined && source().requiresSession) client.requireSession(path, sessionId);
    const messages = await source().receiveDeferred(bounds(body.numbers('sequence-numbers')), {
      // First: whoever sends forgets the message at once.
      mode: body.number('receiver-settle-mode') === 0 ? 'receiveAndDelete' : 'peekLock',
      ...(sessionId === undefined ? {} : { sessionId }),
    });
    return ok(new AmqpMap([['messages', messages.map(received)]]));
  },
};

function received(message: DeliveredMessage): AmqpMap {
  const bytes = encoded(message);
  if (message.lockToken === undefined) return new AmqpMap([['message', bytes]]);
  const token = uuid(Buffer.from(message.lockToken));
  return new AmqpMap([
    ['lock-token', token],
    ['message', withLockToken(bytes, token)],
  ]);
}

/** Clients written in Python look for the token inside of the message: in the delivery annotations, behind the header. */
function withLockToken(message: Buffer, token: AmqpValue): Buffer {
  const { messageAnnotationsStart } = scanSections(message);
  return Buffer.concat([
    message.subarray(0, messageAnnotationsStart),
    encodeDeliveryAnnotations(new AmqpMap([[symbol('x-opt-lock-token'), token]])),
    message.subarray(messageAnnotationsStart),
  ]);
}

function encoded(message: BrokeredMessage): Buffer {
  return Buffer.concat(writeMessage(message));
}

export const renewLock: ManagementOperation = {
  right: 'Listen',
  run({ body, source }) {
    const from = source();
    const times = bounds(body.uuids('lock-tokens')).map((token) => timestamp(from.renewLock(token)));
    return ok(new AmqpMap([['expirations', new AmqpArray('timestamp', times)]]));
  },
};

export const updateDisposition: ManagementOperation = {
  right: 'Listen',
  isTransactional: true,
  async run({ body, source, transaction }) {
    const from = source();
    const settlement = settlementOf(body);
    const messages = bounds(body.uuids('lock-tokens')).map((token) => from.locked(token));
    await Promise.all(
      messages.map(
        (message) =>
          new Promise<void>((resolve, reject) => {
            const done: Done = (error) => (error === undefined ? resolve() : reject(error));
            from.settle(message, settlement, done, transaction);
          }),
      ),
    );
    return ok();
  },
};

/** The names of .NET's client, one of them misspelt. */
function settlementOf(body: RequestBody): Settlement {
  const status = body.text('disposition-status').toLowerCase();
  const properties = propertiesOf(body.optionalMap('properties-to-modify'));
  const changed = properties === undefined ? {} : { properties };
  switch (status) {
    case 'completed':
      return { kind: 'complete' };
    case 'abandoned':
    case 'unlocked':
      return { kind: 'abandon', ...changed };
    case 'defered':
    case 'deferred':
      return { kind: 'defer', ...changed };
    case 'suspended': {
      const reason = body.optionalText('deadletter-reason');
      const description = body.optionalText('deadletter-description');
      return {
        kind: 'deadLetter',
        ...(reason === undefined ? {} : { reason }),
        ...(description === undefined ? {} : { description }),
        ...changed,
      };
    }
    default:
      throw new ServiceBusError('BadRequest', {
        reason: `'disposition-status' is '${status.slice(0, 50)}'; expected completed, abandoned, defered, suspended or unlocked.`,
      });
  }
}

export const scheduleMessage: ManagementOperation = {
  right: 'Send',
  isTransactional: true,
  async run({ body, target, transaction }) {
    const messages = bounds(body.maps('messages')).map((entry) => readMessage(entry.bytes('message')));
    const numbers = await target().schedule(messages, transaction);
    return ok(new AmqpMap([['sequence-numbers', new AmqpArray('long', numbers.map(long))]]));
  },
};

export const cancelScheduledMessage: ManagementOperation = {
  right: 'Send',
  isTransactional: true,
  async run({ body, target, transaction }) {
    await target().cancelScheduled(bounds(body.numbers('sequence-numbers')), transaction);
    return ok();
  },
};

export const batchDeleteMessages: ManagementOperation = {
  right: 'Listen',
  async run({ body, source, client }: ManagementCall) {
    const count = bounded(body.number('message-count'), 4000);
    const before = body.optionalTime('enqueued-time-utc') ?? client.options.clock.now();
    const deleted = await source().deleteMessages({ count, before });
    return deleted === 0 ? noContent : ok(new AmqpMap([['message-count', int(deleted)]]));
  },
};

function bounded(count: number, most: number): number {
  if (count < 1) throw new ServiceBusError('BadRequest', { reason: "'message-count' must be at least 1." });
  return Math.min(count, most);
}

function bounds<T>(list: readonly T[]): readonly T[] {
  if (list.length > mostMessages)
    throw new ServiceBusError('BadRequest', { reason: `A request speaks of ${mostMessages} messages at most.` });
  return list;
}
