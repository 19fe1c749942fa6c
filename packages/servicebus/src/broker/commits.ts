import type { Journal } from '@lazuli/store';
import type { Done } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import type { BrokerLog } from './context.ts';
import type { Delivery } from './delivery.ts';
import type { MessageQueue } from './message-queue.ts';
import type { StoredMessage } from './stored-message.ts';

/** What waits for one commit: everything of one turn of the event loop. */
class CommitGroup {
  readonly arrivals: StoredMessage[] = [];
  readonly returns: StoredMessage[] = [];
  readonly dones: Done[] = [];
  readonly departures: Delivery[] = [];
}

/**
 * Nobody hears of anything, and nobody is given a message, before it is on disk. What is done in a turn waits together, in lists,
 * so that a message costs a place in a list and no callback of its own.
 */
export class Commits {
  readonly #journal: Journal;
  readonly #log: BrokerLog;
  #group: CommitGroup | undefined;
  readonly #seal = (): void => {
    const group = this.#group;
    if (group === undefined) return;
    this.#group = undefined;
    this.#journal.onCommitted((error) => this.#finish(group, error));
  };

  constructor(journal: Journal, log: BrokerLog) {
    this.#journal = journal;
    this.#log = log;
  }

  /** The message was appended or moved: it is there once that is on disk. */
  arrival(message: StoredMessage): void {
    this.#open().arrivals.push(message);
  }

  /** The message was given back with a changed delivery count or properties. */
  return(message: StoredMessage): void {
    this.#open().returns.push(message);
  }

  /** The message was removed and goes out once that is on disk. */
  departure(delivery: Delivery): void {
    this.#open().departures.push(delivery);
  }

  done(done: Done): void {
    this.#open().dones.push(done);
  }

  /** Resolves when what was done in this turn is on disk. */
  durable(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.done((error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  #open(): CommitGroup {
    if (this.#group === undefined) {
      this.#group = new CommitGroup();
      queueMicrotask(this.#seal);
    }
    return this.#group;
  }

  #finish(group: CommitGroup, error: Error | undefined): void {
    if (error !== undefined) {
      const refusal = new ServiceBusError('NotOwner', {}, { cause: error });
      for (const done of group.dones) this.#tell(done, refusal);
      return;
    }
    const touched: MessageQueue[] = [];
    for (const message of group.arrivals) {
      message.queue.arrive(message);
      touch(message.queue, touched);
    }
    for (const message of group.returns) {
      message.queue.returned(message);
      touch(message.queue, touched);
    }
    for (const done of group.dones) this.#tell(done);
    for (const delivery of group.departures) this.#guarded(() => delivery.receiver?.departed(delivery));
    for (const queue of touched) {
      queue.isTouched = false;
      this.#guarded(() => queue.pump());
    }
  }

  /** Who is told must not keep the others from being told. */
  #tell(done: Done, refusal?: ServiceBusError): void {
    try {
      done(refusal);
    } catch (error) {
      this.#log.error({ err: error }, 'a caller failed on being told of a commit');
    }
  }

  #guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#log.error({ err: error }, 'a receiver failed on being given a message');
    }
  }
}

function touch(queue: MessageQueue, touched: MessageQueue[]): void {
  if (queue.isTouched) return;
  queue.isTouched = true;
  touched.push(queue);
}
