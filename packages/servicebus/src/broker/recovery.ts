import type { JournalItem, JournalOpened } from '@lazuli/store';
import { joined } from '../message/content.ts';
import type { Entity, EntityIdentity } from './entity.ts';
import type { MessageQueue } from './message-queue.ts';
import {
  type IdentifiersRecord,
  type MessageRecord,
  openRecord,
  readEntity,
  readIdentifiers,
  readMessage,
  readSessionState,
  recordKinds,
  type SessionStateRecord,
} from './records.ts';
import { StoredMessage } from './stored-message.ts';

interface Found<T> {
  readonly record: T;
  readonly item: JournalItem;
}

/** What the journal has of one entity. */
export class RecoveredEntity {
  messages: Found<MessageRecord>[] = [];
  sessionStates: (Found<SessionStateRecord> & { readonly bytes: Uint8Array })[] = [];
  identifiers: Found<IdentifiersRecord>[] = [];

  *items(): Generator<JournalItem> {
    for (const { item } of this.messages) yield item;
    for (const { item } of this.sessionStates) yield item;
    for (const { item } of this.identifiers) yield item;
  }
}

/** What the journal has, until definitions say what entities there are. */
export interface Recovered {
  /** By id of the definition. */
  readonly identities: Map<string, EntityIdentity>;
  /** By number. */
  readonly entities: Map<number, RecoveredEntity>;
  /** Greatest number of an entity that the journal knows of. */
  readonly lastNumber: number;
}

/** Bodies of session states that are read at a time. */
const READ_TOGETHER = 200;

/** Reads the journal to its end. @throws {RangeError} for records of a newer release, or none of this program */
export async function recover(opened: JournalOpened): Promise<Recovered> {
  const identities = new Map<string, EntityIdentity>();
  const entities = new Map<number, RecoveredEntity>();
  const states: Found<SessionStateRecord>[] = [];
  let lastNumber = 0;
  const of = (number: number): RecoveredEntity => {
    let entity = entities.get(number);
    if (entity === undefined) {
      entity = new RecoveredEntity();
      entities.set(number, entity);
      lastNumber = Math.max(lastNumber, number);
    }
    return entity;
  };
  for await (const { item, head, amendment } of opened.items) {
    const { kind, reader } = openRecord(head);
    if (kind === recordKinds.message) {
      const record = readMessage(reader, amendment);
      of(record.entity).messages.push({ record, item });
    } else if (kind === recordKinds.entity) {
      const { id, number, unusedFrom } = readEntity(reader, amendment);
      identities.set(id, { number, unusedFrom, item });
      lastNumber = Math.max(lastNumber, number);
    } else if (kind === recordKinds.sessionState) states.push({ record: readSessionState(reader), item });
    else if (kind === recordKinds.identifiers) {
      const record = readIdentifiers(reader);
      of(record.entity).identifiers.push({ record, item });
    } else throw new RangeError(`a record of the journal is of an unknown kind (${kind})`);
  }
  for (let index = 0; index < states.length; index += READ_TOGETHER) {
    const slice = states.slice(index, index + READ_TOGETHER);
    const bodies = await Promise.all(slice.map(({ item }) => opened.journal.readBody(item)));
    for (const [at, state] of slice.entries()) {
      of(state.record.entity).sessionStates.push({ ...state, bytes: joined(bodies[at] ?? []) });
    }
  }
  return { identities, entities, lastNumber };
}

/** The least sequence number that no message of the entity has or had. */
export function unusedFrom(identity: EntityIdentity, recovered: RecoveredEntity | undefined): number {
  let unused = identity.unusedFrom;
  for (const { record } of recovered?.messages ?? []) unused = Math.max(unused, record.sequenceNumber + 1);
  return unused;
}

/** Puts messages back where they lay. Nobody holds them: locks do not outlive the process. */
export function restore(entity: Entity, recovered: RecoveredEntity): void {
  for (const { record, item } of recovered.identifiers) {
    if (entity.duplicates === undefined) entity.broker.journal.remove(item);
    else entity.duplicates.restore(record, item);
  }
  for (const { record, item, bytes } of recovered.sessionStates) {
    const session = entity.main.sessions?.of(record.sessionId);
    if (session === undefined || session.state !== undefined) entity.broker.journal.remove(item);
    else session.state = { item, bytes, updatedAt: record.updatedAt };
  }
  recovered.messages.sort((one, other) => one.record.sequenceNumber - other.record.sequenceNumber);
  for (const { record, item } of recovered.messages) {
    const queue = entity.queues[record.subQueue];
    if (queue === undefined) entity.broker.journal.remove(item);
    else restoreMessage(queue, record, item);
  }
  recovered.messages = [];
}

function restoreMessage(queue: MessageQueue, record: MessageRecord, item: JournalItem): void {
  const { extra } = record;
  const isInSession = queue.sessions !== undefined && extra?.sessionId !== undefined;
  const message = new StoredMessage(
    queue,
    record.sequenceNumber,
    record.enqueuedTime,
    record.expiresAt,
    item,
    isInSession && !hasMore(extra) ? undefined : extra,
  );
  message.deliveryCount = record.deliveryCount;
  message.state = record.state;
  if (queue.sessions !== undefined && extra?.sessionId !== undefined)
    message.session = queue.sessions.join(extra.sessionId);
  queue.grow(message.size);
  queue.arrive(message);
}

function hasMore(extra: NonNullable<MessageRecord['extra']>): boolean {
  return Object.entries(extra).some(([name, value]) => name !== 'sessionId' && value !== undefined && value !== false);
}
