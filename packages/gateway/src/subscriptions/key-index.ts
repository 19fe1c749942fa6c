import { hash, timingSafeEqual } from 'node:crypto';
import type { Subscription } from '@lazuli/resources';

interface Entry {
  readonly subscription: Subscription;
  readonly digest: Buffer;
}

/**
 * Subscriptions by key. Keys are looked up by their SHA-256, so that how long a miss takes says nothing about how much of
 * a key was right, and what is found is compared in constant time.
 */
export class KeyIndex {
  readonly #entries = new Map<string, Entry[]>();

  constructor(subscriptions: readonly Subscription[]) {
    for (const subscription of subscriptions) {
      for (const key of new Set([subscription.primaryKey, subscription.secondaryKey])) {
        if (key === '') continue;
        const digest = hash('sha256', key, 'buffer');
        const slot = digest.toString('latin1');
        const entries = this.#entries.get(slot);
        if (entries) entries.push({ subscription, digest });
        else this.#entries.set(slot, [{ subscription, digest }]);
      }
    }
  }

  /** Every subscription that has this key (Azure allows one; files may repeat a key). */
  find(key: string): readonly Subscription[] {
    const digest = hash('sha256', key, 'buffer');
    const entries = this.#entries.get(digest.toString('latin1'));
    if (!entries) return none;
    return entries.filter((entry) => timingSafeEqual(entry.digest, digest)).map((entry) => entry.subscription);
  }
}

const none: readonly Subscription[] = [];
