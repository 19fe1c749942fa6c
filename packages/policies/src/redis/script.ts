import { hash } from 'node:crypto';
import type { RedisConnection } from './connect-redis.ts';

/** A Lua script that Redis runs atomically; sent whole only when Redis does not know it. */
export interface Script {
  run(connection: RedisConnection, key: string, args: readonly (string | number)[]): Promise<unknown>;
}

export function script(source: string): Script {
  const digest = hash('sha1', source);
  return {
    async run(connection, key, args) {
      const rest = ['1', key, ...args.map(String)];
      try {
        return await connection.command(['EVALSHA', digest, ...rest]);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return connection.command(['EVAL', source, ...rest]);
      }
    },
  };
}
