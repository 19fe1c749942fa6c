import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { LogPort } from '../ports/ports.ts';
import { connectRedis, type RedisConnection } from '../redis/connect-redis.ts';

/** For tests: a Redis of their own on a free loopback port, with nothing kept on disk. */
export interface RedisServer {
  readonly url: string;
  connect(log?: LogPort): Promise<RedisConnection>;
  stop(): Promise<void>;
}

/**
 * Says whether the tests of Redis can run here. Where everything must be tested (CI=true) a missing server is an error.
 */
export function hasRedisServer(): boolean {
  const { error } = spawnSync('redis-server', ['--version'], { stdio: 'ignore' });
  if (!error) return true;
  const message = "redis-server is not installed ('apt-get install redis-server')";
  if (process.env.CI === 'true') throw new Error(`${message}.`);
  console.warn(`\n*** NOT TESTED: counters and cache in Redis. ${message}. ***\n`);
  return false;
}

const silent: LogPort = { write: () => undefined };

export async function startRedisServer(): Promise<RedisServer> {
  const port = await freePort();
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--daemonize',
    'no',
  ];
  const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'ignore'] });
  await ready(child);
  const url = `redis://127.0.0.1:${port}`;
  return {
    url,
    connect: (log = silent) => connectRedis({ url, log, timeoutMs: 10_000 }),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended: ${output}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
