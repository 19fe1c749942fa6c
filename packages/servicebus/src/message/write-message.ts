import {
  AmqpMap,
  type AmqpValue,
  AmqpViolation,
  encodeApplicationProperties,
  type MessageSections,
  readApplicationProperties,
  scanSections,
} from '@lazuli/amqp';
import type { BrokeredMessage, DeliveredMessage } from '../contract.ts';
import { asBuffer, type Envelope, readEnvelope } from './content.ts';

/**
 * A message as a receiver is given it, in pieces that come one after another: a header and annotations of its own, then the bare
 * message as it came. Only properties that were changed since make it write application properties anew.
 */
export function writeMessage(message: BrokeredMessage | DeliveredMessage): Uint8Array[] {
  const start = writeStart(message, readEnvelope(message.content.envelope));
  const { overrides } = message;
  if (overrides === undefined || overrides.size === 0) return [start, message.content.bare];
  const bare = asBuffer(message.content.bare);
  const sections = scanSections(bare);
  const properties = new Map<AmqpValue, AmqpValue>(propertiesOf(bare, sections).entries);
  for (const [name, value] of overrides) properties.set(name, value);
  return [
    start,
    bare.subarray(0, sections.applicationPropertiesStart),
    encodeApplicationProperties(new AmqpMap([...properties])),
    bare.subarray(sections.applicationPropertiesEnd),
  ];
}

/** What came in was looked at from outside only: where it cannot be decoded, what was changed since must be seen all the same. */
function propertiesOf(bare: Buffer, sections: MessageSections): AmqpMap {
  try {
    return readApplicationProperties(bare, sections);
  } catch (error) {
    if (error instanceof AmqpViolation) return new AmqpMap();
    throw error;
  }
}

const long = 0x81;
const timestamp = 0x83;

function annotation(name: string, valueBytes: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from([0xa3, name.length]), Buffer.from(name, 'latin1'), Buffer.from(valueBytes)]);
}

const longAnnotation = (name: string) => annotation(name, [long, 0, 0, 0, 0, 0, 0, 0, 0]);
const timeAnnotation = (name: string) => annotation(name, [timestamp, 0, 0, 0, 0, 0, 0, 0, 0]);

const sequenceNumber = longAnnotation('x-opt-sequence-number');
const enqueuedTime = timeAnnotation('x-opt-enqueued-time');
const messageState = annotation('x-opt-message-state', [0x71, 0, 0, 0, 0]);
const lockedUntil = timeAnnotation('x-opt-locked-until');
const enqueueSequenceNumber = longAnnotation('x-opt-enqueue-sequence-number');
const deadLetterSource = annotation('x-opt-deadletter-source', [0xb1, 0, 0, 0, 0]);

interface Template {
  readonly bytes: Buffer;
  /** Where the values lie that differ from message to message. */
  readonly priority: number;
  readonly timeToLive: number;
  readonly deliveryCount: number;
  readonly annotationsSize: number;
  readonly annotationCount: number;
  readonly sequenceNumber: number;
  readonly enqueuedTime: number;
  readonly state: number;
}

/** Header (durable, priority, time to live, first acquirer, delivery count) and the annotations that every message has. */
function templateOf(hasTimeToLive: boolean): Template {
  const timeToLive = hasTimeToLive ? [0x70, 0, 0, 0, 0] : [0x40];
  const fields = Buffer.from([0x41, 0x50, 4, ...timeToLive, 0x42, 0x70, 0, 0, 0, 0]);
  const header = Buffer.concat([Buffer.from([0x00, 0x53, 0x70, 0xc0, fields.length + 1, 5]), fields]);
  const map = Buffer.from([0x00, 0x53, 0x72, 0xd1, 0, 0, 0, 0, 0, 0, 0, 0]);
  const bytes = Buffer.concat([header, map, sequenceNumber, enqueuedTime, messageState]);
  const annotations = header.length + map.length;
  return {
    bytes,
    priority: 8,
    timeToLive: 10,
    deliveryCount: header.length - 4,
    annotationsSize: annotations - 8,
    annotationCount: annotations - 4,
    sequenceNumber: annotations + sequenceNumber.length - 8,
    enqueuedTime: annotations + sequenceNumber.length + enqueuedTime.length - 8,
    state: bytes.length - 1,
  };
}

const lasting = templateOf(false);
const expiring = templateOf(true);

const states = { active: 0, deferred: 1, scheduled: 2 } as const;

function writeStart(message: BrokeredMessage | DeliveredMessage, envelope: Envelope): Buffer {
  const { enqueuedSequenceNumber } = message;
  const locked = 'lockedUntil' in message ? message.lockedUntil : undefined;
  const source = message.deadLetterSource;
  const timeToLive = timeToLiveOf(message, envelope);
  const template = timeToLive === undefined ? lasting : expiring;
  const length =
    template.bytes.length +
    (locked === undefined ? 0 : lockedUntil.length) +
    (enqueuedSequenceNumber === undefined ? 0 : enqueueSequenceNumber.length) +
    (source === undefined ? 0 : deadLetterSource.length + Buffer.byteLength(source)) +
    envelope.annotations.length;
  const bytes = Buffer.allocUnsafe(length);
  template.bytes.copy(bytes);
  if (envelope.priority !== undefined) bytes[template.priority] = envelope.priority;
  if (timeToLive !== undefined) bytes.writeUInt32BE(timeToLive, template.timeToLive);
  bytes.writeUInt32BE(message.deliveryCount, template.deliveryCount);
  writeInteger(bytes, message.sequenceNumber, template.sequenceNumber);
  writeInteger(bytes, message.enqueuedTime, template.enqueuedTime);
  bytes[template.state] = states[message.state];
  let end = template.bytes.length;
  let count = 6 + envelope.annotationCount;
  if (locked !== undefined) {
    end += lockedUntil.copy(bytes, end);
    writeInteger(bytes, locked, end - 8);
    count += 2;
  }
  if (enqueuedSequenceNumber !== undefined) {
    end += enqueueSequenceNumber.copy(bytes, end);
    writeInteger(bytes, enqueuedSequenceNumber, end - 8);
    count += 2;
  }
  if (source !== undefined) {
    end += deadLetterSource.copy(bytes, end);
    const written = bytes.write(source, end);
    bytes.writeUInt32BE(written, end - 4);
    end += written;
    count += 2;
  }
  bytes.set(envelope.annotations, end);
  bytes.writeUInt32BE(length - template.annotationCount, template.annotationsSize);
  bytes.writeUInt32BE(count, template.annotationCount);
  return bytes;
}

/** What clients reckon the end of the message's life from: with its entity's default where that is less. */
function timeToLiveOf(message: BrokeredMessage, envelope: Envelope): number | undefined {
  if (message.expiresAt === Number.POSITIVE_INFINITY) return envelope.timeToLiveMs;
  return Math.min(Math.max(0, message.expiresAt - message.enqueuedTime), 0xffff_ffff);
}

function writeInteger(bytes: Buffer, value: number, offset: number): void {
  bytes.writeUInt32BE(Math.floor(value / 0x1_0000_0000), offset);
  bytes.writeUInt32BE(value % 0x1_0000_0000, offset + 4);
}
