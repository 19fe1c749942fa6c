import type { AmqpClock } from '@lazuli/amqp';
import type { Delivery } from './delivery.ts';
import { DueHeap } from './due-heap.ts';
import type { Session } from './session.ts';
import type { StoredMessage } from './stored-message.ts';

/** Something else that falls due: an idle entity, somebody who waits for a session, a transaction. */
export interface Timed {
  /** Undefined: not any more. */
  readonly dueAt: number | undefined;
  onDue(): void;
}

/** Work of one turn: after so many the event loop gets its turn. */
const WORK_OF_A_TURN = 5000;

/** Everything of a namespace that falls due, with one timer of the clock. */
export class Timers {
  readonly locks = new DueHeap<Delivery>(
    (delivery, time) => delivery.isCurrent && delivery.until === time && delivery.transaction === undefined,
  );
  readonly expiries = new DueHeap<StoredMessage>(
    (message, time) => message.leaf !== undefined && message.expiresAt === time,
  );
  readonly schedules = new DueHeap<StoredMessage>(
    (message, time) => message.leaf !== undefined && message.extra?.scheduledFor === time,
  );
  readonly sessionLocks = new DueHeap<Session>((session, time) => session.lockedUntil === time);
  readonly others = new DueHeap<Timed>((timed, time) => timed.dueAt === time);
  readonly #clock: AmqpClock;
  #armedFor = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #isClosed = false;
  readonly #tick = (): void => this.#run();

  constructor(clock: AmqpClock) {
    this.#clock = clock;
  }

  addLock(time: number, delivery: Delivery): void {
    this.locks.add(time, delivery);
    if (time < this.#armedFor) this.#arm(time);
  }

  addExpiry(time: number, message: StoredMessage): void {
    this.expiries.add(time, message);
    if (time < this.#armedFor) this.#arm(time);
  }

  addSchedule(time: number, message: StoredMessage): void {
    this.schedules.add(time, message);
    if (time < this.#armedFor) this.#arm(time);
  }

  addSessionLock(time: number, session: Session): void {
    this.sessionLocks.add(time, session);
    if (time < this.#armedFor) this.#arm(time);
  }

  add(time: number, timed: Timed): void {
    this.others.add(time, timed);
    if (time < this.#armedFor) this.#arm(time);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(time: number): void {
    if (this.#isClosed) return;
    this.#cancel?.();
    this.#armedFor = time;
    // Timers of the platform count to 2^31 - 1 milliseconds.
    this.#cancel = this.#clock.after(Math.min(Math.max(0, time - this.#clock.now()), 0x7fff_ffff), this.#tick);
  }

  #run(): void {
    this.#cancel = undefined;
    // While it works nothing arms the clock: it looks at all heaps when it is done.
    this.#armedFor = Number.NEGATIVE_INFINITY;
    const now = this.#clock.now();
    let work = 0;
    for (let delivery = this.locks.takeDue(now); delivery !== undefined; delivery = this.locks.takeDue(now)) {
      delivery.message.queue.lockExpired(delivery);
      if (++work === WORK_OF_A_TURN) break;
    }
    for (
      let session = this.sessionLocks.takeDue(now);
      session !== undefined;
      session = this.sessionLocks.takeDue(now)
    ) {
      session.lockExpired();
      if (++work >= WORK_OF_A_TURN) break;
    }
    work += this.#activate(now, WORK_OF_A_TURN - work);
    for (let message = this.expiries.takeDue(now); message !== undefined; message = this.expiries.takeDue(now)) {
      message.queue.expired(message);
      if (++work >= WORK_OF_A_TURN) break;
    }
    for (let timed = this.others.takeDue(now); timed !== undefined; timed = this.others.takeDue(now)) {
      timed.onDue();
      if (++work >= WORK_OF_A_TURN) break;
    }
    this.#armedFor = Number.POSITIVE_INFINITY;
    const next = Math.min(
      this.locks.next,
      this.sessionLocks.next,
      this.schedules.next,
      this.expiries.next,
      this.others.next,
    );
    if (next !== Number.POSITIVE_INFINITY) this.#arm(next);
  }

  /** Messages that are due become active by their times, those of the same time in the order in which they were scheduled. */
  #activate(now: number, most: number): number {
    const due: StoredMessage[] = [];
    while (due.length < most) {
      const message = this.schedules.takeDue(now);
      if (message === undefined) break;
      due.push(message);
    }
    due.sort(
      (one, other) =>
        (one.extra?.scheduledFor ?? 0) - (other.extra?.scheduledFor ?? 0) || one.sequenceNumber - other.sequenceNumber,
    );
    for (const message of due) message.queue.activate(message);
    return due.length;
  }
}
