import type { Exchange } from '../exchange.ts';

/** The key of a value in the cache: apart from those of responses, and from those of another service in the same Redis. */
export const valueKey = (exchange: Exchange, key: string | null): string =>
  JSON.stringify(['value', exchange.gateway.serviceName, key ?? '']);
