import type { ReceiverEvents, ReceiverOptions } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { Fifo } from './fifo.ts';
import type { MessageQueue } from './message-queue.ts';
import { BrokerReceiver } from './receiver.ts';
import { sessionStateHead } from './records.ts';
import { Session } from './session.ts';
import type { Timed } from './timers.ts';

type SessionOptions = ReceiverOptions & { readonly waitMs: number; readonly signal?: AbortSignal };

/** Who waits for any session that has messages. */
interface Waiter extends Timed {
  dueAt: number | undefined;
  take(session: Session): void;
}

/** Sessions of a queue or subscription. */
export class SessionTable {
  readonly queue: MessageQueue;
  readonly #sessions = new Map<string, Session>();
  /** Sessions with messages and without an owner, and such as were that: who takes one looks again. */
  readonly #offered = new Fifo<Session>();
  /** Sessions with an owner that have something new for it. */
  readonly #served = new Fifo<Session>();
  readonly #waiters = new Fifo<Waiter>();
  #waiting = 0;

  constructor(queue: MessageQueue) {
    this.queue = queue;
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** The session, for one more message in it. */
  join(id: string): Session {
    const session = this.of(id);
    session.messages++;
    return session;
  }

  of(id: string): Session {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = new Session(this, id);
      this.#sessions.set(id, session);
    }
    return session;
  }

  forgetEmpty(session: Session): void {
    if (session.isEmpty) this.#sessions.delete(session.id);
  }

  /** Something changed: it may have something for its owner, or for one who waits. */
  touched(session: Session): void {
    if (session.owner !== undefined) this.#served.push(session);
    else if (session.waiting.length > 0 && !session.isOffered) {
      session.isOffered = true;
      this.#offered.push(session);
      if (this.#offered.length > 64 + 2 * this.#sessions.size) {
        this.#offered.keep((each) => each === this.#sessions.get(each.id));
      }
    }
  }

  /** Gives messages to owners, and sessions to those who wait for one. */
  pump(): void {
    for (let session = this.#served.shift(); session !== undefined; session = this.#served.shift()) session.pump();
    while (this.#waiters.length > 0) {
      const session = this.#nextOffered();
      if (session === undefined) return;
      const waiter = this.#nextWaiter();
      if (waiter === undefined) {
        this.touched(session);
        return;
      }
      waiter.take(session);
    }
  }

  accept(id: string | null, options: SessionOptions, events: ReceiverEvents): Promise<BrokerReceiver> {
    if (id !== null) {
      const session = this.of(id);
      if (session.owner !== undefined) {
        return Promise.reject(new ServiceBusError('SessionCannotBeLocked', { session: id }));
      }
      return Promise.resolve(this.#give(session, options, events));
    }
    return new Promise((resolve, reject) => {
      const session = this.#nextOffered();
      if (session !== undefined) resolve(this.#give(session, options, events));
      else if (options.waitMs <= 0) reject(new ServiceBusError('SessionNotAvailable'));
      else this.#wait(options, events, resolve, reject);
    });
  }

  setState(session: Session, state: Uint8Array | null): Promise<void> {
    const { broker, entity } = this.queue;
    const before = session.state;
    if (before !== undefined) broker.journal.remove(before.item);
    if (state === null) session.state = undefined;
    else {
      const updatedAt = broker.clock.now();
      const bytes = Uint8Array.from(state);
      const head = sessionStateHead(entity.number, session.id, updatedAt);
      session.state = { item: broker.journal.append(head, broker.journal.body([bytes])), bytes, updatedAt };
    }
    this.forgetEmpty(session);
    return broker.commits.durable();
  }

  list(query: { readonly updatedAfter?: number; readonly skip: number; readonly top: number }): readonly string[] {
    const ids: string[] = [];
    for (const session of this.#sessions.values()) {
      const fits =
        query.updatedAfter === undefined
          ? session.messages > 0
          : session.state !== undefined && session.state.updatedAt > query.updatedAfter;
      if (fits) ids.push(session.id);
    }
    return ids.sort().slice(query.skip, query.skip + query.top);
  }

  /** The entity is gone, or is not to be received from. */
  close(error: ServiceBusError): void {
    for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) {
      if (waiter.dueAt !== undefined) this.#refuse.get(waiter)?.(error);
    }
  }

  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  readonly #refuse = new WeakMap<Waiter, (error: ServiceBusError) => void>();

  #give(session: Session, options: SessionOptions, events: ReceiverEvents): BrokerReceiver {
    const receiver = new BrokerReceiver(this.queue, options, events, session);
    this.queue.receivers.add(receiver);
    session.lock(receiver);
    return receiver;
  }

  #nextOffered(): Session | undefined {
    for (let session = this.#offered.shift(); session !== undefined; session = this.#offered.shift()) {
      session.isOffered = false;
      if (session.owner === undefined && session.waiting.length > 0) return session;
    }
    return undefined;
  }

  #nextWaiter(): Waiter | undefined {
    for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) {
      if (waiter.dueAt !== undefined) return waiter;
    }
    return undefined;
  }

  #wait(
    options: SessionOptions,
    events: ReceiverEvents,
    resolve: (receiver: BrokerReceiver) => void,
    reject: (error: ServiceBusError) => void,
  ): void {
    const { broker, entity } = this.queue;
    if (this.#waiting >= broker.limits.receivers) {
      reject(
        new ServiceBusError('QuotaExceeded', { reason: `Too many receivers wait for a session of '${entity.path}'.` }),
      );
      return;
    }
    this.#waiting++;
    const end = (): void => {
      waiter.dueAt = undefined;
      this.#waiting--;
      options.signal?.removeEventListener('abort', abort);
    };
    const abort = (): void => {
      if (waiter.dueAt === undefined) return;
      broker.timers.others.forget();
      end();
      this.#waiters.keep((each) => each.dueAt !== undefined);
      reject(new ServiceBusError('SessionNotAvailable'));
    };
    const waiter: Waiter = {
      dueAt: broker.clock.now() + options.waitMs,
      take: (session) => {
        broker.timers.others.forget();
        end();
        resolve(this.#give(session, options, events));
      },
      onDue: () => {
        end();
        this.#waiters.keep((each) => each.dueAt !== undefined);
        reject(new ServiceBusError('SessionNotAvailable'));
      },
    };
    this.#refuse.set(waiter, (error) => {
      broker.timers.others.forget();
      end();
      reject(error);
    });
    this.#waiters.push(waiter);
    broker.timers.add(waiter.dueAt ?? 0, waiter);
    if (options.signal?.aborted) abort();
    else options.signal?.addEventListener('abort', abort);
  }
}
