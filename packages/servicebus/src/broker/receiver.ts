import type { Receiver, ReceiverEvents, ReceiverOptions } from '../contract.ts';
import type { ServiceBusError } from '../errors.ts';
import { Delivery } from './delivery.ts';
import { Fifo } from './fifo.ts';
import type { MessageQueue } from './message-queue.ts';
import type { Session } from './session.ts';
import type { StoredMessage } from './stored-message.ts';

/** Takes messages of a queue, or of one session, as far as its credit goes. */
export class BrokerReceiver implements Receiver {
  readonly queue: MessageQueue;
  readonly mode: ReceiverOptions['mode'];
  readonly name: string;
  /** Undefined: of a queue without sessions. */
  readonly session: Session | undefined;
  readonly #events: ReceiverEvents;
  #credit = 0;
  isReady = false;
  isClosed = false;
  /** Taken, and on their way: their content is being read, or their removal is being written. In order. */
  readonly #outbox = new Fifo<Delivery>();
  #drained: (() => void) | undefined;

  constructor(queue: MessageQueue, options: ReceiverOptions, events: ReceiverEvents, session?: Session) {
    this.queue = queue;
    this.mode = options.mode;
    this.name = options.name;
    this.#events = events;
    this.session = session;
  }

  get credit(): number {
    return this.#credit;
  }

  setCredit(credit: number): void {
    if (this.isClosed) return;
    this.#credit = credit;
    this.#ask();
  }

  drain(done: () => void): void {
    this.#ask();
    if (this.#outbox.length === 0) {
      this.#credit = 0;
      done();
    } else this.#drained = done;
  }

  close(): void {
    if (this.isClosed) return;
    this.#end();
    if (this.session !== undefined) this.session.release(this);
    this.queue.pump();
  }

  /** Ends it from the broker's side. */
  fail(error: ServiceBusError): void {
    if (this.isClosed) return;
    this.#end();
    this.#events.onClosed(error);
  }

  /** A message for it: its lock begins now. */
  give(message: StoredMessage): void {
    const { queue } = this;
    this.#credit--;
    if (this.mode === 'peekLock') {
      const delivery = queue.lock(message, this);
      const reading = queue.fill(delivery);
      if (reading === undefined && this.#outbox.length === 0) {
        queue.broker.counters.delivered++;
        queue.entity.touch();
        this.#events.onMessage(delivery);
        return;
      }
      this.#outbox.push(delivery);
      if (reading === undefined) delivery.isReady = true;
      else
        this.#whenRead(delivery, reading, () => {
          delivery.isReady = true;
          this.#flush();
        });
      return;
    }
    const delivery = new Delivery(message, this, 0);
    message.delivery = delivery;
    this.#outbox.push(delivery);
    const reading = queue.fill(delivery);
    if (reading === undefined) this.#depart(delivery);
    else this.#whenRead(delivery, reading, () => this.#depart(delivery));
  }

  /** The removal of a message is on disk: it goes out. */
  departed(delivery: Delivery): void {
    delivery.isReady = true;
    if (!this.isClosed) this.#flush();
  }

  #depart(delivery: Delivery): void {
    if (this.isClosed || !delivery.isCurrent) return;
    this.queue.broker.counters.completed++;
    this.queue.remove(delivery.message);
    this.queue.broker.commits.departure(delivery);
  }

  #whenRead(delivery: Delivery, reading: Promise<void>, then: () => void): void {
    reading.then(then, (error: unknown) => {
      const { log } = this.queue.broker;
      log.error(
        { err: error, entity: this.queue.path, sequenceNumber: delivery.sequenceNumber },
        'the content of a message cannot be read; it is tried again when its lock ends',
      );
      // Locked as long as any other message is: nobody asks for it again at once.
      if (delivery.isCurrent && delivery.until === undefined && delivery.message.session === undefined) {
        delivery.until = this.queue.broker.clock.now() + this.queue.entity.lockDurationMs;
        this.queue.broker.timers.addLock(delivery.until, delivery);
      }
      this.#outbox.keep((each) => each !== delivery);
      this.#credit++;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#outbox.first?.isReady) {
      const delivery = this.#outbox.shift()!;
      if (this.isClosed) continue;
      if (this.mode === 'receiveAndDelete' || delivery.isCurrent) {
        this.queue.broker.counters.delivered++;
        this.queue.entity.touch();
        this.#events.onMessage(delivery);
      } else this.#credit++;
    }
    if (this.#outbox.length === 0 && this.#drained !== undefined) {
      const done = this.#drained;
      this.#drained = undefined;
      this.#credit = 0;
      done();
    }
  }

  #ask(): void {
    if (this.#credit <= 0 || this.isClosed) return;
    if (this.session !== undefined) this.session.pump();
    else this.queue.makeReady(this);
  }

  #end(): void {
    this.isClosed = true;
    this.#credit = 0;
    this.queue.receivers.delete(this);
    // What it has not seen goes back as if it had never been taken.
    for (const delivery of this.#outbox) {
      if (!delivery.isCurrent || delivery.transaction !== undefined) continue;
      this.queue.unlock(delivery);
      this.queue.comeBack(delivery.message);
    }
    this.#outbox.clear();
    this.#drained?.();
    this.#drained = undefined;
  }
}
