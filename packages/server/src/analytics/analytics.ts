import type { AccessRecord } from '@lazuli/gateway';
import type { ReportRow, ReportSource, RequestRecord } from '@lazuli/management';
import type { Logger } from 'pino';
import { HistoryFiles } from './history-files.ts';
import { RecordQueue } from './record-queue.ts';
import { RequestHistory } from './request-history.ts';
import type { UsageBatch } from './usage-batch.ts';

export interface AnalyticsOptions {
  readonly dataFolder: string;
  readonly logger: Logger;
  readonly now: () => number;
}

const batchMs = 250;
/** Counted in one go; between two goes requests are served. */
const batchRecords = 500;
const batchesAtMost = 10_000;
const flushMs = 10_000;
/** There are many of them, and they are less important than the counts. */
const requestsFlushMs = 60_000;

interface Service {
  readonly history: RequestHistory;
  readonly files: HistoryFiles;
  readonly queue: RecordQueue;
  ready: Promise<void>;
}

/** Counts the requests of this process's services for the reports, and keeps the counts over restarts. */
export class Analytics implements ReportSource {
  readonly #options: AnalyticsOptions;
  /** By id in lower case. */
  readonly #services = new Map<string, Service>();
  /** Ids of the last batches of self-hosted gateways. */
  readonly #batches = new Set<string>();
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
      service.queue.add(record, now());
    };
  }

  /** Resolves when what earlier processes kept of the services so far has been read. */
  async ready(): Promise<void> {
    await Promise.all([...this.#services.values()].map(({ ready }) => ready));
  }

  /** Takes what a self-hosted gateway of the service has counted, once. */
  merge(serviceId: string, { id, rows, requests }: UsageBatch): void {
    if (this.#batches.has(id)) return;
    this.#batches.add(id);
    const [oldest] = this.#batches;
    if (this.#batches.size > batchesAtMost && oldest !== undefined) this.#batches.delete(oldest);
    this.#service(serviceId).history.merge(rows, requests);
  }

  *rows(serviceId: string): Generator<ReportRow> {
    const service = this.#services.get(serviceId.toLowerCase());
    if (!service) return;
    service.queue.count(service.history);
    yield* service.history.rows();
  }

  requests(serviceId: string): readonly RequestRecord[] {
    const service = this.#services.get(serviceId.toLowerCase());
    if (!service) return [];
    service.queue.count(service.history);
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
    for (const service of this.#services.values()) service.queue.count(service.history);
  }

  /** As much as can be counted without making anybody wait; the rest right after. */
  #countSome(): void {
    let isMore = false;
    for (const service of this.#services.values())
      isMore = service.queue.count(service.history, batchRecords) || isMore;
    if (isMore) setImmediate(() => this.#countSome());
  }

  #service(serviceId: string): Service {
    const key = serviceId.toLowerCase();
    const known = this.#services.get(key);
    if (known) return known;
    const history = new RequestHistory();
    const files = new HistoryFiles(this.#options.dataFolder, serviceId);
    const ready = this.#writing.then(() => files.read(history)).catch((error: unknown) => this.#failed(error));
    const service: Service = { history, files, queue: new RecordQueue(), ready };
    this.#services.set(key, service);
    return service;
  }

  #failed(error: unknown): void {
    this.#options.logger.error({ error: String(error) }, 'the history of requests cannot be read or written');
  }
}
