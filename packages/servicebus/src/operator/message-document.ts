import {
  AmqpMap,
  type AmqpValue,
  double,
  long,
  readApplicationProperties,
  readBody,
  readProperties,
  scanSections,
  Typed,
} from '@lazuli/amqp';
import type { BrokeredMessage, NewMessage } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { buildMessage } from '../message/build-message.ts';
import { asBuffer } from '../message/content.ts';

/** A message as `lazuli servicebus` prints it. Times are ISO 8601. */
export interface MessageDocument {
  readonly sequenceNumber: number;
  readonly state: BrokeredMessage['state'];
  readonly messageId: string;
  readonly sessionId?: string;
  readonly subject?: string;
  readonly contentType?: string;
  readonly correlationId?: string;
  readonly enqueuedTime: string;
  /** Absent: never. */
  readonly expiresAt?: string;
  readonly deliveryCount: number;
  readonly deadLetterSource?: string;
  readonly applicationProperties: { readonly [name: string]: unknown };
  /** Text where the bytes are UTF-8, a JSON value where the message holds one; otherwise see `bodyBase64`. */
  readonly body?: unknown;
  readonly bodyBase64?: string;
}

/** What is not in the JSON of a message stays as it is by default. */
export interface NewMessageDocument {
  readonly messageId?: string;
  readonly sessionId?: string;
  readonly subject?: string;
  readonly contentType?: string;
  readonly correlationId?: string;
  /** Milliseconds. */
  readonly timeToLive?: number;
  /** ISO 8601. */
  readonly scheduledEnqueueTime?: string;
  readonly applicationProperties?: { readonly [name: string]: string | number | boolean };
  readonly body?: string;
  readonly bodyBase64?: string;
}

export function messageDocument(message: BrokeredMessage): MessageDocument {
  const bare = asBuffer(message.content.bare);
  const sections = scanSections(bare);
  const properties = readProperties(bare, sections);
  const application = new Map<string, AmqpValue>();
  for (const [name, value] of readApplicationProperties(bare, sections).entries) application.set(textOf(name), value);
  for (const [name, value] of message.overrides ?? []) application.set(name, value);
  return {
    sequenceNumber: message.sequenceNumber,
    state: message.state,
    messageId: message.messageId,
    ...given('sessionId', message.sessionId),
    ...given('subject', properties.subject),
    ...given('contentType', properties.contentType),
    ...given('correlationId', properties.correlationId === undefined ? undefined : textOf(properties.correlationId)),
    enqueuedTime: new Date(message.enqueuedTime).toISOString(),
    ...given('expiresAt', Number.isFinite(message.expiresAt) ? isoTime(message.expiresAt) : undefined),
    deliveryCount: message.deliveryCount,
    ...given('deadLetterSource', message.deadLetterSource),
    applicationProperties: Object.fromEntries([...application].map(([name, value]) => [name, jsonOf(value)])),
    ...bodyOf(readBody(bare, sections)),
  };
}

function given<K extends string, V>(name: K, value: V | undefined): { readonly [name in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in K]?: V };
}

/** The last moment that .NET knows is beyond what a `Date` takes with some clients: then it is never. */
function isoTime(time: number): string | undefined {
  return time <= 253_402_300_799_999 ? new Date(time).toISOString() : undefined;
}

function bodyOf(values: readonly AmqpValue[]): Pick<MessageDocument, 'body' | 'bodyBase64'> {
  if (values.length === 0) return {};
  if (!values.every((value) => Buffer.isBuffer(value)))
    return { body: values.length === 1 ? jsonOf(values[0] ?? null) : values.map(jsonOf) };
  const bytes = Buffer.concat(values);
  try {
    return { body: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { bodyBase64: bytes.toString('base64') };
  }
}

function textOf(value: AmqpValue): string {
  if (typeof value === 'string') return value;
  return value instanceof Typed && value.type !== 'uuid' ? String(value.value) : JSON.stringify(jsonOf(value));
}

function jsonOf(value: AmqpValue): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (value instanceof Typed) return jsonOfTyped(value);
  if (value instanceof AmqpMap)
    return Object.fromEntries(value.entries.map(([name, one]) => [textOf(name), jsonOf(one)]));
  if (Array.isArray(value)) return value.map(jsonOf);
  return 'items' in value ? value.items.map(jsonOf) : jsonOf('value' in value ? value.value : null);
}

function jsonOfTyped({ type, value }: Typed): unknown {
  if (type === 'timestamp') return isoTime(Number(value)) ?? String(value);
  if (type === 'uuid' && Buffer.isBuffer(value))
    return value.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (Buffer.isBuffer(value)) return value.toString('hex');
  return typeof value === 'bigint' ? value.toString() : value;
}

/**
 * A message to send.
 * @throws {ServiceBusError} `BadRequest` with what is wrong
 */
export function newMessageOf(document: unknown): NewMessage {
  const {
    applicationProperties = {},
    body = '',
    bodyBase64,
    scheduledEnqueueTime,
    sessionId,
    timeToLive,
    ...properties
  } = checked(document);
  return buildMessage({
    ...properties,
    groupId: sessionId,
    applicationProperties: new Map(Object.entries(applicationProperties).map(([name, value]) => [name, amqpOf(value)])),
    body: bodyBase64 === undefined ? Buffer.from(body) : Buffer.from(bodyBase64, 'base64'),
    ...given('timeToLiveMs', timeToLive),
    ...given('scheduledEnqueueTime', scheduledEnqueueTime === undefined ? undefined : Date.parse(scheduledEnqueueTime)),
  });
}

function amqpOf(value: string | number | boolean): AmqpValue {
  if (typeof value !== 'number') return value;
  return Number.isSafeInteger(value) ? long(value) : double(value);
}

const texts = ['messageId', 'sessionId', 'subject', 'contentType', 'correlationId', 'body', 'bodyBase64'];

function checked(document: unknown): NewMessageDocument {
  const refuse = (reason: string): never => {
    throw new ServiceBusError('BadRequest', { reason });
  };
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return refuse('A message must be a JSON object.');
  for (const [name, value] of Object.entries(document)) {
    if (texts.includes(name)) {
      if (typeof value !== 'string') refuse(`'${name}' of a message must be a string.`);
    } else if (name === 'timeToLive') {
      if (!Number.isInteger(value) || value < 1 || value > 0xffffffff)
        refuse("'timeToLive' of a message must be a whole number of milliseconds from 1 to 4294967295.");
    } else if (name === 'scheduledEnqueueTime') {
      if (typeof value !== 'string' || Number.isNaN(Date.parse(value)))
        refuse("'scheduledEnqueueTime' of a message must be a time such as 2026-01-31T12:00:00Z.");
    } else if (name === 'applicationProperties') {
      if (typeof value !== 'object' || value === null || !Object.values(value).every(isSimple))
        refuse("'applicationProperties' of a message must be an object of strings, numbers and booleans.");
    } else refuse(`A message has no member '${name.slice(0, 100)}'.`);
  }
  return document;
}

function isSimple(value: unknown): boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  );
}
