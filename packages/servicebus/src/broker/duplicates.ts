import type { JournalItem } from '@lazuli/store';
import type { NewMessage } from '../contract.ts';
import type { Entity } from './entity.ts';
import { Fifo } from './fifo.ts';
import { type IdentifiersRecord, identifiersHead } from './records.ts';
import type { Timed } from './timers.ts';

interface Batch {
  readonly time: number;
  readonly identifiers: readonly string[];
  readonly item: JournalItem;
}

/**
 * Identifiers of the messages that an entity accepted within its window ("Duplicate detection"). Those of one send are one item of
 * the journal, written with it, and go together when the window has passed.
 */
export class Duplicates implements Timed {
  readonly #entity: Entity;
  readonly #times = new Map<string, number>();
  readonly #batches = new Fifo<Batch>();
  #unwritten: string[] = [];
  windowMs: number;
  dueAt: number | undefined = undefined;

  constructor(entity: Entity, windowMs: number) {
    this.#entity = entity;
    this.windowMs = windowMs;
  }

  /** Remembers the message where it is none. */
  isDuplicate(message: NewMessage, now: number): boolean {
    const identifier = this.#identifierOf(message);
    const before = this.#times.get(identifier);
    if (before !== undefined && before + this.windowMs > now) return true;
    this.#times.set(identifier, now);
    this.#unwritten.push(identifier);
    return false;
  }

  /** Writes what was remembered: in the turn of the send. */
  write(now: number): void {
    if (this.#unwritten.length === 0) return;
    const identifiers = this.#unwritten;
    this.#unwritten = [];
    const { journal } = this.#entity.broker;
    this.#add({ time: now, identifiers, item: journal.append(identifiersHead(this.#entity.number, now, identifiers)) });
  }

  restore(record: IdentifiersRecord, item: JournalItem): void {
    for (const identifier of record.identifiers) this.#times.set(identifier, record.time);
    this.#add({ time: record.time, identifiers: record.identifiers, item });
  }

  onDue(): void {
    this.dueAt = undefined;
    const now = this.#entity.broker.clock.now();
    for (let batch = this.#batches.first; batch !== undefined; batch = this.#batches.first) {
      if (batch.time + this.windowMs > now) break;
      this.#forget(batch);
      this.#batches.shift();
    }
    this.#arm();
  }

  clear(): void {
    for (const batch of this.#batches) this.#forget(batch);
    this.#batches.clear();
    this.dueAt = undefined;
  }

  #identifierOf(message: NewMessage): string {
    const { enablePartitioning } = this.#entity;
    const key = message.partitionKey ?? message.sessionId;
    return enablePartitioning && key !== undefined ? `${key}\u0000${message.messageId}` : message.messageId;
  }

  #add(batch: Batch): void {
    this.#batches.push(batch);
    this.#arm();
  }

  #forget(batch: Batch): void {
    this.#entity.broker.journal.remove(batch.item);
    for (const identifier of batch.identifiers) {
      if (this.#times.get(identifier) === batch.time) this.#times.delete(identifier);
    }
  }

  #arm(): void {
    const first = this.#batches.first;
    if (first === undefined || this.dueAt !== undefined) return;
    // A second later at the earliest, so that the batches of a second go together.
    this.dueAt = Math.max(first.time + this.windowMs, this.#entity.broker.clock.now()) + 1000;
    this.#entity.broker.timers.add(this.dueAt, this);
  }
}
