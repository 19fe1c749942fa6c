import { boundedKey } from '../counters/memory-counters.ts';
import type { CacheEntry, CachePort } from '../ports/ports.ts';
import type { RedisConnection } from '../redis/connect-redis.ts';
import { entryFromBytes, entryToBytes } from './entry-bytes.ts';

/**
 * The cache that gateways share through Redis. An entry that is there but cannot be read (another version wrote it) is a
 * miss. When Redis does not answer, everything is a miss and the log says so.
 */
export class RedisCache implements CachePort {
  readonly #connection: RedisConnection;
  #isDown = false;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async get(key: string): Promise<CacheEntry | undefined> {
    const reply = await this.#try(['GET', this.#name(key)]);
    return reply instanceof Uint8Array
      ? entryFromBytes(Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength))
      : undefined;
  }

  async set(key: string, entry: CacheEntry, ttlMs: number): Promise<void> {
    const bytes = ttlMs > 0 ? entryToBytes(entry) : undefined;
    if (bytes) await this.#try(['SET', this.#name(key), bytes, 'PX', String(Math.ceil(ttlMs))]);
    else await this.#try(['DEL', this.#name(key)]);
  }

  async remove(key: string): Promise<boolean> {
    return (await this.#try(['DEL', this.#name(key)])) !== undefined;
  }

  #name(key: string): string {
    return this.#connection.key(`cache:${boundedKey(key)}`);
  }

  /** Undefined when Redis did not answer. */
  async #try(command: readonly (string | Buffer)[]): Promise<unknown> {
    try {
      const reply = await this.#connection.command(command);
      this.#isDown = false;
      return reply;
    } catch (error) {
      if (!this.#isDown)
        this.#connection.log.write('warn', 'The cache is not used: Redis does not answer.', {
          error: error instanceof Error ? error.message : String(error),
        });
      this.#isDown = true;
      return undefined;
    }
  }
}
