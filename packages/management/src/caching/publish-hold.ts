import { randomUUID } from 'node:crypto';
import type { Store } from '@lazuli/store';
import { objectAt, stringAt } from '../json/json.ts';

/**
 * While a deployment runs, what it has written so far is half a configuration. A record of this type says so to everybody who
 * follows the change feed: whoever publishes what the feed brings waits until no hold is left (or its time is over), and then
 * publishes everything at once.
 *
 * The put of the record precedes the first change of the deployment in the feed, its delete follows the last one.
 * `body.properties`: `{ reason, until }`; `until` is ISO 8601, after which a hold counts for nothing (its process is gone).
 */
export const publishHoldType = 'Lazuli.Management/publishHolds';

/** How long a hold counts unless it is renewed, in milliseconds. */
const holdMilliseconds = 60_000;

/** Takes a hold and renews it until the returned function is called. */
export async function holdPublishing(store: Store, reason: string, now: () => number): Promise<() => Promise<void>> {
  const id = `/providers/${publishHoldType}/${randomUUID()}`;
  const write = () => {
    const until = new Date(now() + holdMilliseconds).toISOString();
    return store.change([{ operation: 'put', id, type: publishHoldType, body: { properties: { reason, until } } }]);
  };
  await write();
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    // A renewal that fails is tried again by the next one; the hold lasts for three of them.
    running = write().catch(() => undefined);
  }, holdMilliseconds / 3);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
    await store.change([{ operation: 'delete', id }]);
  };
}

/** Gives back the holds of processes that have ended: those whose time is over, and all where this process is `alone`. */
export async function clearHolds(store: Store, now: number, alone: boolean): Promise<void> {
  const { items } = await store.list({ type: publishHoldType });
  for (const hold of items) {
    const until = stringAt(objectAt(hold.body, 'properties'), 'until') ?? '';
    if (!alone && Date.parse(until) > now) continue;
    await store.change([{ operation: 'delete', id: hold.id }]);
  }
}
