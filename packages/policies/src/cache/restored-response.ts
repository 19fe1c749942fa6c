import type { ExchangeResponse } from '../exchange.ts';
import { MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';
import type { CacheEntry } from '../ports/ports.ts';

/** A response as it comes out of the cache, with its age in seconds. */
export function restoredResponse(entry: Extract<CacheEntry, { kind: 'response' }>, now: number): ExchangeResponse {
  const headers = new HeaderList([...entry.headers]);
  // Whoever stored it wrote when.
  const storedAt = Date.parse(headers.get('Date') ?? '');
  headers.set('Age', String(Number.isNaN(storedAt) ? 0 : Math.max(0, Math.floor((now - storedAt) / 1000))));
  return {
    status: entry.status,
    reason: entry.reason,
    headers,
    body: entry.body.length > 0 ? MessageBody.fromBytes(entry.body) : null,
  };
}
