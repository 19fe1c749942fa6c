/** For tests: a namespace over a journal in memory, with a clock that stands still until it is moved. */
import type { Journal, JournalBody, JournalItem, JournalOpened } from '@lazuli/store';
import type { MemoryJournal } from '@lazuli/store/testing';
import type {
  BrokeredMessage,
  CompiledRule,
  DeliveredMessage,
  Done,
  EntityDefinition,
  MessageSource,
  NewMessage,
  QueueDefinition,
  Receiver,
  RuleDefinition,
  SendTarget,
  ServedNamespace,
  Settlement,
  SubscriptionDefinition,
  TopicDefinition,
  Transaction,
} from '../contract.ts';
import { FilterError, type ServiceBusError } from '../errors.ts';
import { buildMessage, type MessageParts } from '../message/build-message.ts';
import type { BrokerLimits } from './context.ts';
import { type NamespaceOptions, openNamespace } from './namespace.ts';

interface Item extends JournalItem {
  readonly head: Uint8Array;
  readonly body: Uint8Array | undefined;
  amendment: Uint8Array | undefined;
  isGone: boolean;
}

/** What a journal keeps, in memory: `open` gives it back as the next start would find it. */
export class DiskOfTests {
  #items: Item[] = [];
  /** Bodies are read as from a disk: later. */
  readsLater = false;

  open(): JournalOpened & { lose(reason: Error): void; readonly journal: Journal } {
    this.#items = this.#items.filter((item) => !item.isGone);
    const items = this.#items;
    let planned: (() => void)[] = [];
    let waiting: ((error?: Error) => void)[] = [];
    let lost: Error | undefined;
    let isPlanned = false;
    const lostCalls: ((reason: Error) => void)[] = [];
    const commit = (): void => {
      isPlanned = false;
      const [writes, calls] = [planned, waiting];
      planned = [];
      waiting = [];
      if (lost === undefined) for (const write of writes) write();
      for (const call of calls) call(lost);
    };
    const plan = (write?: () => void): void => {
      if (write !== undefined) planned.push(write);
      if (!isPlanned) setImmediate(commit);
      isPlanned = true;
    };
    const readsLater = () => this.readsLater;
    const own = (item: JournalItem): Item => item as Item;
    const journal: Journal = {
      name: 'test',
      term: 1,
      append(head, body) {
        const bytes = body === undefined || body === null ? undefined : (body as JournalBody & { all: Uint8Array }).all;
        const item: Item = { head, body: bytes, bodyBytes: bytes?.length ?? 0, amendment: undefined, isGone: false };
        plan(() => items.push(item));
        return item;
      },
      body(pieces) {
        const all = Buffer.concat(pieces);
        return { bytes: all.length, all } as JournalBody;
      },
      amend(item, amendment) {
        plan(() => {
          own(item).amendment = amendment;
        });
      },
      remove(item) {
        plan(() => {
          own(item).isGone = true;
        });
      },
      commit: () =>
        new Promise((resolve, reject) => journal.onCommitted((error) => (error ? reject(error) : resolve()))),
      onCommitted(done) {
        waiting.push(done);
        plan();
      },
      readBody(item) {
        const { body } = own(item);
        if (body === undefined) return Promise.reject(new Error('no body'));
        return readsLater() ? new Promise((resolve) => setImmediate(resolve, [body])) : [body];
      },
      onLost: (call) => lostCalls.push(call),
      pendingBytes: 0,
      statistics: { rows: 0, bytes: 0, liveBytes: 0, items: 0, commits: 0, commitLatency: { p50: 0, p99: 0 } },
      close: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    };
    async function* all() {
      for (const item of [...items]) {
        yield item.amendment === undefined
          ? { item, head: item.head }
          : { item, head: item.head, amendment: item.amendment };
      }
    }
    return {
      journal,
      items: all(),
      lose(reason) {
        lost = reason;
        for (const call of lostCalls) call(reason);
      },
    };
  }

  get size(): number {
    return this.#items.filter((item) => !item.isGone).length;
  }
}

/** A clock that is moved by hand. */
export class ClockOfTests {
  #now: number;
  #timers: { readonly time: number; readonly call: () => void }[] = [];

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly after = (milliseconds: number, call: () => void): (() => void) => {
    const timer = { time: this.#now + milliseconds, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  };

  /** Lets time go by, and what was started by it come to its end. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#timers.reduce<number>((least, { time }) => Math.min(least, time), Number.POSITIVE_INFINITY);
      if (next > end) break;
      this.#now = Math.max(this.#now, next);
      const due = this.#timers.filter(({ time }) => time <= this.#now);
      this.#timers = this.#timers.filter(({ time }) => time > this.#now);
      for (const { call } of due) call();
      await written();
    }
    this.#now = end;
    await written();
  }
}

/** Everything that was asked for until now is on disk, and what that started too. */
export async function written(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const forEver = Number.POSITIVE_INFINITY;

export function queue(path: string, changes: Partial<QueueDefinition> = {}): QueueDefinition {
  return {
    kind: 'queue',
    id: `queue ${path}`,
    path,
    lockDurationMs: 60_000,
    requiresSession: false,
    defaultTimeToLiveMs: forEver,
    deadLetteringOnMessageExpiration: false,
    maxDeliveryCount: 10,
    autoDeleteOnIdleMs: forEver,
    forwardTo: undefined,
    forwardDeadLetteredMessagesTo: undefined,
    status: 'Active',
    maxSizeBytes: 1024 ** 3,
    maxMessageBytes: 256 * 1024,
    requiresDuplicateDetection: false,
    duplicateDetectionHistoryMs: 600_000,
    enablePartitioning: false,
    ...changes,
  };
}

export function topic(path: string, changes: Partial<TopicDefinition> = {}): TopicDefinition {
  return {
    kind: 'topic',
    id: `topic ${path}`,
    path,
    defaultTimeToLiveMs: forEver,
    autoDeleteOnIdleMs: forEver,
    status: 'Active',
    maxSizeBytes: 1024 ** 3,
    maxMessageBytes: 256 * 1024,
    requiresDuplicateDetection: false,
    duplicateDetectionHistoryMs: 600_000,
    enablePartitioning: false,
    ...changes,
  };
}

export function subscription(
  topicPath: string,
  name: string,
  changes: Partial<SubscriptionDefinition> = {},
): SubscriptionDefinition {
  return {
    kind: 'subscription',
    id: `subscription ${topicPath} ${name}`,
    topicPath,
    name,
    lockDurationMs: 60_000,
    requiresSession: false,
    defaultTimeToLiveMs: forEver,
    deadLetteringOnMessageExpiration: false,
    deadLetteringOnFilterEvaluationExceptions: true,
    maxDeliveryCount: 10,
    autoDeleteOnIdleMs: forEver,
    forwardTo: undefined,
    forwardDeadLetteredMessagesTo: undefined,
    status: 'Active',
    rules: [rule('$Default', { kind: 'true' })],
    ...changes,
  };
}

export function rule(name: string, filter: RuleDefinition['filter'], action?: string): RuleDefinition {
  return { name, filter, action, createdAt: '2026-01-01T00:00:00Z' };
}

/** Rules of tests: the SQL is the name of an application property that must be true; `fail` throws. The action sets one, `set NAME`. */
export function compileTestRule(definition: RuleDefinition): CompiledRule {
  const { filter, action } = definition;
  return {
    definition,
    needsApplicationProperties: filter.kind === 'sql',
    matches(view) {
      if (filter.kind !== 'sql') return filter.kind === 'true';
      if (filter.expression === 'fail') throw new FilterError('it cannot be told');
      return view.application(filter.expression) === true;
    },
    act: action === undefined ? undefined : (edit) => edit.setApplication(action.replace('set ', ''), true),
  };
}

export function message(parts: Partial<MessageParts> = {}): NewMessage {
  return buildMessage({ body: Buffer.from('hello'), ...parts });
}

/** A receiver that keeps what it is given. */
export class ReceiverOfTests {
  readonly messages: DeliveredMessage[] = [];
  closed: ServiceBusError | undefined;
  readonly events = {
    onMessage: (delivered: DeliveredMessage) => {
      this.messages.push(delivered);
    },
    onClosed: (error: ServiceBusError) => {
      this.closed = error;
    },
  };
}

export class Bench {
  readonly disk = new DiskOfTests();
  readonly clock = new ClockOfTests();
  readonly gone: EntityDefinition[] = [];
  readonly logged: object[] = [];
  namespace!: ServedNamespace;
  lose!: (reason: Error) => void;
  definitions: readonly EntityDefinition[];
  readonly #limits: Partial<BrokerLimits>;

  readonly #journal: MemoryJournal | undefined;

  private constructor(
    definitions: readonly EntityDefinition[],
    limits: Partial<BrokerLimits>,
    journal: MemoryJournal | undefined,
  ) {
    this.definitions = definitions;
    this.#limits = limits;
    this.#journal = journal;
  }

  /** @param journal the store's own; its bodies are read as from a disk, later. Without it one that is simpler. */
  static async with(
    definitions: readonly EntityDefinition[],
    limits: Partial<BrokerLimits> = {},
    journal?: MemoryJournal,
  ): Promise<Bench> {
    const bench = new Bench(definitions, limits, journal);
    await bench.#open();
    return bench;
  }

  async #open(): Promise<void> {
    const opened = this.#journal === undefined ? this.disk.open() : await this.#openJournal(this.#journal);
    this.lose = opened.lose;
    const options: NamespaceOptions = {
      ...opened,
      name: 'test',
      clock: this.clock,
      compileRule: compileTestRule,
      limits: this.#limits,
      onDefinitionGone: (definition) => this.gone.push(definition),
      log: { warn: (facts) => this.logged.push(facts), error: (facts) => this.logged.push(facts) },
    };
    this.namespace = await openNamespace(options);
    await this.namespace.apply(this.definitions);
  }

  async #openJournal(journal: MemoryJournal) {
    return { ...(await journal.open({ cacheBytes: 0 })), lose: () => journal.lose() };
  }

  async apply(...definitions: readonly EntityDefinition[]): Promise<void> {
    this.definitions = definitions;
    await this.namespace.apply(definitions);
    await written();
  }

  /** The process ends without a word, and starts again. */
  async crash(): Promise<void> {
    this.lose(new Error('killed'));
    await written();
    await this.#open();
  }

  async restart(): Promise<void> {
    await this.namespace.close();
    await this.#open();
  }

  sender(path: string): SendTarget {
    return this.namespace.sender(path);
  }

  source(path: string): MessageSource {
    return this.namespace.source(path);
  }

  async send(path: string, ...messages: readonly NewMessage[]): Promise<void> {
    await answered((done) => this.sender(path).send(messages, done));
    await written();
  }

  /** Takes so many messages that are there, at most. */
  async receive(
    path: string,
    count = 10,
    mode: 'peekLock' | 'receiveAndDelete' = 'peekLock',
  ): Promise<DeliveredMessage[]> {
    const kept = new ReceiverOfTests();
    const receiver: Receiver = this.source(path).openReceiver({ mode, name: 'test' }, kept.events);
    receiver.setCredit(count);
    await written();
    await new Promise<void>((resolve) => receiver.drain(resolve));
    receiver.close();
    return kept.messages;
  }

  async settle(
    path: string,
    delivered: DeliveredMessage,
    settlement: Settlement,
    transaction?: Transaction,
  ): Promise<void> {
    await answered((done) => this.source(path).settle(delivered, settlement, done, transaction));
    await written();
  }

  async peek(path: string, from = 0, count = 100): Promise<readonly BrokeredMessage[]> {
    return this.source(path).peek({ from, count });
  }
}

export function answered(call: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error === undefined ? resolve() : reject(error))));
}

/** Bodies of messages, as text: what tests put into them. */
export function bodies(messages: readonly BrokeredMessage[]): string[] {
  return messages.map(({ content }) => {
    const bare = Buffer.from(content.bare);
    const data = bare.indexOf(Buffer.from([0x00, 0x53, 0x75]));
    return bare.toString('utf8', data + 5);
  });
}
