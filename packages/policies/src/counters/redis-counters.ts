import type { CounterPort, WindowState } from '../ports/ports.ts';
import type { RedisConnection } from '../redis/connect-redis.ts';
import { script } from '../redis/script.ts';
import { boundedKey, MemoryCounters } from './memory-counters.ts';
import { slidingWindowScript } from './sliding-window-script.ts';

export interface RedisCounterOptions {
  readonly connection: RedisConnection;
  /** Milliseconds since 1970, for what is counted without Redis. */
  readonly now: () => number;
  /** Replaces Redis's clock in tests. */
  readonly redisNow?: () => number;
}

/**
 * Counters that gateways share through Redis, exact over all of them. While Redis does not answer, each gateway counts for
 * itself, so that limits stay in force, more loosely; the log says so. Concurrency is counted per gateway, as in Azure. Quotas are as durable
 * as Redis is configured to be (`appendonly yes`).
 */
export class RedisCounters implements CounterPort {
  readonly #connection: RedisConnection;
  readonly #redisNow: (() => number) | null;
  readonly #local: MemoryCounters;
  #isAlone = false;

  constructor({ connection, now, redisNow }: RedisCounterOptions) {
    this.#connection = connection;
    this.#redisNow = redisNow ?? null;
    this.#local = new MemoryCounters({ now });
  }

  slidingWindow(key: string, limit: number, periodMs: number, amount: number): Promise<WindowState> {
    return this.#orAlone(
      async () => {
        const reply = await this.#window(key, ['take', limit, periodMs, amount]);
        const [allowed = 0, remaining = 0, retryAfterMs = 0] = Array.isArray(reply) ? reply.map(Number) : [];
        return { allowed: allowed === 1, remaining, retryAfterMs };
      },
      () => this.#local.slidingWindow(key, limit, periodMs, amount),
    );
  }

  addToSlidingWindow(key: string, periodMs: number, amount: number): Promise<void> {
    return this.#orAlone(
      async () => void (await this.#window(key, ['add', 0, periodMs, amount])),
      () => this.#local.addToSlidingWindow(key, periodMs, amount),
    );
  }

  addToFixedWindow(key: string, windowStart: number, windowEnd: number | null, amount: number): Promise<number> {
    const name = this.#connection.key(`quota:${windowStart}:${boundedKey(key)}`);
    return this.#orAlone(
      async () => Number(await fixedWindowScript.run(this.#connection, name, [amount, windowEnd ?? ''])),
      () => this.#local.addToFixedWindow(key, windowStart, windowEnd, amount),
    );
  }

  enter(key: string, max: number): boolean {
    return this.#local.enter(key, max);
  }

  leave(key: string): void {
    this.#local.leave(key);
  }

  #window(key: string, args: readonly (string | number)[]): Promise<unknown> {
    const name = this.#connection.key(`window:${boundedKey(key)}`);
    return slidingWindowScript.run(this.#connection, name, [...args, this.#redisNow?.() ?? '']);
  }

  async #orAlone<T>(shared: () => Promise<T>, alone: () => T): Promise<T> {
    try {
      const result = await shared();
      this.#isAlone = false;
      return result;
    } catch (error) {
      // Once an outage: the connection itself reports coming and going.
      if (!this.#isAlone)
        this.#connection.log.write('warn', 'Limits are counted by this gateway alone: Redis does not answer.', {
          error: error instanceof Error ? error.message : String(error),
        });
      this.#isAlone = true;
      return alone();
    }
  }
}

const fixedWindowScript = script(`
local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
if ARGV[2] ~= '' then redis.call('PEXPIREAT', KEYS[1], ARGV[2]) end
return sum
`);
