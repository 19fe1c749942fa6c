import type { SweepClock } from './clock.ts';

/**
 * A client that has closed its side of the connection may have left, or have nothing more to say: TCP does not tell
 * which. The answer may still be wanted, but not for long: after a while in which nothing was sent, the client counts as
 * gone.
 */
export class HalfCloseWatch {
  #deadline = 0;
  #written = 0;

  /** `written`: bytes sent until now. */
  start(clock: SweepClock, written: number): void {
    if (this.#deadline !== 0) return;
    this.#written = written;
    this.#deadline = clock.deadline(patienceMs);
  }

  stop(): void {
    this.#deadline = 0;
  }

  isGone(clock: SweepClock, written: number): boolean {
    if (this.#deadline === 0 || clock.now < this.#deadline) return false;
    if (written === this.#written) return true;
    this.#written = written;
    this.#deadline = clock.deadline(patienceMs);
    return false;
  }
}

const patienceMs = 1000;
