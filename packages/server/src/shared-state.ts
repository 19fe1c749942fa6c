import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import {
  type CachePort,
  type ClockPort,
  type CounterPort,
  connectRedis,
  DurableCounters,
  type LogPort,
  MemoryCache,
  MemoryCounters,
  type MetricPort,
  RedisCache,
  RedisCounters,
} from '@lazuli/policies';

/** Counters and cache of a gateway, and how to let go of them. */
export interface SharedState {
  readonly cache: CachePort;
  readonly counters: CounterPort;
  /** Where metrics are added up, when it is not in this process. */
  readonly metrics?: MetricPort;
  close(): Promise<void>;
}

export interface SharedStateOptions {
  /** `redis://…`: counters and cache are shared by all gateways with the same URL. Null: they are this process's own. */
  readonly redisUrl: string | null;
  /** Keeps quotas over a restart, in a folder of their own for each folder that is served. Null: nothing is kept. */
  readonly dataFolder: string | null;
  /** What is served; null for files from elsewhere. */
  readonly folder: string | null;
  readonly clock: ClockPort;
  readonly log: LogPort;
}

const cacheBytes = 256 * 1024 * 1024;

export async function openSharedState({
  redisUrl,
  dataFolder,
  folder,
  clock,
  log,
}: SharedStateOptions): Promise<SharedState> {
  const now = () => clock.now();
  if (redisUrl !== null) {
    const connection = await connectRedis({ url: redisUrl, log });
    return {
      cache: new RedisCache(connection),
      counters: new RedisCounters({ connection, now }),
      close: () => connection.close(),
    };
  }
  const cache = new MemoryCache({ now, maxBytes: cacheBytes });
  if (dataFolder === null || folder === null)
    return { cache, counters: new MemoryCounters({ now }), close: async () => {} };
  const name = createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16);
  const counters = await DurableCounters.open({ folder: join(dataFolder, 'quotas', name), now, log });
  return { cache, counters, close: () => counters.close() };
}
