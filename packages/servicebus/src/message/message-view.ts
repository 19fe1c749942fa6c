import {
  AmqpMap,
  type AmqpValue,
  AmqpViolation,
  encodeApplicationProperties,
  encodeProperties,
  type MessageProperties,
  type MessageSections,
  readApplicationProperties,
  readProperties,
  scanSections,
  Typed,
} from '@lazuli/amqp';
import type { MessageEdit, MessageView, NewMessage, SqlValue } from '../contract.ts';
import { FilterError } from '../errors.ts';
import { asBuffer } from './content.ts';
import { maxHeaderBytes, maxIdLength } from './limits.ts';
import { uuidText } from './message-id.ts';
import { annotationText } from './partition-key.ts';
import { amqpValueOf, sqlValueOf, timeSpanText } from './sql-value.ts';

/** What the broker knows of a message beside its content. */
export interface ViewFacts {
  readonly sequenceNumber: number;
  readonly enqueuedTime: number;
  readonly enqueuedSequenceNumber?: number | undefined;
  readonly deadLetterSource?: string | undefined;
  /** Properties that count over those in the content. */
  readonly overrides?: ReadonlyMap<string, AmqpValue> | undefined;
}

/** A message as filters see it: it is decoded when they ask, and only what they ask for. */
export function viewOf(message: NewMessage, facts: ViewFacts): MessageView {
  return new ContentView(message, facts);
}

/** A message as an action changes it. */
export function editOf(message: NewMessage, facts: ViewFacts): ContentEdit {
  return new ContentEdit(message, facts);
}

class ContentView implements MessageView {
  protected readonly message: NewMessage;
  protected readonly facts: ViewFacts;
  #sections: MessageSections | undefined;
  #properties: MessageProperties | undefined;
  #application: Map<string, AmqpValue> | undefined;
  #folded: Map<string, string> | undefined;

  constructor(message: NewMessage, facts: ViewFacts) {
    this.message = message;
    this.facts = facts;
  }

  system(name: string): { readonly value: SqlValue | undefined } | null {
    const read = systemProperties.get(name.toLowerCase());
    if (read === undefined) return null;
    return { value: read(this.properties, this.message, this.facts) };
  }

  application(name: string): SqlValue | undefined {
    const spelled = this.spelling(name);
    return spelled === undefined ? undefined : this.applicationExact(spelled);
  }

  applicationExact(name: string): SqlValue | undefined {
    const value = this.applicationProperties.get(name);
    return value === undefined ? undefined : sqlValueOf(value);
  }

  /** The name as the message spells it. */
  protected spelling(name: string): string | undefined {
    if (this.applicationProperties.has(name)) return name;
    if (this.#folded === undefined) {
      this.#folded = new Map();
      for (const each of this.applicationProperties.keys()) this.#folded.set(each.toLowerCase(), each);
    }
    return this.#folded.get(name.toLowerCase());
  }

  protected forgetSpellings(): void {
    this.#folded = undefined;
  }

  protected get properties(): MessageProperties {
    this.#properties ??= decoding(() => readProperties(this.bare, this.sections));
    return this.#properties;
  }

  protected set properties(properties: MessageProperties) {
    this.#properties = properties;
  }

  protected get applicationProperties(): Map<string, AmqpValue> {
    if (this.#application === undefined) {
      this.#application = new Map();
      const map = decoding(() => readApplicationProperties(this.bare, this.sections));
      for (const [name, value] of map.entries) if (typeof name === 'string') this.#application.set(name, value);
      for (const [name, value] of this.facts.overrides ?? []) this.#application.set(name, value);
    }
    return this.#application;
  }

  protected get bare(): Buffer {
    return asBuffer(this.message.content.bare);
  }

  protected get sections(): MessageSections {
    this.#sections ??= decoding(() => scanSections(this.bare));
    return this.#sections;
  }
}

/** A message that cannot be decoded cannot be told to pass or not. */
function decoding<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof AmqpViolation) throw new FilterError(`The message cannot be read: ${error.message}`);
    throw error;
  }
}

class ContentEdit extends ContentView implements MessageEdit {
  setSystem(name: string, value: SqlValue): void {
    const lower = name.toLowerCase();
    const field = settable.get(lower);
    if (field === undefined) {
      throw new FilterError(
        systemProperties.has(lower)
          ? `The system property '${name}' cannot be set.`
          : `'${name}' is no system property of a message.`,
      );
    }
    const text = textOf(value);
    if (text !== undefined && idFields.has(field) && text.length > maxIdLength) {
      throw new FilterError(`The system property '${name}' takes ${maxIdLength} characters at most.`);
    }
    if (field === 'messageId' && (text === undefined || text === '')) {
      throw new FilterError('The system property MessageId cannot be null or empty.');
    }
    this.properties = { ...this.properties, [field]: text };
  }

  removeSystem(name: string): void {
    this.setSystem(name, null);
  }

  setApplication(name: string, value: SqlValue): void {
    const spelled = this.spelling(name) ?? name;
    this.applicationProperties.set(spelled, amqpValueOf(value, this.applicationProperties.get(spelled)));
    this.forgetSpellings();
  }

  removeApplication(name: string): void {
    const spelled = this.spelling(name);
    if (spelled === undefined) return;
    this.applicationProperties.delete(spelled);
    this.forgetSpellings();
  }

  /** The message as it is now; undefined: its properties have become larger than a message may have. */
  finish(): NewMessage | undefined {
    const { bare, sections, message, properties } = this;
    const head = encodeProperties(properties);
    const application =
      this.applicationProperties.size === 0
        ? nothing
        : encodeApplicationProperties(new AmqpMap([...this.applicationProperties]));
    if (head.length + application.length > maxHeaderBytes) return undefined;
    const { messageId, groupId } = properties;
    return {
      messageId: messageId === undefined ? message.messageId : (idText(messageId) ?? message.messageId),
      sessionId: groupId,
      partitionKey: message.partitionKey,
      timeToLiveMs: message.timeToLiveMs,
      scheduledEnqueueTime: undefined,
      content: {
        envelope: message.content.envelope,
        bare: Buffer.concat([head, application, bare.subarray(sections.bodyStart, sections.footerEnd)]),
      },
    };
  }
}

const nothing = Buffer.alloc(0);

type ReadSystemProperty = (
  properties: MessageProperties,
  message: NewMessage,
  facts: ViewFacts,
) => SqlValue | undefined;

const whole = (value: number | undefined): bigint | undefined => (value === undefined ? undefined : BigInt(value));
const time = (value: number | undefined): Date | undefined => (value === undefined ? undefined : new Date(value));

function idText(value: AmqpValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (!(value instanceof Typed)) return undefined;
  return Buffer.isBuffer(value.value) ? uuidText(value.value) : String(value.value);
}

/** `BrokeredMessage` of .NET: properties that `sys.` can name. What a message does not have yet when it is filtered is undefined. */
const systemProperties: ReadonlyMap<string, ReadSystemProperty> = new Map<string, ReadSystemProperty>([
  ['contenttype', ({ contentType }) => contentType],
  ['correlationid', ({ correlationId }) => idText(correlationId)],
  ['deadlettersource', (_, __, facts) => facts.deadLetterSource],
  ['deliverycount', () => 0n],
  ['enqueuedsequencenumber', (_, __, facts) => whole(facts.enqueuedSequenceNumber)],
  ['enqueuedtimeutc', (_, __, facts) => time(facts.enqueuedTime)],
  ['expiresatutc', (_, message, facts) => new Date(Math.min(facts.enqueuedTime + message.timeToLiveMs, MAX_DATE))],
  ['forcepersistence', () => false],
  ['isbodyconsumed', () => false],
  ['label', ({ subject }) => subject],
  ['subject', ({ subject }) => subject],
  ['lockeduntilutc', () => undefined],
  ['locktoken', () => undefined],
  ['messageid', (_, message) => message.messageId],
  ['partitionkey', (_, message) => message.partitionKey ?? message.sessionId],
  ['properties', () => undefined],
  ['replyto', ({ replyTo }) => replyTo],
  ['replytosessionid', ({ replyToGroupId }) => replyToGroupId],
  ['scheduledenqueuetimeutc', (_, message) => time(message.scheduledEnqueueTime)],
  ['sequencenumber', (_, __, facts) => whole(facts.sequenceNumber)],
  ['sessionid', ({ groupId }) => groupId],
  ['size', (_, message) => whole(message.content.envelope.length + message.content.bare.length)],
  ['state', () => 0n],
  ['timetolive', (_, message) => ({ type: 'timespan', text: timeToLiveText(message.timeToLiveMs) })],
  ['to', ({ to }) => to],
  ['viapartitionkey', (_, message) => annotationText(message.content, 'x-opt-via-partition-key')],
]);

/** 9999-12-31T23:59:59.999Z, the end of .NET's calendar. */
const MAX_DATE = 253_402_300_799_999;
/** `TimeSpan.MaxValue`. */
const MAX_TICKS = 9_223_372_036_854_775_807n;

function timeToLiveText(milliseconds: number): string {
  return timeSpanText(milliseconds < Number.MAX_SAFE_INTEGER ? BigInt(Math.round(milliseconds)) * 10_000n : MAX_TICKS);
}

type TextField =
  | 'contentType'
  | 'correlationId'
  | 'subject'
  | 'messageId'
  | 'replyTo'
  | 'replyToGroupId'
  | 'groupId'
  | 'to';

const settable: ReadonlyMap<string, TextField> = new Map<string, TextField>([
  ['contenttype', 'contentType'],
  ['correlationid', 'correlationId'],
  ['label', 'subject'],
  ['subject', 'subject'],
  ['messageid', 'messageId'],
  ['replyto', 'replyTo'],
  ['replytosessionid', 'replyToGroupId'],
  ['sessionid', 'groupId'],
  ['to', 'to'],
]);

const idFields: ReadonlySet<TextField> = new Set<TextField>(['messageId', 'groupId', 'replyToGroupId']);

/** Text of a value for a property that is text; undefined: none. */
function textOf(value: SqlValue): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'object') {
    if (value instanceof Date) return value.toISOString();
    if (value instanceof Uint8Array) throw new FilterError('A system property cannot be set to bytes.');
    return value.text;
  }
  return String(value);
}
