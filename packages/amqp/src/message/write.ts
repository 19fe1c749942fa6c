import { writeTyped } from '../codec/scalars.ts';
import { ValueWriter } from '../codec/writer.ts';
import type { AmqpMap, AmqpValue } from '../values.ts';
import type { MessageHeader, MessageProperties } from './read.ts';
import { section } from './sections.ts';

/** Whole, so that no reader has to know the defaults. */
export function encodeHeader(header: MessageHeader): Buffer {
  const writer = new ValueWriter(32);
  writer.descriptor(section.header);
  const start = writer.beginCompound(0xc0);
  writer.boolean(header.durable);
  writer.ubyte(header.priority);
  if (header.ttl === undefined) writer.null();
  else writer.uint(header.ttl);
  writer.boolean(header.firstAcquirer);
  writer.uint(header.deliveryCount);
  writer.endCompound(start, 5);
  return writer.bytes();
}

export const encodeDeliveryAnnotations = (map: AmqpMap): Buffer => encodeMap(section.deliveryAnnotations, map);
export const encodeMessageAnnotations = (map: AmqpMap): Buffer => encodeMap(section.messageAnnotations, map);
export const encodeApplicationProperties = (map: AmqpMap): Buffer => encodeMap(section.applicationProperties, map);

function encodeMap(descriptor: number, map: AmqpMap): Buffer {
  const writer = new ValueWriter(256);
  writer.descriptor(descriptor);
  writer.map(map);
  return writer.bytes();
}

/** Up to the last field that is set. */
export function encodeProperties(properties: MessageProperties): Buffer {
  const writer = new ValueWriter(256);
  writer.descriptor(section.properties);
  const start = writer.beginCompound(0xc0);
  let count = 0;
  for (let index = 0; index < propertyWriters.length; index++) {
    const [name, write] = propertyWriters[index]!;
    const value = properties[name];
    if (value === undefined || value === null) continue;
    for (; count < index; count++) writer.null();
    write(writer, value);
    count++;
  }
  writer.endCompound(start, count);
  return writer.bytes();
}

type PropertyWriter = (writer: ValueWriter, value: NonNullable<MessageProperties[keyof MessageProperties]>) => void;

const asIs: PropertyWriter = (writer, value) => writer.value(value as AmqpValue);
const asSymbol: PropertyWriter = (writer, value) => writer.symbol(String(value));
const asTimestamp: PropertyWriter = (writer, value) => writeTyped(writer, 'timestamp', Number(value));
const asUint: PropertyWriter = (writer, value) => writeTyped(writer, 'uint', Number(value));

const propertyWriters: readonly (readonly [name: keyof MessageProperties, write: PropertyWriter])[] = [
  ['messageId', asIs],
  ['userId', asIs],
  ['to', asIs],
  ['subject', asIs],
  ['replyTo', asIs],
  ['correlationId', asIs],
  ['contentType', asSymbol],
  ['contentEncoding', asSymbol],
  ['absoluteExpiryTime', asTimestamp],
  ['creationTime', asTimestamp],
  ['groupId', asIs],
  ['groupSequence', asUint],
  ['replyToGroupId', asIs],
];

/** A data section with the bytes in it. */
export function encodeData(bytes: Uint8Array): Buffer {
  const writer = new ValueWriter(bytes.length + 8);
  writer.descriptor(section.data);
  writer.binary(bytes);
  return writer.bytes();
}

/** An `amqp-value` section. */
export function encodeValueSection(value: AmqpValue): Buffer {
  const writer = new ValueWriter(256);
  writer.descriptor(section.value);
  writer.value(value);
  return writer.bytes();
}
