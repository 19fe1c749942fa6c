import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisConnection } from '../redis/connect-redis.ts';
import { hasRedisServer, type RedisServer, startRedisServer } from '../testing/redis-server.ts';
import { describeCache } from './contract.ts';
import { RedisCache } from './redis-cache.ts';

describe.skipIf(!hasRedisServer())('Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server.stop());

  describeCache('redis', async () => {
    const connection = await server.connect();
    await connection.command(['FLUSHALL']);
    return {
      cache: new RedisCache(connection),
      advance: (ms) => age(connection, ms),
      close: () => connection.close(),
    };
  });

  it('what another version wrote is a miss', async () => {
    const connection = await server.connect();
    const cache = new RedisCache(connection);
    for (const text of ['', 'x', '{}\n', '{"kind":"value"}\n', '{"kind":"response","status":"1"}\n', 'null\n']) {
      await connection.command(['SET', connection.key('cache:k'), text]);
      expect(await cache.get('k')).toBeUndefined();
    }
    await connection.close();
  });

  it('without Redis everything is a miss, a removal fails, and the log says so once', async () => {
    const own = await startRedisServer();
    const logged: string[] = [];
    const connection = await own.connect({ write: (_level, message) => logged.push(message) });
    const cache = new RedisCache(connection);
    await cache.set('k', { kind: 'value', value: 1 }, 60_000);
    await own.stop();
    await cache.set('k', { kind: 'value', value: 1 }, 60_000);
    expect([await cache.get('k'), await cache.remove('k')]).toEqual([undefined, false]);
    expect(logged.filter((message) => message.startsWith('The cache is not used'))).toHaveLength(1);
    await connection.close();
  });
});

/** Redis's clock cannot be moved: the keys are made older instead. */
async function age(connection: RedisConnection, ms: number): Promise<void> {
  const keys = await connection.command(['KEYS', '*']);
  for (const key of Array.isArray(keys) ? keys : []) {
    const left = Number(await connection.command(['PTTL', key]));
    if (left <= ms) await connection.command(['DEL', key]);
    else await connection.command(['PEXPIRE', key, String(left - ms)]);
  }
}
