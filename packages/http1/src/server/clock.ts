/**
 * Coarse time for the deadlines of a listener's connections: one timer for all of them, instead of several for each
 * request. Reading it costs nothing.
 */
export class SweepClock {
  readonly intervalMs: number;
  /** Milliseconds since the clock was made; stands still between two sweeps. */
  now = 1;
  #date = '';
  #dateAt = 0;
  #timer: NodeJS.Timeout;
  #last = performance.now();

  constructor(intervalMs: number, sweep: (now: number) => void) {
    this.intervalMs = intervalMs;
    this.#timer = setInterval(() => {
      const time = performance.now();
      // A process that was suspended or busy has not read what arrived meanwhile: nobody is late for that.
      this.now += Math.min(Math.round(time - this.#last), intervalMs * 2);
      this.#last = time;
      sweep(this.now);
    }, intervalMs);
    this.#timer.unref();
  }

  /** When `ms` from now have certainly passed. */
  deadline(ms: number): number {
    return this.now + ms + this.intervalMs;
  }

  /** The line of a Date field (RFC 9110 section 6.6.1), made once a second. */
  get dateLine(): string {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#dateAt) {
      this.#dateAt = second;
      this.#date = `Date: ${new Date(second * 1000).toUTCString()}\r\n`;
    }
    return this.#date;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** How often to look when these are the shortest times that matter. */
export function sweepInterval(...timeouts: number[]): number {
  const shortest = Math.min(...timeouts.filter((ms) => ms > 0), 1000);
  return Math.max(20, Math.round(shortest / 4));
}
