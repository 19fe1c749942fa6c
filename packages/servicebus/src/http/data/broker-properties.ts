import { ServiceBusError } from '../../errors.ts';
import type { ReceivedMessage } from './received-message.ts';

/** What a sender may set with `BrokerProperties` ("Message headers and properties", REST). */
export interface BrokerProperties {
  readonly messageId?: string;
  readonly correlationId?: string;
  readonly sessionId?: string;
  readonly label?: string;
  readonly replyTo?: string;
  readonly replyToSessionId?: string;
  readonly to?: string;
  readonly contentType?: string;
  readonly partitionKey?: string;
  readonly viaPartitionKey?: string;
  readonly timeToLiveMs?: number;
  /** Milliseconds since 1970. */
  readonly scheduledEnqueueTime?: number;
}

const texts = new Map<string, keyof BrokerProperties>([
  ['MessageId', 'messageId'],
  ['CorrelationId', 'correlationId'],
  ['SessionId', 'sessionId'],
  ['Label', 'label'],
  ['ReplyTo', 'replyTo'],
  ['ReplyToSessionId', 'replyToSessionId'],
  ['To', 'to'],
  ['ContentType', 'contentType'],
  ['PartitionKey', 'partitionKey'],
  ['ViaPartitionKey', 'viaPartitionKey'],
]);

/** The longest that a header says. */
const maxTimeToLiveMs = 0xffff_ffff;

/** @throws {ServiceBusError} `BadRequest` */
export function parseBrokerProperties(text: string): BrokerProperties {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ServiceBusError('BadRequest', { reason: "'BrokerProperties' is not JSON." }, { cause: error });
  }
  return readBrokerProperties(value);
}

/** Members that only the service sets, and those that nobody knows, count for nothing. @throws {ServiceBusError} `BadRequest` */
export function readBrokerProperties(value: unknown): BrokerProperties {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw refuse('must be a JSON object');
  const read: Record<string, string | number> = {};
  for (const [name, one] of Object.entries(value)) {
    if (one === null) continue;
    const text = texts.get(name);
    if (text !== undefined) {
      if (typeof one !== 'string') throw refuse(`must have a string as '${name}'`);
      read[text] = one;
    } else if (name === 'TimeToLive' || name === 'TimeToLiveTimeSpan') {
      read.timeToLiveMs = Math.min(timeToLiveOf(name, one), maxTimeToLiveMs);
    } else if (name === 'ScheduledEnqueueTimeUtc') {
      const time = typeof one === 'string' ? Date.parse(one) : Number.NaN;
      if (Number.isNaN(time)) throw refuse(`must have a date as '${name}'`);
      read.scheduledEnqueueTime = time;
    }
  }
  return read;
}

/** Seconds, or `[days.]hours:minutes:seconds`. */
function timeToLiveOf(name: string, value: unknown): number {
  if (typeof value === 'number' && value > 0) return Math.max(1, Math.round(value * 1000));
  const span = typeof value === 'string' ? /^(?:(\d{1,8})\.)?(\d{1,2}):(\d\d):(\d\d(?:\.\d{1,7})?)$/.exec(value) : null;
  const [, days = '0', hours, minutes, seconds] = span ?? [];
  const ms = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
  if (span === null || ms <= 0) throw refuse(`must have seconds above 0 as '${name}'`);
  return Math.max(1, Math.round(ms));
}

/** ASCII JSON for the header of an answer. */
export function writeBrokerProperties(message: ReceivedMessage): string {
  const { lockToken, lockedUntil, expiresAt } = message;
  const properties = {
    ContentType: message.properties.contentType,
    CorrelationId: idText(message.properties.correlationId),
    DeadLetterSource: message.deadLetterSource,
    DeliveryCount: message.deliveryCount,
    EnqueuedSequenceNumber: message.enqueuedSequenceNumber ?? 0,
    EnqueuedTimeUtc: new Date(message.enqueuedTime).toUTCString(),
    Label: message.properties.subject,
    LockToken: lockToken === undefined ? undefined : guidText(lockToken),
    LockedUntilUtc: lockedUntil === undefined ? undefined : new Date(lockedUntil).toUTCString(),
    MessageId: message.messageId,
    PartitionKey: message.partitionKey,
    ReplyTo: message.properties.replyTo,
    ReplyToSessionId: message.properties.replyToGroupId,
    SequenceNumber: message.sequenceNumber,
    SessionId: message.sessionId,
    State: message.state === 'active' ? 'Active' : message.state === 'deferred' ? 'Deferred' : 'Scheduled',
    TimeToLive: Number.isFinite(expiresAt) ? (expiresAt - message.enqueuedTime) / 1000 : 922_337_203_685.4775,
    To: message.properties.to,
  };
  return asciiJson(properties);
}

/** JSON that a header can hold. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** 16 bytes in the order of RFC 4122. */
export function guidText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function idText(id: unknown): string | undefined {
  if (typeof id === 'string' || id === undefined) return id;
  if (Buffer.isBuffer(id)) return id.toString('hex');
  if (typeof id !== 'object' || id === null || !('value' in id)) return undefined;
  return Buffer.isBuffer(id.value) ? guidText(id.value) : String(id.value);
}

function refuse(what: string): ServiceBusError {
  return new ServiceBusError('BadRequest', { reason: `'BrokerProperties' ${what}.` });
}
