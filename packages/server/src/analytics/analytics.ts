import type { AccessRecord } from '@lazuli/gateway';
import type { ReportRow, ReportSource, RequestRecord } from '@lazuli/management';
import type { Logger } from 'pino';
import { HistoryFiles } from './history-files.ts';
import { RequestHistory } from './request-history.ts';

export interface AnalyticsOptions {
  readonly dataFolder: string;
  readonly logger: Logger;
  readonly now: () => number;
}

const batchMs = 500;
/** A process that cannot keep up with its own counting loses records rather than memory. */
const waitingAtMost = 200_000;
const flushMs = 10_000;

interface Service {
  readonly history: RequestHistory;
  readonly files: HistoryFiles;
  /** Records and times by turns, to be counted when the request path is left alone for a moment. */
  waiting: (AccessRecord | number)[];
  ready: Promise<void>;
}

/** Counts the requests of this process's services for the reports, and keeps the counts over restarts. */
export class Analytics implements ReportSource {
  readonly #options: AnalyticsOptions;
  /** By id in lower case. */
  readonly #services = new Map<string, Service>();
  readonly #timers: readonly NodeJS.Timeout[];
  #writing: Promise<void> = Promise.resolve();

  constructor(options: AnalyticsOptions) {
    this.#options = options;
    this.#timers = [
      setInterval(() => this.#countAll(), batchMs).unref(),
      setInterval(() => void this.flush(), flushMs).unref(),
    ];
  }

  /** What the gateway of a service calls for every finished request: two appends. */
  recorderOf(serviceId: string): (record: AccessRecord) => void {
    const service = this.#service(serviceId);
    const { now } = this.#options;
    return (record) => {
      if (service.waiting.length < waitingAtMost) service.waiting.push(record, now());
    };
  }

  *rows(serviceId: string): Generator<ReportRow> {
    const service = this.#services.get(serviceId.toLowerCase());
    if (!service) return;
    countWaiting(service);
    yield* service.history.rows();
  }

  requests(serviceId: string): readonly RequestRecord[] {
    const service = this.#services.get(serviceId.toLowerCase());
    if (!service) return [];
    countWaiting(service);
    return service.history.requests();
  }

  /** Everything counted so far is on disk afterwards. */
  flush(): Promise<void> {
    this.#countAll();
    this.#writing = this.#writing
      .then(async () => {
        for (const { history, files, ready } of this.#services.values()) {
          await ready;
          await files.write(history, this.#options.now());
        }
      })
      .catch((error: unknown) => this.#failed(error));
    return this.#writing;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.flush();
  }

  #countAll(): void {
    for (const service of this.#services.values()) countWaiting(service);
  }

  #service(serviceId: string): Service {
    const key = serviceId.toLowerCase();
    const known = this.#services.get(key);
    if (known) return known;
    const history = new RequestHistory();
    const files = new HistoryFiles(this.#options.dataFolder, serviceId);
    const ready = this.#writing.then(() => files.read(history)).catch((error: unknown) => this.#failed(error));
    const service: Service = { history, files, waiting: [], ready };
    this.#services.set(key, service);
    return service;
  }

  #failed(error: unknown): void {
    this.#options.logger.error({ error: String(error) }, 'the history of requests cannot be read or written');
  }
}

function countWaiting(service: Service): void {
  if (service.waiting.length === 0) return;
  const { waiting } = service;
  service.waiting = [];
  for (let i = 0; i + 1 < waiting.length; i += 2) {
    const [record, at] = [waiting[i], waiting[i + 1]];
    if (typeof record === 'object' && typeof at === 'number') service.history.add(record, at);
  }
}
