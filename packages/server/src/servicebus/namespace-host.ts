import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AmqpClock } from '@lazuli/amqp';
import {
  type AccessControl,
  compileRule,
  type NamespaceRecord,
  type OpenedDirectory,
  openDirectory,
  openNamespace,
  type ServedNamespace,
} from '@lazuli/servicebus';
import { type Journal, openJournal, type Store } from '@lazuli/store';
import type { Logger } from 'pino';

export interface NamespaceHostOptions {
  readonly store: Store;
  readonly record: NamespaceRecord;
  /** `sqlite:PATH` or `postgres://…` */
  readonly journalUrl: string;
  readonly clock: AmqpClock;
  readonly logger: Logger;
  readonly createAccess: (record: () => NamespaceRecord, directory: OpenedDirectory) => AccessControl;
  /** It is served now, or not any more. */
  readonly onChange: () => void;
}

/** A namespace while this process owns it. */
export interface HostedNamespace {
  readonly record: NamespaceRecord;
  readonly served: ServedNamespace;
  readonly directory: OpenedDirectory;
  readonly access: AccessControl;
  readonly journal: Journal;
}

/** Between losing a namespace and asking for it again. */
const againAfterMs = 250;

/**
 * Serves one namespace whenever this process owns its journal: waits while another does, gives it up when it is lost (to another
 * process, or with the database), and asks for it again.
 */
export class NamespaceHost {
  readonly #options: NamespaceHostOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #record: NamespaceRecord;
  #current: HostedNamespace | undefined;
  #firstOutcome: (error?: unknown) => void = () => {};
  /** Resolves when it is served for the first time, or waits for another owner; rejects where it cannot be opened at all. */
  readonly settled: Promise<void>;

  constructor(options: NamespaceHostOptions) {
    this.#options = options;
    this.#record = options.record;
    this.settled = new Promise((resolve, reject) => {
      this.#firstOutcome = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Who does not ask is not told by a crash.
    this.settled.catch(() => undefined);
    this.#running = this.#run();
  }

  get record(): NamespaceRecord {
    return this.#record;
  }

  /** It was changed: its tier, who may sign in. */
  update(record: NamespaceRecord): void {
    this.#record = record;
  }

  /** Undefined: another process owns it, or it is being opened. */
  get current(): HostedNamespace | undefined {
    return this.#current;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { logger, record } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#serveOnce(signal);
      } catch (error) {
        if (signal.aborted) break;
        this.#firstOutcome(error);
        logger.error({ namespace: record.name, err: error }, 'the namespace cannot be served; it is tried again');
      }
      await sleep(againAfterMs, undefined, { signal }).catch(() => undefined);
    }
    this.#firstOutcome();
  }

  /** Until the journal is lost or the host closed. */
  async #serveOnce(signal: AbortSignal): Promise<void> {
    const { journalUrl, logger, onChange, record } = this.#options;
    const { journal, items } = await openJournal(journalUrl, {
      name: `servicebus.${record.name.toLowerCase()}`,
      owner: `${hostname()}:${process.pid}`,
      signal,
      onWaiting: (owner) => {
        logger.info({ namespace: record.name, owner }, 'another process serves the namespace; this one waits for it');
        this.#firstOutcome();
      },
    });
    const lost = new Promise<void>((resolve) => journal.onLost(() => resolve()));
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    try {
      const current = await this.#open(journal, items);
      this.#current = current;
      this.#firstOutcome();
      onChange();
      await (signal.aborted ? undefined : Promise.race([lost, stopped]));
      this.#current = undefined;
      onChange();
      await current.directory.close();
      await current.served.close();
    } finally {
      this.#current = undefined;
      await journal.close().catch(() => undefined);
    }
  }

  async #open(journal: Journal, items: Parameters<typeof openNamespace>[0]['items']): Promise<HostedNamespace> {
    const { clock, createAccess, logger, record, store } = this.#options;
    let directory: OpenedDirectory | undefined;
    const served = await openNamespace({
      name: record.name,
      journal,
      items,
      clock,
      compileRule,
      onDefinitionGone: (definition) => directory?.gone(definition),
      log: {
        warn: (facts, message) => logger.warn(facts, message),
        error: (facts, message) => logger.error(facts, message),
      },
    });
    directory = await openDirectory({
      store,
      namespaceId: record.id,
      served,
      compileRule,
      onError: (error) => logger.error({ namespace: record.name, err: error }, 'entities cannot be followed'),
    });
    const recordNow = () => this.#record;
    return {
      get record() {
        return recordNow();
      },
      served,
      directory,
      access: createAccess(recordNow, directory),
      journal,
    };
  }
}
