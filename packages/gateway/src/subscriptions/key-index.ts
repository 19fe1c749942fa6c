import { hash } from 'node:crypto';
import type { Subscription } from '@lazuli/resources';

/**
 * Subscriptions by key. Only the SHA-256 of a key is ever compared: how long a look-up takes says something of the digest,
 * from which nobody can work back to a key that is nearly right.
 */
export class KeyIndex {
  readonly #subscriptions = new Map<string, Subscription[]>();

  constructor(subscriptions: readonly Subscription[]) {
    for (const subscription of subscriptions) {
      for (const key of new Set([subscription.primaryKey, subscription.secondaryKey])) {
        if (key === '') continue;
        const digest = digestOf(key);
        const known = this.#subscriptions.get(digest);
        if (known) known.push(subscription);
        else this.#subscriptions.set(digest, [subscription]);
      }
    }
  }

  /** Every subscription that has this key (Azure allows one; files may repeat a key). */
  find(key: string): readonly Subscription[] {
    return this.#subscriptions.get(digestOf(key)) ?? none;
  }
}

const none: readonly Subscription[] = [];

/** As a string of bytes: a Buffer costs three times as much as the digest itself. */
function digestOf(key: string): string {
  return hash('sha256', key, 'binary');
}
