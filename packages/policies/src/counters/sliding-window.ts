import type { WindowState } from '../ports/ports.ts';

/**
 * The calls of one key in order of time, exactly. An entry is a millisecond in which something was counted, with the sum
 * of everything counted until then: the sum of any window is one subtraction after a binary search, and forgetting is
 * moving `head`. Calls of the same millisecond share an entry, so the log never has more entries than the longest period
 * has milliseconds, nor more than calls were counted.
 */
export class SlidingWindow {
  #times = new Float64Array(initialCapacity);
  #sums = new Float64Array(initialCapacity);
  /** Index of the oldest entry in the ring, and how many there are. */
  #head = 0;
  #length = 0;
  /** Everything counted before the oldest entry. */
  #forgotten = 0;
  /** The longest period that anybody asked for: what is older was forgotten, and a longer period asked later cannot see it. */
  #retention = 0;

  /** When nothing is left to remember; an instant that has passed means that the key can be dropped. */
  get expiresAt(): number {
    return this.#length === 0 ? 0 : this.#time(this.#length - 1) + this.#retention;
  }

  take(now: number, limit: number, periodMs: number, amount: number): WindowState {
    this.#forget(now, periodMs);
    const used = this.#sum() - this.#sumBefore(now - periodMs);
    const wanted = Math.max(amount, 1);
    if (used + wanted > limit)
      return {
        allowed: false,
        remaining: Math.max(0, limit - used),
        retryAfterMs: this.#waitFor(now, limit, periodMs, wanted),
      };
    this.#record(now, amount);
    const remaining = limit - used - amount;
    return {
      allowed: true,
      remaining,
      retryAfterMs: remaining > 0 ? 0 : this.#waitFor(now, limit, periodMs, 1),
    };
  }

  add(now: number, periodMs: number, amount: number): void {
    this.#forget(now, periodMs);
    this.#record(now, amount);
  }

  /** Until so much has left the window that `wanted` fits. */
  #waitFor(now: number, limit: number, periodMs: number, wanted: number): number {
    const mayStay = limit - wanted;
    if (mayStay < 0) return periodMs;
    // The first entry after whose leaving the rest is small enough.
    const total = this.#sum();
    const at = this.#search((i) => total - this.#sumAt(i) <= mayStay);
    return at === this.#length ? 0 : Math.max(1, this.#time(at) + periodMs - now);
  }

  /** The sum of everything at or before the instant. */
  #sumBefore(instant: number): number {
    const at = this.#search((i) => this.#time(i) > instant);
    return at === 0 ? this.#forgotten : this.#sumAt(at - 1);
  }

  #sum(): number {
    return this.#length === 0 ? this.#forgotten : this.#sumAt(this.#length - 1);
  }

  #record(now: number, amount: number): void {
    if (amount === 0) return;
    const total = this.#sum() + amount;
    // A clock that was set back must not break the order of the log.
    const last = this.#length === 0 ? Number.NEGATIVE_INFINITY : this.#time(this.#length - 1);
    if (now <= last) {
      this.#sums[this.#slot(this.#length - 1)] = total;
      return;
    }
    if (this.#length === this.#times.length) this.#resize(this.#length * 2);
    const slot = this.#slot(this.#length++);
    this.#times[slot] = now;
    this.#sums[slot] = total;
  }

  #forget(now: number, periodMs: number): void {
    if (periodMs > this.#retention) this.#retention = periodMs;
    const oldest = now - this.#retention;
    while (this.#length > 0 && this.#time(0) <= oldest) {
      this.#forgotten = this.#sumAt(0);
      this.#head = (this.#head + 1) % this.#times.length;
      this.#length--;
    }
    if (this.#times.length > initialCapacity && this.#length * 4 < this.#times.length)
      this.#resize(Math.max(initialCapacity, this.#times.length / 2));
    if (this.#length === 0) this.#forgotten = 0;
  }

  /** The first entry for which the condition holds (it holds for all later ones too), or the length. */
  #search(holds: (i: number) => boolean): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #resize(capacity: number): void {
    const times = new Float64Array(capacity);
    const sums = new Float64Array(capacity);
    for (let i = 0; i < this.#length; i++) {
      times[i] = this.#time(i);
      sums[i] = this.#sumAt(i);
    }
    this.#times = times;
    this.#sums = sums;
    this.#head = 0;
  }

  #slot(i: number): number {
    return (this.#head + i) % this.#times.length;
  }

  #time(i: number): number {
    return this.#times[this.#slot(i)] as number;
  }

  #sumAt(i: number): number {
    return this.#sums[this.#slot(i)] as number;
  }
}

const initialCapacity = 4;
