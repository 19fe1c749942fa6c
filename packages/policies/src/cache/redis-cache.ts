import { fromPortable, toPortable } from '@lazuli/expressions';
import { boundedKey } from '../counters/memory-counters.ts';
import type { CacheEntry, CachePort } from '../ports/ports.ts';
import type { RedisConnection } from '../redis/connect-redis.ts';

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
      ? decode(Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength))
      : undefined;
  }

  async set(key: string, entry: CacheEntry, ttlMs: number): Promise<void> {
    const bytes = ttlMs > 0 ? encode(entry) : undefined;
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

/** A line of JSON, then the bytes of a response's body. */
function encode(entry: CacheEntry): Buffer | undefined {
  if (entry.kind === 'response') {
    const { status, reason, headers, body } = entry;
    return Buffer.concat([Buffer.from(`${JSON.stringify({ kind: 'response', status, reason, headers })}\n`), body]);
  }
  const value = toPortable(entry.value);
  return value === undefined ? undefined : Buffer.from(`${JSON.stringify({ kind: 'value', value })}\n`);
}

function decode(bytes: Buffer): CacheEntry | undefined {
  const end = bytes.indexOf(0x0a);
  let head: unknown;
  try {
    head = JSON.parse(bytes.toString('utf8', 0, end));
  } catch {
    return undefined;
  }
  if (typeof head !== 'object' || head === null || !('kind' in head)) return undefined;
  if (head.kind === 'value') {
    const value = 'value' in head ? fromPortable(head.value) : undefined;
    return value === undefined ? undefined : { kind: 'value', value };
  }
  if (head.kind !== 'response' || !('status' in head && 'reason' in head && 'headers' in head)) return undefined;
  const { status, reason, headers } = head;
  if (typeof status !== 'number' || typeof reason !== 'string' || !isTexts(headers)) return undefined;
  return { kind: 'response', status, reason, headers, body: bytes.subarray(end + 1) };
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
