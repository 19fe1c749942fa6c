import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MetricSeries } from '@lazuli/policies';
import { requireFreePorts, urlOf } from '../listeners.ts';
import { createLogger } from '../logging/logger.ts';
import { openMetricsEndpoint } from '../metrics-endpoint.ts';
import { logPort, systemClock } from '../ports.ts';
import type { RunningService, ServerOptions } from '../server-options.ts';
import { openSharedState } from '../shared-state.ts';
import { serveState } from './state-service.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

export interface RunningWorkers extends RunningService {
  /** Process ids of the workers that serve now. */
  readonly pids: readonly number[];
}

/**
 * Serves a folder with several processes on the same ports. This process holds their counters and cache, so that limits
 * are as exact as with one, and replaces a worker that dies; the others go on meanwhile.
 * @throws what {@link startServer} throws
 */
export async function startWorkers(
  options: ServerOptions & { readonly folder: string },
  count: number,
): Promise<RunningWorkers> {
  await requireFreePorts(options);
  const logger = createLogger(options.logLevel);
  const clock = systemClock(options.clock);
  const log = logPort(logger);
  const { dataFolder, folder } = options;
  const redisUrl = options.redisUrl ?? null;
  const state = await openSharedState({
    redisUrl: null,
    dataFolder: redisUrl === null ? dataFolder : null,
    folder,
    clock,
    log,
  });
  const metrics = new MetricSeries(clock);
  const scratch = await mkdtemp(join(tmpdir(), 'lazuli-'));
  const service = await serveState(join(scratch, 'state'), { ...state, metrics });
  const metricsEndpoint =
    options.metricsPort == null ? null : await openMetricsEndpoint(options.metricsPort, () => metrics.read());
  const release = async (): Promise<void> => {
    await metricsEndpoint?.close();
    await service.close();
    await state.close();
    await rm(scratch, { recursive: true, force: true });
    logger.flush();
  };

  const crew = new Crew({ ...options, metricsPort: null, worker: { stateSocket: service.path } }, (message, fields) =>
    logger.warn(fields, message),
  );
  let first: Omit<RunningService, 'stop'>;
  try {
    first = await crew.start(count);
  } catch (error) {
    await crew.stop(0);
    await release();
    throw error;
  }
  return {
    ...first,
    addresses: [
      ...first.addresses,
      ...(metricsEndpoint ? [{ name: 'Metrics', url: `${urlOf(metricsEndpoint.address)}/metrics` }] : []),
    ],
    get pids() {
      return crew.pids;
    },
    async stop(graceMs) {
      await crew.stop(graceMs);
      await release();
    },
  };
}

/** The workers of one service. */
class Crew {
  readonly #workers = new Map<number, WorkerProcess>();
  #options: ServerOptions;
  readonly #warn: (message: string, fields: Record<string, unknown>) => void;
  #isStopping = false;

  constructor(options: ServerOptions, warn: (message: string, fields: Record<string, unknown>) => void) {
    this.#options = options;
    this.#warn = warn;
  }

  get pids(): number[] {
    return [...this.#workers.values()].map(({ pid }) => pid);
  }

  /** The first alone: it makes the certificates, and says which ports the system chose. */
  async start(count: number): Promise<Omit<RunningService, 'stop'>> {
    const { service } = await this.#employ(0);
    this.#options = withPortsOf(this.#options, service);
    await Promise.all(Array.from({ length: count - 1 }, (_, i) => this.#employ(i + 1)));
    return service;
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop(graceMs)));
  }

  async #employ(place: number): Promise<WorkerProcess> {
    const worker = await startWorkerProcess(this.#options, (report) => {
      // All read the same files: one of them says what it found.
      if (place === Math.min(...this.#workers.keys())) this.#options.onReload?.(report);
    });
    this.#workers.set(place, worker);
    const since = performance.now();
    void worker.ended.then((reason) => {
      this.#workers.delete(place);
      if (this.#isStopping) return;
      this.#warn('a worker ended and is replaced', { pid: worker.pid, reason });
      void this.#replace(place, performance.now() - since < steadyMs ? firstPauseMs : 0);
    });
    return worker;
  }

  async #replace(place: number, pauseMs: number): Promise<void> {
    for (let pause = pauseMs; !this.#isStopping; pause = Math.min(Math.max(pause, firstPauseMs) * 2, longestPauseMs)) {
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause).unref());
      if (this.#isStopping) return;
      try {
        const worker = await this.#employ(place);
        if (this.#isStopping) await worker.stop(0);
        return;
      } catch (error) {
        this.#warn('a worker could not be replaced', {
          reason: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }
}

/** A worker that lived so long is replaced at once. */
const steadyMs = 10_000;
const firstPauseMs = 100;
const longestPauseMs = 5000;

function withPortsOf(options: ServerOptions, { addresses }: Pick<RunningService, 'addresses'>): ServerOptions {
  const portOf = (name: string) =>
    Number(new URL(addresses.find((address) => address.name === name)?.url ?? 'x:').port);
  return {
    ...options,
    port: portOf('HTTP') || options.port,
    tls: options.tls && { ...options.tls, port: portOf('HTTPS') || options.tls.port },
  };
}
