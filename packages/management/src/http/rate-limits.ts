import { armError } from '../errors.ts';
import type { Method } from '../services.ts';

/** Requests that one principal may make in an hour. */
export interface RateLimitOptions {
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
}

/** Azure's own are 12,000 reads and 1,200 writes; publishing a folder of APIs needs more of them than that. */
export const defaultRateLimits: RateLimitOptions = { reads: 360_000, writes: 120_000, deletes: 120_000 };

const windowSeconds = 3600;
type Kind = keyof RateLimitOptions;

interface Window {
  readonly end: number;
  readonly used: Record<Kind, number>;
}

/** Counts the requests of every principal in windows of one hour, in this process. */
export class RateLimits {
  readonly #limits: RateLimitOptions;
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();

  constructor(limits: RateLimitOptions, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Counts one request. @returns the headers that tell what is left. @throws {ArmError} `TooManyRequests` */
  take(principalId: string, method: Method): Record<string, string> {
    const kind: Kind = method === 'GET' || method === 'HEAD' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes';
    const window = this.#window(principalId);
    const limit = this.#limits[kind];
    const left = limit - ++window.used[kind];
    const name = `x-ms-ratelimit-remaining-subscription-${kind}`;
    if (left >= 0) return { [name]: String(left) };
    const retryAfter = String(Math.max(1, Math.ceil((window.end - this.#now()) / 1000)));
    throw armError(
      'TooManyRequests',
      { limit, kind, seconds: windowSeconds },
      { headers: { 'Retry-After': retryAfter, [name]: '0' } },
    );
  }

  #window(principalId: string): Window {
    const now = this.#now();
    const current = this.#windows.get(principalId);
    if (current !== undefined && current.end > now) return current;
    // Windows of principals that are gone: there are never many, so a look at each new window is enough.
    for (const [id, window] of this.#windows) if (window.end <= now) this.#windows.delete(id);
    const window = { end: now + windowSeconds * 1000, used: { reads: 0, writes: 0, deletes: 0 } };
    this.#windows.set(principalId, window);
    return window;
  }
}
