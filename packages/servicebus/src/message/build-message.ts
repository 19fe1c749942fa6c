import {
  AmqpMap,
  type AmqpValue,
  encodeApplicationProperties,
  encodeData,
  encodeHeader,
  encodeMessageAnnotations,
  encodeProperties,
  type MessageProperties,
  symbol,
  timestamp,
} from '@lazuli/amqp';
import type { NewMessage } from '../contract.ts';
import { readMessage } from './read-message.ts';

/** What a message is made of where it does not come over AMQP (REST, the command line). */
export interface MessageParts extends MessageProperties {
  readonly body: Uint8Array;
  readonly applicationProperties?: ReadonlyMap<string, AmqpValue>;
  /** Milliseconds. */
  readonly timeToLiveMs?: number;
  /** Milliseconds since 1970. */
  readonly scheduledEnqueueTime?: number;
  readonly partitionKey?: string;
  readonly viaPartitionKey?: string;
}

/** @throws {ServiceBusError} as `readMessage` */
export function buildMessage(parts: MessageParts): NewMessage {
  const annotations: [AmqpValue, AmqpValue][] = [];
  const { scheduledEnqueueTime, partitionKey, viaPartitionKey, timeToLiveMs } = parts;
  if (scheduledEnqueueTime !== undefined) {
    annotations.push([symbol('x-opt-scheduled-enqueue-time'), timestamp(scheduledEnqueueTime)]);
  }
  if (partitionKey !== undefined) annotations.push([symbol('x-opt-partition-key'), partitionKey]);
  if (viaPartitionKey !== undefined) annotations.push([symbol('x-opt-via-partition-key'), viaPartitionKey]);
  const sections: Uint8Array[] = [];
  if (timeToLiveMs !== undefined && timeToLiveMs < Number.POSITIVE_INFINITY) {
    const ttl = Math.min(Math.max(0, Math.round(timeToLiveMs)), 0xffff_ffff);
    sections.push(encodeHeader({ durable: true, priority: 4, ttl, firstAcquirer: false, deliveryCount: 0 }));
  }
  if (annotations.length > 0) sections.push(encodeMessageAnnotations(new AmqpMap(annotations)));
  sections.push(encodeProperties(parts));
  if (parts.applicationProperties !== undefined && parts.applicationProperties.size > 0) {
    sections.push(encodeApplicationProperties(new AmqpMap([...parts.applicationProperties])));
  }
  sections.push(encodeData(parts.body));
  return readMessage(Buffer.concat(sections));
}
