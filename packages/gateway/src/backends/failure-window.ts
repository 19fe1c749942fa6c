/** Successes and failures of the last `interval` milliseconds, exact to the call, in bounded memory. */
export class FailureWindow {
  readonly #interval: number;
  readonly #capacity: number;
  /** When the calls were, oldest first, in a ring; a negative time is a success. */
  #calls = new Float64Array(16);
  #first = 0;
  #size = 0;
  #failures = 0;

  /** Beyond `capacity` calls the oldest are forgotten early. */
  constructor(interval: number, capacity = 65_536) {
    this.#interval = interval;
    this.#capacity = capacity;
  }

  add(now: number, failed: boolean): void {
    this.#forget(now);
    if (this.#size === this.#capacity) this.#drop();
    if (this.#size === this.#calls.length) this.#grow();
    this.#calls[(this.#first + this.#size++) % this.#calls.length] = failed ? now : -now;
    if (failed) this.#failures++;
  }

  /** Calls and failures that lie within the interval before `now`. */
  count(now: number): { readonly calls: number; readonly failures: number } {
    this.#forget(now);
    return { calls: this.#size, failures: this.#failures };
  }

  clear(): void {
    this.#size = 0;
    this.#failures = 0;
  }

  #forget(now: number): void {
    while (this.#size > 0 && Math.abs(this.#calls[this.#first] ?? 0) <= now - this.#interval) this.#drop();
  }

  #drop(): void {
    if ((this.#calls[this.#first] ?? 0) > 0) this.#failures--;
    this.#first = (this.#first + 1) % this.#calls.length;
    this.#size--;
  }

  #grow(): void {
    const larger = new Float64Array(this.#calls.length * 2);
    for (let i = 0; i < this.#size; i++) larger[i] = this.#calls[(this.#first + i) % this.#calls.length] ?? 0;
    this.#calls = larger;
    this.#first = 0;
  }
}
