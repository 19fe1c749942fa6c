import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-ports.ts';
import { hasRedisServer, type RedisServer, startRedisServer } from '../testing/redis-server.ts';
import { describeCounters } from './contract.ts';
import { MemoryCounters } from './memory-counters.ts';
import { RedisCounters } from './redis-counters.ts';

describe.skipIf(!hasRedisServer())('Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server.stop());

  async function make() {
    const connection = await server.connect();
    await connection.command(['FLUSHALL']);
    let now = Date.now();
    const counters = new RedisCounters({ connection, now: () => now, redisNow: () => now });
    return {
      counters,
      now: () => now,
      advance: (ms: number) => {
        now += ms;
      },
      close: () => connection.close(),
    };
  }

  describeCounters('redis', make);

  it('agrees with the counters in memory, call by call', async () => {
    const { counters, now, advance, close } = await make();
    const memory = new MemoryCounters({ now });
    let seed = 42;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    for (let i = 0; i < 1_500; i++) {
      advance(random(120));
      const [limit, period, amount] = [5 + random(30), [500, 1_000, 3_000][random(3)] ?? 500, random(4)];
      if (random(10) === 0) {
        memory.addToSlidingWindow('k', period, amount);
        await counters.addToSlidingWindow('k', period, amount);
      } else
        expect(await counters.slidingWindow('k', limit, period, amount)).toEqual(
          memory.slidingWindow('k', limit, period, amount),
        );
    }
    await close();
  });

  it('several gateways share one limit', async () => {
    const [a, b] = await Promise.all([server.connect(), server.connect()]);
    await a.command(['FLUSHALL']);
    const gateways = [a, b].map((connection) => new RedisCounters({ connection, now: Date.now }));
    const states = await Promise.all(
      Array.from({ length: 100 }, (_, i) => gateways[i % 2]?.slidingWindow('k', 30, 60_000, 1)),
    );
    expect(states.filter((state) => state?.allowed)).toHaveLength(30);
    await Promise.all([a.close(), b.close()]);
  });

  it('keys go when nothing is left to remember', async () => {
    const connection = await server.connect();
    await connection.command(['FLUSHALL']);
    const counters = new RedisCounters({ connection, now: Date.now });
    const start = Date.now();
    await counters.slidingWindow('k', 1, 5_000, 1);
    await counters.addToFixedWindow('q', start, start + 5_000, 1);
    await counters.addToFixedWindow('forever', 0, null, 1);
    const ttl = async (name: string) => Number(await connection.command(['PTTL', connection.key(name)]));
    expect(await ttl('window:k')).toBeGreaterThan(5_000);
    expect(await ttl('window:k')).toBeLessThanOrEqual(6_000);
    expect(await ttl(`quota:${start}:q`)).toBeLessThanOrEqual(5_000);
    expect(await ttl('quota:0:forever')).toBe(-1);
    await connection.close();
  });

  it('without Redis each gateway counts for itself, and says so once', async () => {
    const own = await startRedisServer();
    const logged: string[] = [];
    const connection = await own.connect({ write: (_level, message) => logged.push(message) });
    const counters = new RedisCounters({ connection, now: () => new FakeClock().now() });
    expect((await counters.slidingWindow('k', 1, 60_000, 1)).allowed).toBe(true);
    await own.stop();
    expect((await counters.slidingWindow('k', 1, 60_000, 1)).allowed).toBe(true);
    expect((await counters.slidingWindow('k', 1, 60_000, 1)).allowed).toBe(false);
    expect(await counters.addToFixedWindow('q', 0, null, 2)).toBe(2);
    expect(logged.filter((message) => message.startsWith('Limits are counted'))).toHaveLength(1);
    await connection.close();
  });
});
