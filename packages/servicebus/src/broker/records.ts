/**
 * What the journal keeps about messages and entities. A head says what a thing is when it is appended; the amendment of a message
 * says what has become of it. Each begins with its kind and the version of its form: what is written today must be read by
 * every later release.
 */
import { decodeProperties, encodeProperties } from '../message/property-map.ts';
import { RecordReader, RecordWriter } from './record-bytes.ts';
import type { MessageExtra, MessageState, StoredMessage } from './stored-message.ts';

const VERSION = 1;

export const recordKinds = { message: 1, entity: 2, sessionState: 3, identifiers: 4 } as const;

/** Where in its entity a message lies. */
export const subQueues = { main: 0, deadLetter: 1, transferDeadLetter: 2 } as const;
export type SubQueue = (typeof subQueues)[keyof typeof subQueues];

export interface MessageRecord {
  readonly entity: number;
  readonly subQueue: SubQueue;
  readonly sequenceNumber: number;
  readonly enqueuedTime: number;
  readonly expiresAt: number | undefined;
  readonly deliveryCount: number;
  readonly state: MessageState;
  readonly extra: MessageExtra | undefined;
}

const flags = {
  expires: 1,
  enqueuedSequenceNumber: 2,
  overrides: 4,
  deadLetterSource: 8,
  hops: 16,
  scheduledFor: 32,
  timeToLive: 64,
  sessionId: 128,
} as const;

const writer = new RecordWriter();

export function messageHead(
  entity: number,
  subQueue: SubQueue,
  sequenceNumber: number,
  enqueuedTime: number,
  expiresAt: number | undefined,
  sessionId: string | undefined,
  extra: MessageExtra | undefined,
): Uint8Array {
  writer.start();
  writer.byte(recordKinds.message);
  writer.byte(VERSION);
  place(entity, subQueue, sequenceNumber, enqueuedTime, expiresAt, sessionId, extra);
  return writer.end();
}

function place(
  entity: number,
  subQueue: SubQueue,
  sequenceNumber: number,
  enqueuedTime: number,
  expiresAt: number | undefined,
  sessionId: string | undefined,
  extra: MessageExtra | undefined,
): void {
  writer.integer(entity);
  writer.byte(subQueue);
  writer.integer(sequenceNumber);
  writer.integer(enqueuedTime);
  const common = (expiresAt === undefined ? 0 : flags.expires) | (sessionId === undefined ? 0 : flags.sessionId);
  if (extra === undefined) {
    writer.byte(common);
    if (expiresAt !== undefined) writer.integer(expiresAt);
    if (sessionId !== undefined) writer.text(sessionId);
    return;
  }
  writer.byte(
    common |
      (extra.enqueuedSequenceNumber === undefined ? 0 : flags.enqueuedSequenceNumber) |
      (extra.overrides === undefined ? 0 : flags.overrides) |
      (extra.deadLetterSource === undefined ? 0 : flags.deadLetterSource) |
      (extra.hops === undefined ? 0 : flags.hops) |
      (extra.scheduledFor === undefined ? 0 : flags.scheduledFor) |
      (extra.timeToLiveMs === undefined ? 0 : flags.timeToLive),
  );
  if (expiresAt !== undefined) writer.integer(expiresAt);
  if (extra.enqueuedSequenceNumber !== undefined) writer.integer(extra.enqueuedSequenceNumber);
  if (extra.overrides !== undefined) writer.bytes(encodeProperties(extra.overrides));
  if (extra.deadLetterSource !== undefined) writer.text(extra.deadLetterSource);
  if (extra.hops !== undefined) writer.integer(extra.hops);
  if (extra.scheduledFor !== undefined) writer.integer(extra.scheduledFor);
  if (extra.timeToLiveMs !== undefined) writer.integer(extra.timeToLiveMs);
  if (sessionId !== undefined) writer.text(sessionId);
}

const states: readonly MessageState[] = ['active', 'deferred', 'scheduled'];

/** Whole where the head is not true any more, short otherwise: delivery count and state. */
export function messageAmendment(message: StoredMessage): Uint8Array {
  const { extra, queue } = message;
  writer.start();
  writer.byte(VERSION);
  writer.byte(states.indexOf(message.state));
  writer.integer(message.deliveryCount);
  if (extra?.isAmended) {
    writer.byte(1);
    const { sequenceNumber, enqueuedTime, expiresAt, sessionId } = message;
    place(queue.entity.number, queue.subQueue, sequenceNumber, enqueuedTime, expiresAt, sessionId, extra);
  } else writer.byte(0);
  return writer.end();
}

/** Reads what comes after kind and version. */
export function readMessage(reader: RecordReader, amendment: Uint8Array | undefined): MessageRecord {
  if (amendment === undefined) return { ...readPlace(reader, false), deliveryCount: 0 };
  const amended = new RecordReader(amendment);
  checkVersion(amended.byte());
  const state = states[amended.byte()] ?? 'active';
  const deliveryCount = amended.integer();
  const isWhole = amended.byte() === 1;
  return { ...readPlace(isWhole ? amended : reader, isWhole), deliveryCount, state };
}

function readPlace(reader: RecordReader, isAmended: boolean): Omit<MessageRecord, 'deliveryCount'> {
  const entity = reader.integer();
  const subQueue = subQueueOf(reader.byte());
  const sequenceNumber = reader.integer();
  const enqueuedTime = reader.integer();
  const has = reader.byte();
  const expiresAt = has & flags.expires ? reader.integer() : undefined;
  if ((has & ~flags.expires) === 0 && !isAmended) {
    return { entity, subQueue, sequenceNumber, enqueuedTime, expiresAt, state: 'active', extra: undefined };
  }
  const extra: MessageExtra = {
    enqueuedSequenceNumber: has & flags.enqueuedSequenceNumber ? reader.integer() : undefined,
    overrides: has & flags.overrides ? decodeProperties(reader.bytes()) : undefined,
    deadLetterSource: has & flags.deadLetterSource ? reader.text() : undefined,
    hops: has & flags.hops ? reader.integer() : undefined,
    scheduledFor: has & flags.scheduledFor ? reader.integer() : undefined,
    timeToLiveMs: has & flags.timeToLive ? reader.integer() : undefined,
    sessionId: has & flags.sessionId ? reader.text() : undefined,
    isAmended,
  };
  const state = extra.scheduledFor === undefined ? 'active' : 'scheduled';
  return { entity, subQueue, sequenceNumber, enqueuedTime, expiresAt, state, extra };
}

function subQueueOf(byte: number): SubQueue {
  if (byte === subQueues.main || byte === subQueues.deadLetter || byte === subQueues.transferDeadLetter) return byte;
  throw new RangeError(`a record of the journal names an unknown sub-queue (${byte})`);
}

export interface EntityRecord {
  readonly number: number;
  readonly id: string;
  /** No sequence number from here on was ever given out. */
  readonly unusedFrom: number;
}

export function entityHead(number: number, id: string): Uint8Array {
  writer.start();
  writer.byte(recordKinds.entity);
  writer.byte(VERSION);
  writer.integer(number);
  writer.text(id);
  return writer.end();
}

export function entityAmendment(unusedFrom: number): Uint8Array {
  writer.start();
  writer.byte(VERSION);
  writer.integer(unusedFrom);
  return writer.end();
}

export function readEntity(reader: RecordReader, amendment: Uint8Array | undefined): EntityRecord {
  const number = reader.integer();
  const id = reader.text();
  if (amendment === undefined) return { number, id, unusedFrom: 1 };
  const amended = new RecordReader(amendment);
  checkVersion(amended.byte());
  return { number, id, unusedFrom: amended.integer() };
}

export interface SessionStateRecord {
  readonly entity: number;
  readonly sessionId: string;
  readonly updatedAt: number;
}

/** The state itself is the body. */
export function sessionStateHead(entity: number, sessionId: string, updatedAt: number): Uint8Array {
  writer.start();
  writer.byte(recordKinds.sessionState);
  writer.byte(VERSION);
  writer.integer(entity);
  writer.text(sessionId);
  writer.integer(updatedAt);
  return writer.end();
}

export function readSessionState(reader: RecordReader): SessionStateRecord {
  return { entity: reader.integer(), sessionId: reader.text(), updatedAt: reader.integer() };
}

/** Identifiers of messages that were accepted at a time, for finding duplicates. */
export interface IdentifiersRecord {
  readonly entity: number;
  readonly time: number;
  readonly identifiers: readonly string[];
}

export function identifiersHead(entity: number, time: number, identifiers: readonly string[]): Uint8Array {
  writer.start();
  writer.byte(recordKinds.identifiers);
  writer.byte(VERSION);
  writer.integer(entity);
  writer.integer(time);
  writer.integer(identifiers.length);
  for (const identifier of identifiers) writer.text(identifier);
  return writer.end();
}

export function readIdentifiers(reader: RecordReader): IdentifiersRecord {
  const entity = reader.integer();
  const time = reader.integer();
  const count = reader.integer();
  const identifiers: string[] = [];
  for (let index = 0; index < count; index++) identifiers.push(reader.text());
  return { entity, time, identifiers };
}

/** Kind of a record, and what comes after its version. @throws {RangeError} for a version that this release cannot know */
export function openRecord(head: Uint8Array): { readonly kind: number; readonly reader: RecordReader } {
  const reader = new RecordReader(head);
  const kind = reader.byte();
  checkVersion(reader.byte());
  return { kind, reader };
}

function checkVersion(version: number): void {
  if (version === VERSION) return;
  throw new RangeError(
    `a record of the journal has version ${version}; this release knows ${VERSION}: it was written by a newer one`,
  );
}
