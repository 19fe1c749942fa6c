import type { Exchange } from '../exchange.ts';
import { type QuotaKind, type QuotaWindow, quotaExceeded } from './quota-window.ts';

/** One counter of a quota in its present window. */
export interface QuotaCounter {
  readonly kind: QuotaKind;
  readonly key: string;
  readonly window: QuotaWindow;
  /** Calls, or bytes. */
  readonly limit: number;
}

/**
 * Counts `amount` calls; refuses them when the quota was used up before. What a refused call added is taken back, so that
 * the counter says how many went through. Throws (or rejects with) `PolicyError` QuotaExceeded.
 */
export function useQuota(exchange: Exchange, counter: QuotaCounter, amount: number): void | Promise<void> {
  const decide = (sum: number): void | Promise<void> => {
    if (sum - amount < counter.limit) return;
    const refuse = () => {
      throw quotaExceeded(counter.kind, counter.window, exchange.ports.clock.now());
    };
    const taken = amount === 0 ? 0 : addTo(exchange, counter, -amount);
    return taken instanceof Promise ? taken.then(refuse) : refuse();
  };
  const sum = addTo(exchange, counter, amount);
  return sum instanceof Promise ? sum.then(decide) : decide(sum);
}

/** Adds without asking. */
export function addTo(exchange: Exchange, { key, window }: QuotaCounter, amount: number): number | Promise<number> {
  return exchange.ports.counters.addToFixedWindow(key, window.start, window.end, amount);
}

/** Adds when the exchange is over, where nobody waits for it or hears of its failure: that goes to the log. */
export function addLate(exchange: Exchange, counter: QuotaCounter, amount: number): void {
  const failed = (error: unknown) =>
    exchange.ports.log.write('error', 'A quota could not be counted.', {
      requestId: exchange.id,
      error: error instanceof Error ? error.message : String(error),
    });
  try {
    const sum = amount > 0 ? addTo(exchange, counter, amount) : 0;
    if (sum instanceof Promise) sum.catch(failed);
  } catch (error) {
    failed(error);
  }
}
