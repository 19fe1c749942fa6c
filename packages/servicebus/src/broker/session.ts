import type { JournalItem } from '@lazuli/store';
import { ServiceBusError } from '../errors.ts';
import type { Delivery } from './delivery.ts';
import type { BrokerReceiver } from './receiver.ts';
import type { SessionTable } from './session-table.ts';
import type { StoredMessage } from './stored-message.ts';
import { WaitingMessages } from './waiting-messages.ts';

export interface SessionState {
  readonly item: JournalItem;
  readonly bytes: Uint8Array;
  readonly updatedAt: number;
}

/** Messages with one session id: they go to one receiver at a time, in order. It is there while it has messages, state or an owner. */
export class Session {
  readonly table: SessionTable;
  readonly id: string;
  readonly waiting = new WaitingMessages();
  /** In any state, those included that are not on disk yet. */
  messages = 0;
  /** Given back, and not on disk yet: until then nothing that comes after them is given out. */
  returning = 0;
  owner: BrokerReceiver | undefined = undefined;
  lockedUntil = 0;
  state: SessionState | undefined = undefined;
  /** Stands in the line of sessions that somebody could take. */
  isOffered = false;
  #held: Set<Delivery> | undefined = undefined;
  #isPumping = false;

  constructor(table: SessionTable, id: string) {
    this.table = table;
    this.id = id;
  }

  get isEmpty(): boolean {
    return this.messages === 0 && this.state === undefined && this.owner === undefined;
  }

  offer(message: StoredMessage): void {
    this.waiting.add(message);
    this.table.touched(this);
  }

  leave(): void {
    this.messages--;
    this.table.forgetEmpty(this);
  }

  hold(delivery: Delivery): void {
    this.#held ??= new Set();
    this.#held.add(delivery);
  }

  letGo(delivery: Delivery): void {
    this.#held?.delete(delivery);
  }

  lock(owner: BrokerReceiver): void {
    this.owner = owner;
    this.renew();
  }

  renew(): number {
    const { broker, entity } = this.table.queue;
    const until = broker.clock.now() + entity.lockDurationMs;
    if (until === this.lockedUntil) return until;
    if (this.lockedUntil !== 0) broker.timers.sessionLocks.forget();
    this.lockedUntil = until;
    broker.timers.addSessionLock(until, this);
    return until;
  }

  /** Gives messages to the owner, as far as its credit goes. */
  pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.owner !== undefined && this.owner.credit > 0 && this.returning === 0) {
        const message = this.table.queue.takeLive(this.waiting);
        if (message === undefined) return;
        this.owner.give(message);
      }
    } finally {
      this.#isPumping = false;
    }
  }

  /** The owner lets go: its messages return, their delivery counts stay ("Message sessions", impact of delivery count). */
  release(owner: BrokerReceiver): void {
    if (this.owner !== owner) return;
    this.#unlock();
    for (const delivery of this.#takeHeld()) {
      delivery.message.delivery = undefined;
      this.table.queue.comeBack(delivery.message);
    }
    this.#free();
  }

  /** The owner did not renew in time: what it held has failed once more. */
  lockExpired(): void {
    const { owner } = this;
    if (owner === undefined) return;
    this.table.queue.broker.counters.lockExpiries++;
    this.lockedUntil = 0;
    this.owner = undefined;
    for (const delivery of this.#takeHeld()) {
      delivery.message.delivery = undefined;
      this.table.queue.failed(delivery.message, undefined);
    }
    owner.fail(new ServiceBusError('SessionLockLost', { session: this.id }));
    this.#free();
  }

  #unlock(): void {
    this.owner = undefined;
    if (this.lockedUntil !== 0) this.table.queue.broker.timers.sessionLocks.forget();
    this.lockedUntil = 0;
  }

  /** What is settled in an open transaction stays where it is until the transaction ends. */
  #takeHeld(): readonly Delivery[] {
    if (this.#held === undefined) return [];
    const taken = [...this.#held].filter((delivery) => delivery.transaction === undefined);
    for (const delivery of taken) this.#held.delete(delivery);
    return taken;
  }

  #free(): void {
    this.table.touched(this);
    this.table.forgetEmpty(this);
    this.table.pump();
  }
}
