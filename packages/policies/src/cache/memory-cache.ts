import { hash } from 'node:crypto';
import { toStringOf } from '@lazuli/expressions';
import type { CacheEntry, CachePort } from '../ports/ports.ts';

export interface MemoryCacheOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Bytes that all entries together may take, keys and an estimate of the bookkeeping included. */
  readonly maxBytes: number;
}

/**
 * The cache of one process: what was used longest ago goes first when the bytes do not suffice, and every entry goes when
 * its time is over. An entry that is larger than an eighth of the whole is not kept.
 */
export class MemoryCache implements CachePort {
  readonly #now: () => number;
  readonly #maxBytes: number;
  /** In the order of use. */
  readonly #entries = new Map<string, Stored>();
  #sweep = this.#entries.entries();
  #bytes = 0;

  constructor(options: MemoryCacheOptions) {
    this.#now = options.now;
    this.#maxBytes = options.maxBytes;
  }

  get(key: string): CacheEntry | undefined {
    const name = short(key);
    const stored = this.#entries.get(name);
    if (!stored) return undefined;
    if (stored.expiresAt <= this.#now()) {
      this.#drop(name, stored);
      return undefined;
    }
    this.#entries.delete(name);
    this.#entries.set(name, stored);
    return stored.entry;
  }

  set(key: string, entry: CacheEntry, ttlMs: number): void {
    this.#dropExpired();
    const name = short(key);
    const previous = this.#entries.get(name);
    if (previous) this.#drop(name, previous);
    const bytes = name.length * 2 + sizeOf(entry) + overhead;
    if (ttlMs <= 0 || bytes > this.#maxBytes / 8) return;
    this.#entries.set(name, { entry, bytes, expiresAt: this.#now() + ttlMs });
    this.#bytes += bytes;
    for (const [oldest, stored] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest, stored);
    }
  }

  remove(key: string): boolean {
    const name = short(key);
    const stored = this.#entries.get(name);
    if (stored) this.#drop(name, stored);
    return true;
  }

  /** Bytes in use; for metrics. */
  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  #drop(name: string, stored: Stored): void {
    this.#entries.delete(name);
    this.#bytes -= stored.bytes;
  }

  /** Looks at more entries than a call can add, so that expired ones do not pile up and no timer is needed. */
  #dropExpired(): void {
    const now = this.#now();
    for (let i = 0; i < 3; i++) {
      const next = this.#sweep.next();
      if (next.done) {
        this.#sweep = this.#entries.entries();
        return;
      }
      const [name, stored] = next.value;
      if (stored.expiresAt <= now) this.#drop(name, stored);
    }
  }
}

interface Stored {
  readonly entry: CacheEntry;
  readonly bytes: number;
  readonly expiresAt: number;
}

/** About what the objects around an entry take. */
const overhead = 200;

function sizeOf(entry: CacheEntry): number {
  if (entry.kind === 'response')
    return entry.body.length + entry.headers.reduce((sum, text) => sum + text.length * 2, 0) + entry.reason.length * 2;
  if (entry.value instanceof Uint8Array) return entry.value.length;
  // Objects (JObject ...) take some times the room of their text.
  return typeof entry.value === 'object' && entry.value !== null
    ? toStringOf(entry.value).length * 8
    : toStringOf(entry.value).length * 2;
}

/** Keys may hold whatever a caller sends: a long one is replaced by its hash, so that memory per key is bounded. */
const short = (key: string): string => (key.length <= 512 ? key : `sha256:${hash('sha256', key, 'base64url')}`);
