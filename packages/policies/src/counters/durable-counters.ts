import type { CounterPort, WindowState } from '../ports/ports.ts';
import { boundedKey, MemoryCounters } from './memory-counters.ts';
import { QuotaJournal, type QuotaJournalOptions } from './quota-journal.ts';

export interface DurableCounterOptions extends QuotaJournalOptions {
  readonly maxKeys?: number;
}

/**
 * Counters of one process whose quotas survive a restart: in memory, with a journal of the fixed windows. Rate limits and
 * concurrency begin anew, as they should.
 */
export class DurableCounters implements CounterPort {
  readonly #memory: MemoryCounters;
  readonly #journal: QuotaJournal;

  private constructor(memory: MemoryCounters, journal: QuotaJournal) {
    this.#memory = memory;
    this.#journal = journal;
  }

  /** Reads what an earlier process left. Rejects when the folder cannot be read or written. */
  static async open(options: DurableCounterOptions): Promise<DurableCounters> {
    const quotas = await QuotaJournal.read(options);
    const memory = new MemoryCounters({ now: options.now, maxKeys: options.maxKeys, quotas });
    return new DurableCounters(memory, await QuotaJournal.open(options, () => memory.quotas()));
  }

  slidingWindow(key: string, limit: number, periodMs: number, amount: number): WindowState {
    return this.#memory.slidingWindow(key, limit, periodMs, amount);
  }

  addToSlidingWindow(key: string, periodMs: number, amount: number): void {
    this.#memory.addToSlidingWindow(key, periodMs, amount);
  }

  addToFixedWindow(key: string, windowStart: number, windowEnd: number | null, amount: number): number {
    const sum = this.#memory.addToFixedWindow(key, windowStart, windowEnd, amount);
    if (amount !== 0) this.#journal.record({ key: boundedKey(key), windowStart, windowEnd, sum });
    return sum;
  }

  enter(key: string, max: number): boolean {
    return this.#memory.enter(key, max);
  }

  leave(key: string): void {
    this.#memory.leave(key);
  }

  /** Everything counted so far is on the disk afterwards. */
  flush(): Promise<void> {
    return this.#journal.flush();
  }

  close(): Promise<void> {
    return this.#journal.close();
  }
}
