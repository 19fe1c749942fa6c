/** Failures after which a client is locked out, and for how long, in milliseconds. */
const most = 10;
const windowMilliseconds = 60_000;
const mostTracked = 10_000;

/**
 * Counts failed sign-ins by client and address, so that a secret cannot be guessed and nobody can lock out a client from
 * another address. An address that fails with many clients is locked out as a whole.
 */
export class SignInFailures {
  readonly #now: () => number;
  readonly #failures = new Map<string, { count: number; readonly until: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds until the client may try again; 0: now. */
  lockedFor(client: string, address: string): number {
    return Math.max(this.#left(`${client}|${address}`, most), this.#left(`|${address}`, most * 5));
  }

  failed(client: string, address: string): void {
    for (const key of [`${client}|${address}`, `|${address}`]) {
      const entry = this.#current(key);
      if (entry !== undefined) entry.count++;
      else this.#failures.set(key, { count: 1, until: this.#now() + windowMilliseconds });
    }
    this.#forget();
  }

  succeeded(client: string, address: string): void {
    this.#failures.delete(`${client}|${address}`);
  }

  #left(key: string, limit: number): number {
    const entry = this.#current(key);
    return entry === undefined || entry.count < limit ? 0 : Math.ceil((entry.until - this.#now()) / 1000);
  }

  #current(key: string) {
    const entry = this.#failures.get(key);
    if (entry === undefined || entry.until > this.#now()) return entry;
    this.#failures.delete(key);
    return undefined;
  }

  /** Oldest first: a map keeps the order of insertion. */
  #forget(): void {
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= mostTracked) return;
      this.#failures.delete(key);
    }
  }
}
