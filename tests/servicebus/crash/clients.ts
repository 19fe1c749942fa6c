import { createConnection } from 'node:net';
import rhea, { type Connection, type Delivery, type EventContext, type Receiver, type Sender } from 'rhea';
import type { HistoryEvent, Outcome } from './history.ts';

export interface Address {
  readonly port: number;
  readonly userName: string;
  readonly password: string;
}

/** Messages of a sender that are under way. */
const window = 5;
const openMs = 5000;
const entities = { queue: 'plain', sessions: 'ordered' } as const;

/**
 * Clients that send, receive and settle as fast as they are let, connect again whenever the broker is gone, and write down what
 * they saw.
 */
export class CrashClients {
  readonly history: HistoryEvent[] = [];
  readonly #address: Address;
  readonly #random: () => number;
  readonly #stopping = new AbortController();
  readonly #lanes: Promise<void>[] = [];

  constructor(address: Address, random: () => number) {
    this.#address = address;
    this.#random = random;
  }

  start(): void {
    for (let n = 0; n < 2; n++) this.#lanes.push(this.#repeat(`plain${n}`, (name) => this.#send(name, 0)));
    for (let n = 0; n < 2; n++) this.#lanes.push(this.#repeat(`ordered${n}`, (name) => this.#send(name, 4)));
    for (let n = 0; n < 3; n++) this.#lanes.push(this.#repeat(`taker${n}`, () => this.#receive()));
    for (let n = 0; n < 3; n++) this.#lanes.push(this.#repeat(`keeper${n}`, () => this.#receiveSessions()));
  }

  /** Number of confirmed sends and settlements so far: whether there is progress. */
  get confirmed(): number {
    return this.history.filter(({ kind }) => kind === 'accepted' || kind === 'settled').length;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#lanes);
  }

  /** Takes out everything that is there, after `stop` and a restart of the broker (which ends all locks). */
  async drain(): Promise<void> {
    await this.#drainQueue(entities.queue, 'queue');
    await this.#drainQueue(`${entities.queue}/$DeadLetterQueue`, 'deadLetter');
    await this.#drainQueue(`${entities.sessions}/$DeadLetterQueue`, 'deadLetter');
    while (await this.#drainSession());
  }

  /** Runs `work` on one connection after another until it is told to stop. */
  async #repeat(name: string, work: (name: string) => (connection: Connection) => void): Promise<void> {
    for (let attempt = 0; !this.#stopping.signal.aborted; attempt++) {
      await untilListening(this.#address.port, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      const connection = this.#connect();
      const ended = new Promise<void>((resolve) => connection.once('disconnected', () => resolve()));
      // A broker that is killed in the middle of the greeting leaves a client that waits for ever.
      const unopened = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, openMs);
        connection.once('connection_open', () => {
          clearTimeout(timer);
          work(`${name}.${attempt}`)(connection);
        });
        void ended.then(() => clearTimeout(timer));
      });
      const stopped = new Promise<void>((resolve) => {
        this.#stopping.signal.addEventListener('abort', () => {
          connection.close();
          // One that was never opened, or whose broker is gone, does not say that it is closed.
          setTimeout(resolve, 1000);
        });
      });
      await Promise.race([ended, stopped, unopened]);
    }
  }

  #connect(): Connection {
    const { port, userName, password } = this.#address;
    const connection = rhea
      .create_container()
      .connect({ host: '127.0.0.1', port, hostname: 'localhost', username: userName, password, reconnect: false });
    for (const event of ['connection_error', 'session_error', 'receiver_error', 'sender_error', 'error'])
      connection.on(event, () => {
        // The broker is being killed: what counts is what was confirmed.
      });
    for (const event of ['receiver_close', 'sender_close', 'connection_close'])
      connection.on(event, () => connection.close());
    return connection;
  }

  #send(name: string, sessions: number): (connection: Connection) => void {
    return (connection) => {
      const sender: Sender = connection.open_sender(sessions > 0 ? entities.sessions : entities.queue);
      const ids = new Map<Delivery, string>();
      let sent = 0;
      const pump = () => {
        while (sender.sendable() && ids.size < window) {
          const id = `${name}.${sent}`;
          const session = sessions > 0 ? `${name}/${sent % sessions}` : undefined;
          this.history.push({ kind: 'sent', id, session, index: sent });
          sent++;
          ids.set(sender.send({ message_id: id, group_id: session, durable: true, body: bodyOf(id) }), id);
        }
      };
      sender.on('sendable', pump);
      sender.on('accepted', ({ delivery }: EventContext) => {
        const id = delivery && ids.get(delivery);
        if (!delivery || id === undefined) return;
        ids.delete(delivery);
        this.history.push({ kind: 'accepted', id });
        // Receivers cannot keep up with senders that never pause: the queue would only grow.
        setTimeout(pump, 20 + this.#random() * 40);
      });
    };
  }

  #receive(): (connection: Connection) => void {
    return (connection) => {
      const receiver = connection.open_receiver({
        source: entities.queue,
        autoaccept: false,
        credit_window: 0,
        rcv_settle_mode: 1,
      });
      receiver.add_credit(10);
      this.#settleEach(receiver, () => receiver.add_credit(1));
    };
  }

  #receiveSessions(): (connection: Connection) => void {
    const next = (connection: Connection) => {
      if (!connection.is_open()) return;
      const receiver = connection.open_receiver({
        source: { address: entities.sessions, filter: { 'com.microsoft:session-filter': null } },
        autoaccept: false,
        credit_window: 0,
        rcv_settle_mode: 1,
        properties: { 'com.microsoft:timeout': rhea.types.wrap_uint(2000) },
      });
      let left = 6;
      // One at a time: only then is a message that comes after a returned one out of order.
      receiver.once('receiver_open', () => receiver.add_credit(1));
      receiver.removeAllListeners('receiver_close');
      receiver.once('receiver_close', () => next(connection));
      const timer = setTimeout(() => receiver.close(), 300);
      this.#settleEach(receiver, () => {
        if (--left > 0) return receiver.add_credit(1);
        clearTimeout(timer);
        receiver.close();
      });
    };
    return next;
  }

  #settleEach(receiver: Receiver, done: () => void): void {
    const waiting = new Map<Delivery, { id: string; outcome: Outcome }>();
    receiver.on('message', ({ message, delivery }: EventContext) => {
      if (!message || !delivery) return;
      const id = String(message.message_id);
      const sequenceNumber = Number(message.message_annotations?.['x-opt-sequence-number']);
      this.history.push({ kind: 'delivered', id, sequenceNumber, deliveryCount: Number(message.delivery_count ?? 0) });
      if (message.body !== bodyOf(id)) this.history.push({ kind: 'damaged', id });
      const dice = this.#random();
      const outcome = dice < 0.75 ? 'complete' : dice < 0.95 ? 'abandon' : 'deadLetter';
      // Each in a turn of its own: rhea makes one disposition of two neighbours, whatever their outcomes are.
      setTimeout(() => {
        if (!receiver.connection.is_open()) return;
        waiting.set(delivery, { id, outcome });
        this.history.push({ kind: 'settling', id, outcome });
        if (outcome === 'complete') delivery.accept();
        else if (outcome === 'abandon') delivery.modified({ delivery_failed: false, undeliverable_here: false });
        else delivery.reject({ condition: 'com.microsoft:dead-letter', description: 'test' });
      }, this.#random() * 5);
    });
    receiver.on('settled', ({ delivery }: EventContext) => {
      const one = delivery && waiting.get(delivery);
      if (!delivery || !one) return;
      waiting.delete(delivery);
      // A lost lock is told as an error in the state: then nothing was done.
      const error = (delivery.remote_state as { error?: unknown } | undefined)?.error;
      if (!error) this.history.push({ kind: 'settled', ...one });
      done();
    });
  }

  async #drainQueue(source: string, where: 'queue' | 'deadLetter'): Promise<void> {
    const connection = this.#connect();
    const receiver = connection.open_receiver({ source, credit_window: 0, snd_settle_mode: 1, autoaccept: false });
    await this.#takeAll(receiver, where);
    await closed(connection);
  }

  async #drainSession(): Promise<boolean> {
    const connection = this.#connect();
    const receiver = connection.open_receiver({
      source: { address: entities.sessions, filter: { 'com.microsoft:session-filter': null } },
      credit_window: 0,
      snd_settle_mode: 1,
      autoaccept: false,
      properties: { 'com.microsoft:timeout': rhea.types.wrap_uint(500) },
    });
    const found = await new Promise<boolean>((resolve) => {
      receiver.once('receiver_open', () => resolve(receiver.source?.address !== undefined && receiver.is_open()));
      receiver.once('receiver_error', () => resolve(false));
    });
    if (found) await this.#takeAll(receiver, 'queue').catch(() => {});
    await closed(connection);
    return found;
  }

  /** Asks for messages with `drain` until none comes. */
  #takeAll(receiver: Receiver, where: 'queue' | 'deadLetter'): Promise<void> {
    return new Promise((resolve, reject) => {
      let got = 0;
      const ask = () => {
        got = 0;
        receiver.add_credit(100);
        receiver.drain_credit();
      };
      receiver.on('message', ({ message }: EventContext) => {
        got++;
        const id = String(message?.message_id);
        if (message?.body !== bodyOf(id)) this.history.push({ kind: 'damaged', id });
        this.history.push({
          kind: 'left',
          id,
          sequenceNumber: Number(message?.message_annotations?.['x-opt-sequence-number']),
          where,
        });
      });
      receiver.on('receiver_drained', () => (got === 0 ? resolve() : ask()));
      receiver.on('receiver_error', () => reject(new Error(String(receiver.error))));
      receiver.connection.on('disconnected', () =>
        reject(new Error('the broker went away while it was being drained')),
      );
      if (receiver.is_open()) ask();
      else receiver.once('receiver_open', ask);
    });
  }
}

/** Each eighth message is large: its body lies beside the database. */
function bodyOf(id: string): string {
  return id.padEnd(Number(/\d+$/.exec(id)) % 8 === 5 ? 150_000 : 200, '.');
}

function closed(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    if (!connection.is_open()) return resolve();
    connection.once('disconnected', () => resolve());
    connection.once('connection_close', () => resolve());
    connection.close();
  });
}

/** Resolves when somebody listens on the port, or `signal` says that nobody will. */
export async function untilListening(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = createConnection({ port, host: '127.0.0.1' }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
