import { hash } from 'node:crypto';
import type { CounterPort, WindowState } from '../ports/ports.ts';
import { SlidingWindow } from './sliding-window.ts';

export interface MemoryCounterOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Keys to remember, windows and quotas apart. Beyond it the key that was used longest ago is forgotten. */
  readonly maxKeys?: number;
  /** Quotas of an earlier process, as {@link MemoryCounters.quotas} gave them. */
  readonly quotas?: Iterable<QuotaCount>;
}

/** One fixed window, for keeping quotas over a restart. */
export interface QuotaCount {
  readonly key: string;
  readonly windowStart: number;
  /** Null: never ends. */
  readonly windowEnd: number | null;
  readonly sum: number;
}

/**
 * Counters of one process, exact. Every call looks at a few keys that it did not ask for and drops those that have
 * expired, so that no timer is needed and memory follows the number of live keys.
 */
export class MemoryCounters implements CounterPort {
  readonly #now: () => number;
  readonly #maxKeys: number;
  readonly #windows = new Map<string, SlidingWindow>();
  readonly #quotas = new Map<string, QuotaCount>();
  readonly #inside = new Map<string, number>();
  /** The key that was used last: it is at its place in the map already. */
  #lastName: string | null = null;
  #lastWindow: SlidingWindow | null = null;
  #windowSweep = this.#windows.entries();
  #quotaSweep = this.#quotas.entries();

  constructor(options: MemoryCounterOptions) {
    this.#now = options.now;
    this.#maxKeys = options.maxKeys ?? 1_000_000;
    for (const quota of options.quotas ?? []) this.#quotas.set(quotaKey(quota.key, quota.windowStart), quota);
  }

  slidingWindow(key: string, limit: number, periodMs: number, amount: number): WindowState {
    return this.#window(key).take(this.#now(), limit, periodMs, amount);
  }

  addToSlidingWindow(key: string, periodMs: number, amount: number): void {
    this.#window(key).add(this.#now(), periodMs, amount);
  }

  addToFixedWindow(key: string, windowStart: number, windowEnd: number | null, amount: number): number {
    this.#sweepQuotas();
    const name = quotaKey(key, windowStart);
    const known = this.#quotas.get(name);
    const sum = (known?.sum ?? 0) + amount;
    if (known) this.#quotas.delete(name);
    else makeRoom(this.#quotas, this.#maxKeys);
    this.#quotas.set(name, { key: boundedKey(key), windowStart, windowEnd, sum });
    return sum;
  }

  enter(key: string, max: number): boolean {
    const name = boundedKey(key);
    const inside = this.#inside.get(name) ?? 0;
    if (inside >= max) return false;
    this.#inside.set(name, inside + 1);
    return true;
  }

  leave(key: string): void {
    const name = boundedKey(key);
    const inside = this.#inside.get(name) ?? 0;
    if (inside <= 1) this.#inside.delete(name);
    else this.#inside.set(name, inside - 1);
  }

  /** The quotas that have not ended, to give to the next process. */
  *quotas(): Generator<QuotaCount> {
    const now = this.#now();
    for (const quota of this.#quotas.values()) if (quota.windowEnd === null || quota.windowEnd > now) yield quota;
  }

  /** Number of keys that are remembered; for tests and metrics. */
  get size(): number {
    return this.#windows.size + this.#quotas.size + this.#inside.size;
  }

  #window(key: string): SlidingWindow {
    this.#sweepWindows();
    const name = boundedKey(key);
    if (name === this.#lastName && this.#lastWindow !== null) return this.#lastWindow;
    let window = this.#windows.get(name);
    // Inserted again: the map's order is the order of use.
    if (window) this.#windows.delete(name);
    else {
      makeRoom(this.#windows, this.#maxKeys);
      window = new SlidingWindow();
    }
    this.#windows.set(name, window);
    this.#lastName = name;
    this.#lastWindow = window;
    return window;
  }

  #sweepWindows(): void {
    const now = this.#now();
    for (let i = 0; i < sweepPerCall; i++) {
      const next = this.#windowSweep.next();
      if (next.done) {
        this.#windowSweep = this.#windows.entries();
        return;
      }
      const [key, window] = next.value;
      if (window.expiresAt > now) continue;
      this.#windows.delete(key);
      if (key === this.#lastName) this.#lastName = null;
    }
  }

  #sweepQuotas(): void {
    const now = this.#now();
    for (let i = 0; i < sweepPerCall; i++) {
      const next = this.#quotaSweep.next();
      if (next.done) {
        this.#quotaSweep = this.#quotas.entries();
        return;
      }
      const [key, quota] = next.value;
      if (quota.windowEnd !== null && quota.windowEnd <= now) this.#quotas.delete(key);
    }
  }
}

/** More than the one key that a call can add, so that the sweep outruns the growth. */
const sweepPerCall = 3;

function makeRoom<T>(map: Map<string, T>, max: number): void {
  if (map.size < max) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}

const quotaKey = (key: string, windowStart: number): string => `${windowStart}:${boundedKey(key)}`;

/** Keys may hold whatever a caller sends: a long one is replaced by its hash, so that memory per key is bounded. */
export const boundedKey = (key: string): string =>
  key.length <= 256 ? key : `sha256:${hash('sha256', key, 'base64url')}`;
