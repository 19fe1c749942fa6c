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

const batchMs = 250;
/** Counted in one go; between two goes requests are served. */
const batchRecords = 500;
/** A process that cannot keep up with its own counting loses records rather than memory. */
const waitingAtMost = 200_000;
const flushMs = 10_000;
/** There are many of them, and they are less important than the counts. */
const requestsFlushMs = 60_000;

interface Service {
  readonly history: RequestHistory;
  readonly files: HistoryFiles;
  /** Records and times by turns, to be counted when the request path is left alone for a moment. */
  waiting: (AccessRecord | number)[];
  /** How many of them have been counted. */
  counted: number;
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
      setInterval(() => this.#countSome(), batchMs).unref(),
      setInterval(() => void this.#flush(false), flushMs).unref(),
      setInterval(() => void this.#flush(true), requestsFlushMs).unref(),
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
    return this.#flush(true);
  }

  #flush(withRequests: boolean): Promise<void> {
    this.#countAll();
    this.#writing = this.#writing
      .then(async () => {
        for (const { history, files, ready } of this.#services.values()) {
          await ready;
          await files.write(history, this.#options.now(), withRequests);
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

  /** As much as can be counted without making anybody wait; the rest right after. */
  #countSome(): void {
    let isMore = false;
    for (const service of this.#services.values()) isMore = countWaiting(service, batchRecords) || isMore;
    if (isMore) setImmediate(() => this.#countSome());
  }

  #service(serviceId: string): Service {
    const key = serviceId.toLowerCase();
    const known = this.#services.get(key);
    if (known) return known;
    const history = new RequestHistory();
    const files = new HistoryFiles(this.#options.dataFolder, serviceId);
    const ready = this.#writing.then(() => files.read(history)).catch((error: unknown) => this.#failed(error));
    const service: Service = { history, files, waiting: [], counted: 0, ready };
    this.#services.set(key, service);
    return service;
  }

  #failed(error: unknown): void {
    this.#options.logger.error({ error: String(error) }, 'the history of requests cannot be read or written');
  }
}

/** Counts the oldest ones; true: there are more. */
function countWaiting(service: Service, most = waitingAtMost): boolean {
  const { waiting, history } = service;
  const end = Math.min(waiting.length, service.counted + 2 * most);
  for (let i = service.counted; i + 1 < end; i += 2) {
    const [record, at] = [waiting[i], waiting[i + 1]];
    if (typeof record === 'object' && typeof at === 'number') history.add(record, at);
  }
  service.counted = end;
  if (end < waiting.length) return true;
  service.waiting = [];
  service.counted = 0;
  return false;
}
