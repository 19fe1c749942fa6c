/** Application properties that count over those in the content, as they are kept in the journal: a map of AMQP. */
import { AmqpMap, type AmqpValue, decodeValue, encodeValue } from '@lazuli/amqp';
import { asBuffer } from './content.ts';
import { maxHeaderBytes, maxPropertyBytes } from './limits.ts';

export function encodeProperties(properties: ReadonlyMap<string, AmqpValue>): Uint8Array {
  return encodeValue(new AmqpMap([...properties]));
}

export function decodeProperties(bytes: Uint8Array): ReadonlyMap<string, AmqpValue> {
  const properties = new Map<string, AmqpValue>();
  const value = decodeValue(asBuffer(bytes));
  if (!(value instanceof AmqpMap)) return properties;
  for (const [name, each] of value.entries) if (typeof name === 'string') properties.set(name, each);
  return properties;
}

/** Whether they fit into a message. */
export function isWithinLimits(properties: ReadonlyMap<string, AmqpValue>): boolean {
  let bytes = 0;
  for (const [name, value] of properties) {
    const size = Buffer.byteLength(name) + encodeValue(value).length;
    if (size > maxPropertyBytes) return false;
    bytes += size;
  }
  return bytes <= maxHeaderBytes;
}
