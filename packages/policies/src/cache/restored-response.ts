import type { ExchangeResponse } from '../exchange.ts';
import { MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';
import type { CacheEntry } from '../ports/ports.ts';

type StoredResponse = Extract<CacheEntry, { kind: 'response' }>;

/** A response as it comes out of the cache, with its age in seconds. */
export function restoredResponse(entry: StoredResponse, now: number): ExchangeResponse {
  const headers = new HeaderList(entry.headers.slice());
  const storedAt = timeOf(entry, headers);
  headers.set('Age', String(Number.isNaN(storedAt) ? 0 : Math.max(0, Math.floor((now - storedAt) / 1000))));
  return {
    status: entry.status,
    reason: entry.reason,
    headers,
    body: entry.body.length > 0 ? MessageBody.fromBytes(entry.body) : null,
  };
}

const times = new WeakMap<StoredResponse, number>();

/** When it was stored, which whoever stored it wrote into `Date`; parsed once for an entry that stays in this process. */
function timeOf(entry: StoredResponse, headers: HeaderList): number {
  let time = times.get(entry);
  if (time === undefined) {
    time = Date.parse(headers.get('Date') ?? '');
    times.set(entry, time);
  }
  return time;
}
