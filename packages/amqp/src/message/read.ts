import { readDescriptor } from '../codec/descriptors.ts';
import { decodeValue, ValueReader } from '../codec/reader.ts';
import { AmqpMap, type AmqpValue, Typed, type TypeName } from '../values.ts';
import { AmqpViolation, decodeError } from '../violation.ts';
import type { MessageSections } from './sections.ts';

/** Of section `header` (3.2.1), with its defaults. */
export interface MessageHeader {
  readonly durable: boolean;
  readonly priority: number;
  /** Milliseconds. */
  readonly ttl: number | undefined;
  readonly firstAcquirer: boolean;
  readonly deliveryCount: number;
}

/** Of section `properties` (3.2.4). Times are milliseconds since 1970. */
export interface MessageProperties {
  /** A string, a ulong, a uuid or a binary. */
  readonly messageId?: AmqpValue;
  readonly userId?: Buffer;
  readonly to?: string;
  readonly subject?: string;
  readonly replyTo?: string;
  readonly correlationId?: AmqpValue;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly absoluteExpiryTime?: number;
  readonly creationTime?: number;
  readonly groupId?: string;
  readonly groupSequence?: number;
  readonly replyToGroupId?: string;
}

/** @throws {AmqpViolation} `amqp:decode-error` */
export function readHeader(payload: Buffer, sections: MessageSections): MessageHeader {
  const fields = listBetween(payload, sections.headerStart, sections.headerEnd);
  return {
    durable: fieldOf(fields, 0, 'durable', 'boolean') ?? false,
    priority: numberField(fields, 1, 'priority', 'ubyte') ?? 4,
    ttl: numberField(fields, 2, 'ttl', 'uint'),
    firstAcquirer: fieldOf(fields, 3, 'first-acquirer', 'boolean') ?? false,
    deliveryCount: numberField(fields, 4, 'delivery-count', 'uint') ?? 0,
  };
}

/** @throws {AmqpViolation} `amqp:decode-error` */
export function readProperties(payload: Buffer, sections: MessageSections): MessageProperties {
  const fields = listBetween(payload, sections.propertiesStart, sections.propertiesEnd);
  if (fields.length === 0) return {};
  return {
    messageId: idField(fields, 0, 'message-id'),
    userId: binaryField(fields, 1, 'user-id'),
    to: fieldOf(fields, 2, 'to', 'string'),
    subject: fieldOf(fields, 3, 'subject', 'string'),
    replyTo: fieldOf(fields, 4, 'reply-to', 'string'),
    correlationId: idField(fields, 5, 'correlation-id'),
    contentType: symbolField(fields, 6, 'content-type'),
    contentEncoding: symbolField(fields, 7, 'content-encoding'),
    absoluteExpiryTime: numberField(fields, 8, 'absolute-expiry-time', 'timestamp'),
    creationTime: numberField(fields, 9, 'creation-time', 'timestamp'),
    groupId: fieldOf(fields, 10, 'group-id', 'string'),
    groupSequence: numberField(fields, 11, 'group-sequence', 'uint'),
    replyToGroupId: fieldOf(fields, 12, 'reply-to-group-id', 'string'),
  };
}

/** @throws {AmqpViolation} `amqp:decode-error` */
export function readDeliveryAnnotations(payload: Buffer, sections: MessageSections): AmqpMap {
  return mapBetween(payload, sections.deliveryAnnotationsStart, sections.deliveryAnnotationsEnd);
}

/** @throws {AmqpViolation} `amqp:decode-error` */
export function readMessageAnnotations(payload: Buffer, sections: MessageSections): AmqpMap {
  return mapBetween(payload, sections.messageAnnotationsStart, sections.messageAnnotationsEnd);
}

/** @throws {AmqpViolation} `amqp:decode-error` */
export function readApplicationProperties(payload: Buffer, sections: MessageSections): AmqpMap {
  return mapBetween(payload, sections.applicationPropertiesStart, sections.applicationPropertiesEnd);
}

/**
 * The values of the sections of the body: binaries (views), lists, or the one value. Empty where there is no body.
 * @throws {AmqpViolation} `amqp:decode-error`
 */
export function readBody(payload: Buffer, sections: MessageSections): readonly AmqpValue[] {
  const reader = new ValueReader(payload, sections.bodyStart, sections.bodyEnd);
  const values: AmqpValue[] = [];
  while (!reader.isAtEnd) {
    readDescriptor(reader);
    values.push(reader.read());
  }
  return values;
}

function between(payload: Buffer, start: number, end: number): AmqpValue {
  const reader = new ValueReader(payload, start, end);
  readDescriptor(reader);
  return decodeValue(payload, reader.offset, end);
}

function listBetween(payload: Buffer, start: number, end: number): readonly AmqpValue[] {
  if (start === end) return [];
  const value = between(payload, start, end);
  if (!Array.isArray(value)) throw decodeError(start, 'a list was expected');
  return value;
}

function mapBetween(payload: Buffer, start: number, end: number): AmqpMap {
  if (start === end) return new AmqpMap();
  const value = between(payload, start, end);
  if (value === null) return new AmqpMap();
  if (!(value instanceof AmqpMap)) throw decodeError(start, 'a map was expected');
  return value;
}

type Primitives = { readonly boolean: boolean; readonly string: string };

function fieldOf<T extends keyof Primitives>(
  fields: readonly AmqpValue[],
  index: number,
  name: string,
  type: T,
): Primitives[T] | undefined {
  const value = fields[index] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== type) throw wrongField(name, type);
  return value as Primitives[T];
}

function numberField(fields: readonly AmqpValue[], index: number, name: string, type: TypeName): number | undefined {
  const value = fields[index] ?? undefined;
  if (value === undefined) return undefined;
  if (!(value instanceof Typed) || value.type !== type) throw wrongField(name, type);
  return Number(value.value);
}

function symbolField(fields: readonly AmqpValue[], index: number, name: string): string | undefined {
  const value = fields[index] ?? undefined;
  if (value === undefined) return undefined;
  // Some clients send strings.
  if (typeof value === 'string') return value;
  if (!(value instanceof Typed) || value.type !== 'symbol') throw wrongField(name, 'symbol');
  return String(value.value);
}

function binaryField(fields: readonly AmqpValue[], index: number, name: string): Buffer | undefined {
  const value = fields[index] ?? undefined;
  if (value === undefined) return undefined;
  if (!Buffer.isBuffer(value)) throw wrongField(name, 'binary');
  return value;
}

function idField(fields: readonly AmqpValue[], index: number, name: string): AmqpValue | undefined {
  const value = fields[index] ?? undefined;
  if (value === undefined || typeof value === 'string' || Buffer.isBuffer(value)) return value;
  if (value instanceof Typed && (value.type === 'ulong' || value.type === 'uuid')) return value;
  throw wrongField(name, 'string, ulong, uuid or binary');
}

const wrongField = (name: string, type: string) =>
  new AmqpViolation('amqp:decode-error', `Field '${name}' of a message is of another type than ${type}.`);
