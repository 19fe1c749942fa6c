import type { Journal, JournalBody } from '@lazuli/store';
import type { NewMessage } from '../contract.ts';
import { HEAD_BYTES } from './stored-message.ts';

/** A new message on its way to the queues in which it will lie: all of them share one body in the journal. */
export class Arrival {
  readonly message: NewMessage;
  readonly now: number;
  /** The shortest of those that it met: its own, and the defaults of entities that it came through. */
  timeToLiveMs: number;
  readonly #journal: Journal;
  #body: JournalBody | undefined = undefined;

  constructor(journal: Journal, message: NewMessage, now: number, timeToLiveMs = message.timeToLiveMs) {
    this.#journal = journal;
    this.message = message;
    this.now = now;
    this.timeToLiveMs = timeToLiveMs;
  }

  get body(): JournalBody {
    if (this.#body === undefined) {
      const { envelope, bare } = this.message.content;
      this.#body = this.#journal.body([envelope, bare]);
    }
    return this.#body;
  }

  get size(): number {
    return sizeOf(this.message);
  }
}

/** Bytes that a message takes of the size of an entity. */
export function sizeOf(message: NewMessage): number {
  return message.content.envelope.length + message.content.bare.length + HEAD_BYTES;
}
