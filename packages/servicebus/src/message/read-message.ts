import { randomUUID } from 'node:crypto';
import { AmqpViolation, decodeValue, type MessageSections, scanSections, skipValue, Typed } from '@lazuli/amqp';
import type { NewMessage } from '../contract.ts';
import { ServiceBusError, toServiceBusError } from '../errors.ts';
import { openSection, textAt } from './compound.ts';
import { type Envelope, writeEnvelope } from './content.ts';
import { maxHeaderBytes, maxIdLength, maxPropertyBytes } from './limits.ts';
import { idAt } from './message-id.ts';

/**
 * Reads a message as a sender sends it: only what the broker must know is decoded, the bare message stays the bytes that came. Where it
 * has no message id it is given one.
 * @throws {ServiceBusError} `InvalidMessage` where it is no AMQP message, `BadRequest` where something in it is too large
 */
export function readMessage(payload: Buffer): NewMessage {
  return reading(() => read(payload));
}

/**
 * Reads a batch (message format 0x80013700): each data section holds a message. What the envelope around them says is the first
 * message's, and counts for none.
 * @throws {ServiceBusError} as `readMessage`
 */
export function readBatch(payload: Buffer): readonly NewMessage[] {
  return reading(() => {
    const sections = scanSections(payload);
    if (sections.bodyKind !== 'data') throw invalid('a batch holds its messages in data sections');
    const messages: NewMessage[] = [];
    for (let at = sections.bodyStart; at < sections.bodyEnd; ) {
      const start = skipValue(payload, at + 1, sections.bodyEnd);
      const next = skipValue(payload, start, sections.bodyEnd);
      messages.push(read(payload.subarray(start + (payload[start] === 0xa0 ? 2 : 5), next)));
      at = next;
    }
    return messages;
  });
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof AmqpViolation ? toServiceBusError(error) : error;
  }
}

const invalid = (what: string) => new AmqpViolation('amqp:decode-error', `${what}.`);

class Facts {
  messageId: string | undefined = undefined;
  /** Where the fields behind the message id begin, and how many fields there are in all. */
  restStart = 0;
  fieldCount = 0;
  sessionId: string | undefined = undefined;
  partitionKey: string | undefined = undefined;
  timeToLiveMs: number | undefined = undefined;
  scheduledEnqueueTime: number | undefined = undefined;
  priority: number | undefined = undefined;
  annotationCount = 0;
  annotations: Uint8Array = nothing;
}

const nothing = new Uint8Array();

function read(payload: Buffer): NewMessage {
  const sections = scanSections(payload);
  const headerBytes = sections.applicationPropertiesEnd;
  if (headerBytes > maxHeaderBytes) {
    throw tooLarge(`Its header and properties take ${headerBytes} bytes; ${maxHeaderBytes} are allowed.`);
  }
  const facts = new Facts();
  if (sections.headerEnd > sections.headerStart) readHeader(payload, sections, facts);
  if (sections.messageAnnotationsEnd > sections.messageAnnotationsStart) readAnnotations(payload, sections, facts);
  if (sections.propertiesEnd > sections.propertiesStart) readProperties(payload, sections, facts);
  if (sections.applicationPropertiesEnd > sections.applicationPropertiesStart) checkProperties(payload, sections);
  let bare = payload.subarray(sections.propertiesStart, sections.footerEnd);
  let { messageId } = facts;
  if (messageId === undefined) {
    messageId = randomUUID().replaceAll('-', '');
    bare = withMessageId(payload, sections, facts, messageId);
  }
  checkId('message id', messageId);
  checkId('session id', facts.sessionId);
  checkId('partition key', facts.partitionKey);
  return {
    messageId,
    sessionId: facts.sessionId,
    partitionKey: facts.partitionKey,
    timeToLiveMs: facts.timeToLiveMs ?? Number.POSITIVE_INFINITY,
    scheduledEnqueueTime: facts.scheduledEnqueueTime,
    content: { envelope: writeEnvelope(facts satisfies Envelope), bare },
  };
}

function tooLarge(reason: string): ServiceBusError {
  return new ServiceBusError('BadRequest', { reason: `The message is not accepted. ${reason}` });
}

function checkId(name: string, id: string | undefined): void {
  if (id === undefined || id.length <= maxIdLength) return;
  throw tooLarge(`Its ${name} has ${id.length} characters; ${maxIdLength} are allowed.`);
}

/** Priority and time to live; all messages are durable here. */
function readHeader(payload: Buffer, sections: MessageSections, facts: Facts): void {
  const { start, end, count } = openSection(payload, sections.headerStart, sections.headerEnd);
  let at = start;
  for (let index = 0; index < count && index < 3; index++) {
    const next = skipValue(payload, at, end);
    if (index > 0 && payload[at] !== 0x40) {
      const value = decodeValue(payload, at, next);
      const type = index === 1 ? 'ubyte' : 'uint';
      if (!(value instanceof Typed) || value.type !== type) {
        throw invalid(`field '${index === 1 ? 'priority' : 'ttl'}' of the header is a ${type}`);
      }
      const number = Number(value.value);
      if (index === 1) facts.priority = number === 4 ? undefined : number;
      else facts.timeToLiveMs = number;
    }
    at = next;
  }
}

/** Annotations that the broker writes itself: a sender's word on them does not count. */
const ownAnnotations: ReadonlySet<string> = new Set([
  'x-opt-sequence-number',
  'x-opt-enqueued-time',
  'x-opt-locked-until',
  'x-opt-message-state',
  'x-opt-enqueue-sequence-number',
  'x-opt-deadletter-source',
  'x-opt-lock-token',
]);

function readAnnotations(payload: Buffer, sections: MessageSections, facts: Facts): void {
  const { start, end, count } = openSection(payload, sections.messageAnnotationsStart, sections.messageAnnotationsEnd);
  const parts: Buffer[] = [];
  let kept = 0;
  let at = start;
  let from = start;
  for (let index = 0; index < count; index += 2) {
    const valueAt = skipValue(payload, at, end);
    const next = skipValue(payload, valueAt, end);
    const name = textAt(payload, at, valueAt);
    if (name === undefined) throw invalid('keys of message annotations are symbols');
    if (name === 'x-opt-scheduled-enqueue-time') facts.scheduledEnqueueTime = timeAt(payload, valueAt, next);
    else if (name === 'x-opt-partition-key') facts.partitionKey = textAt(payload, valueAt, next);
    if (ownAnnotations.has(name)) {
      if (at > from) parts.push(payload.subarray(from, at));
      from = next;
    } else kept += 2;
    at = next;
  }
  if (at !== end) throw invalid('the message annotations hold more than their count says');
  if (kept === 0) return;
  parts.push(payload.subarray(from, at));
  facts.annotations = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  facts.annotationCount = kept;
}

function timeAt(payload: Buffer, at: number, end: number): number | undefined {
  const value = decodeValue(payload, at, end);
  if (value === null) return undefined;
  if (value instanceof Typed && (value.type === 'timestamp' || value.type === 'long')) return Number(value.value);
  throw invalid("'x-opt-scheduled-enqueue-time' is a timestamp");
}

const GROUP_ID = 10;
const FIELDS = 13;

function readProperties(payload: Buffer, sections: MessageSections, facts: Facts): void {
  const { start, end, count } = openSection(payload, sections.propertiesStart, sections.propertiesEnd);
  if (count > FIELDS) throw invalid(`the properties of a message are ${FIELDS} fields, not ${count}`);
  facts.fieldCount = count;
  facts.restStart = end;
  let at = start;
  for (let index = 0; index < count; index++) {
    const next = skipValue(payload, at, end);
    if (index === 0) {
      facts.restStart = next;
      facts.messageId = idAt(payload, at, next);
    } else if (index === GROUP_ID && payload[at] !== 0x40) {
      facts.sessionId = textAt(payload, at, next);
      if (facts.sessionId === undefined) throw invalid("field 'group-id' of a message is a string");
    }
    at = next;
  }
  if (at !== end) throw invalid('the properties hold more than their count says');
}

/** Names and values must be whole, and none too large. What they say is read by who asks. */
function checkProperties(payload: Buffer, sections: MessageSections): void {
  const { start, end, count } = openSection(
    payload,
    sections.applicationPropertiesStart,
    sections.applicationPropertiesEnd,
  );
  if (count % 2 === 1) throw invalid('the application properties have a name without a value');
  let at = start;
  for (let index = 0; index < count; index++) {
    const next = skipValue(payload, at, end);
    if (index % 2 === 0 && payload[at] !== 0xa1 && payload[at] !== 0xb1) {
      throw invalid('names of application properties are strings');
    }
    if (next - at > maxPropertyBytes) {
      throw tooLarge(`One of its properties takes ${next - at} bytes; ${maxPropertyBytes} are allowed.`);
    }
    at = next;
  }
  if (at !== end) throw invalid('the application properties hold more than their count says');
}

/** The bare message with another first field of its properties, which are added where there are none. */
function withMessageId(payload: Buffer, sections: MessageSections, facts: Facts, messageId: string): Buffer {
  const rest = facts.fieldCount === 0 ? nothing : payload.subarray(facts.restStart, sections.propertiesEnd);
  const size = 4 + 2 + messageId.length + rest.length;
  const head = Buffer.allocUnsafe(3 + 9 + 2);
  head.set([0x00, 0x53, 0x73, 0xd0]);
  head.writeUInt32BE(size, 4);
  head.writeUInt32BE(Math.max(1, facts.fieldCount), 8);
  head[12] = 0xa1;
  head[13] = messageId.length;
  const behind = payload.subarray(sections.applicationPropertiesStart, sections.footerEnd);
  return Buffer.concat([head.subarray(0, 14), Buffer.from(messageId, 'latin1'), rest, behind]);
}
