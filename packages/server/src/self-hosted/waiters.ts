export interface Waiting {
  /** True when there may be something new, false when the time is over. */
  readonly woken: Promise<boolean>;
  cancel(): void;
}

const waitersAtMost = 10_000;

/** Requests that wait for something to change, by what it concerns. */
export class Waiters {
  readonly #waiting = new Map<string, Set<(woken: boolean) => void>>();
  #count = 0;
  #isClosed = false;

  /** Waits for `milliseconds` at most; not at all when there are too many who wait, or after {@link close}. */
  wait(key: string, milliseconds: number): Waiting {
    if (milliseconds <= 0 || this.#isClosed || this.#count >= waitersAtMost)
      return { woken: Promise.resolve(false), cancel() {} };
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const set = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, set);
    const end = (woken: boolean): void => {
      if (!set.delete(end)) return;
      this.#count--;
      clearTimeout(timer);
      if (set.size === 0) this.#waiting.delete(key);
      resolve(woken);
    };
    const timer = setTimeout(() => end(false), milliseconds);
    set.add(end);
    this.#count++;
    return { woken: promise, cancel: () => end(false) };
  }

  wake(key: string): void {
    for (const end of [...(this.#waiting.get(key) ?? [])]) end(true);
  }

  close(): void {
    this.#isClosed = true;
    for (const set of [...this.#waiting.values()]) for (const end of [...set]) end(false);
  }
}
