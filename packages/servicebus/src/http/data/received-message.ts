import {
  AmqpMap,
  type AmqpValue,
  type MessageProperties,
  readApplicationProperties,
  readBody,
  readMessageAnnotations,
  readProperties,
  scanSections,
  Typed,
} from '@lazuli/amqp';
import type { DeliveredMessage } from '../../contract.ts';
import { writeMessage } from '../../message/write-message.ts';

/** A message as an AMQP receiver would be given it, taken apart for HTTP. */
export interface ReceivedMessage
  extends Pick<
    DeliveredMessage,
    | 'sequenceNumber'
    | 'enqueuedSequenceNumber'
    | 'enqueuedTime'
    | 'expiresAt'
    | 'deliveryCount'
    | 'state'
    | 'messageId'
    | 'sessionId'
    | 'deadLetterSource'
    | 'lockToken'
    | 'lockedUntil'
  > {
  readonly properties: MessageProperties;
  readonly partitionKey: string | undefined;
  readonly application: AmqpMap;
  readonly body: Buffer;
}

export function receivedMessage(message: DeliveredMessage): ReceivedMessage {
  const bytes = Buffer.concat(writeMessage(message));
  const sections = scanSections(bytes);
  const partitionKey = readMessageAnnotations(bytes, sections).get('x-opt-partition-key');
  return {
    sequenceNumber: message.sequenceNumber,
    enqueuedSequenceNumber: message.enqueuedSequenceNumber,
    enqueuedTime: message.enqueuedTime,
    expiresAt: message.expiresAt,
    // How often it was given to somebody, this time too.
    deliveryCount: message.deliveryCount + 1,
    state: message.state,
    messageId: message.messageId,
    sessionId: message.sessionId,
    deadLetterSource: message.deadLetterSource,
    lockToken: message.lockToken,
    lockedUntil: message.lockedUntil,
    properties: readProperties(bytes, sections),
    partitionKey: typeof partitionKey === 'string' ? partitionKey : undefined,
    application: readApplicationProperties(bytes, sections),
    body: bodyBytes(readBody(bytes, sections)),
  };
}

/** Data sections one after another; a text as UTF-8; any other value as JSON. */
function bodyBytes(values: readonly AmqpValue[]): Buffer {
  if (values.every((value) => Buffer.isBuffer(value))) return Buffer.concat(values);
  const [first = null] = values;
  if (typeof first === 'string') return Buffer.from(first);
  return Buffer.from(JSON.stringify(values.length === 1 ? plain(first) : values.map(plain)));
}

function plain(value: AmqpValue): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Typed) return plainTyped(value);
  if (value instanceof AmqpMap)
    return Object.fromEntries(value.entries.map(([key, one]) => [String(plain(key)), plain(one)]));
  if ('items' in value) return value.items.map(plain);
  return 'value' in value ? plain(value.value) : null;
}

function plainTyped({ value }: Typed): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  return typeof value === 'bigint' ? value.toString() : value;
}
