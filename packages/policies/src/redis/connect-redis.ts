import { createClient } from '@redis/client';
import type { LogPort } from '../ports/ports.ts';

export interface RedisOptions {
  /** `redis://[[user][:password]@]host[:port][/database]`, `rediss://` for TLS. */
  readonly url: string;
  readonly log: LogPort;
  /** Begins every key, so that several services can share a server. */
  readonly keyPrefix?: string;
  /** How long a request waits for Redis before it goes on without. */
  readonly timeoutMs?: number;
}

/** One connection to Redis 6.2 or later (or Valkey), for counters and cache. */
export interface RedisConnection {
  /** Sends one command. Rejects when there is no connection or no answer in time; never waits for a reconnection. */
  command(args: readonly (string | Buffer)[]): Promise<unknown>;
  /** The key as it is in Redis. */
  key(name: string): string;
  readonly log: LogPort;
  close(): Promise<void>;
}

/** Redis does not answer; the message says why. */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError';
}

/**
 * Connects, and keeps reconnecting in the background for as long as the connection is open; the first attempt need not
 * succeed. Loss and return of the connection go to the log once each. Replies are buffers, not strings.
 */
export async function connectRedis(options: RedisOptions): Promise<RedisConnection> {
  const { log, keyPrefix = 'lazuli:', timeoutMs = 1_000 } = options;
  const client = createClient({
    url: options.url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 5_000,
      reconnectStrategy: (attempts) => Math.min(2_000, 50 * 2 ** Math.min(attempts, 6)),
    },
  });
  let isDown = false;
  const server = withoutCredentials(options.url);
  client.on('error', (error: unknown) => {
    if (!isDown) log.write('error', 'Redis cannot be reached.', { server, error: messageOf(error) });
    isDown = true;
  });
  client.on('ready', () => {
    if (isDown) log.write('info', 'Redis can be reached again.', { server });
    isDown = false;
  });
  const connecting = client.connect().catch(() => undefined);
  await within(connecting, timeoutMs).catch(() => undefined);

  return {
    log,
    key: (name) => keyPrefix + name,
    async command(args) {
      if (!client.isReady) throw new RedisUnavailableError(`There is no connection to ${server}.`);
      return within(client.sendCommand([...args], { typeMapping: { [blobString]: Buffer } }), timeoutMs);
    },
    async close() {
      client.destroy();
      await connecting;
    },
  };
}

/** RESP's type byte of a bulk string. */
const blobString = 36;

function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new RedisUnavailableError(`Redis did not answer within ${ms} ms.`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function withoutCredentials(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return 'redis';
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
