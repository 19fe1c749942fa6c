import type { CircuitBreakerRule } from '@lazuli/resources';
import { FailureWindow } from './failure-window.ts';
import { retryAfterMs } from './retry-after.ts';

/** How a call to a backend ended. */
export type BackendOutcome =
  | { readonly kind: 'response'; readonly status: number; readonly retryAfter: string | undefined }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'connection-failure' };

export interface CircuitState {
  readonly rule: string;
  readonly state: 'closed' | 'open';
  /** Milliseconds since 1970; null when closed. */
  readonly openUntil: number | null;
  /** Within the interval. */
  readonly calls: number;
  readonly failures: number;
}

/** A backend's `Retry-After` beyond a day is not believed. */
const longestTripMs = 86_400_000;

/**
 * One rule of a backend's circuit breaker, as a state machine without a clock of its own. Closed, it counts failures; at
 * the threshold it opens for the trip duration (or for what the backend's `Retry-After` says, when the rule accepts that);
 * afterwards it is closed again with nothing counted, as in Azure, which knows no half-open state.
 *
 * With both `count` and `percentage` both must be reached. `percentage` alone has no minimum of calls.
 */
export class CircuitBreaker {
  readonly rule: CircuitBreakerRule;
  readonly #calls: FailureWindow;
  readonly #reasons: ReadonlySet<string>;
  #openUntil = Number.NEGATIVE_INFINITY;

  constructor(rule: CircuitBreakerRule) {
    this.rule = rule;
    this.#calls = new FailureWindow(rule.failureCondition.interval);
    this.#reasons = new Set(rule.failureCondition.errorReasons.map(normalize));
  }

  isOpen(now: number): boolean {
    return now < this.#openUntil;
  }

  /** When the circuit closes; not above `now` when it is closed. */
  get openUntil(): number {
    return this.#openUntil;
  }

  /** Counts a call that was made while the circuit was closed. One that ends after it opened changes nothing. */
  record(outcome: BackendOutcome, now: number): void {
    if (this.isOpen(now)) return;
    const failed = this.#isFailure(outcome);
    this.#calls.add(now, failed);
    if (!failed || !this.#isReached(now)) return;
    this.#openUntil = now + this.#tripMs(outcome, now);
    this.#calls.clear();
  }

  state(now: number): CircuitState {
    const open = this.isOpen(now);
    const { calls, failures } = this.#calls.count(now);
    return {
      rule: this.rule.name,
      state: open ? 'open' : 'closed',
      openUntil: open ? this.#openUntil : null,
      calls,
      failures,
    };
  }

  /**
   * Status ranges are compared with the response's status; a call without a response counts as the 500 that its caller
   * gets. Reasons: `timeout` (`Timeout`), `BackendConnectionFailure`, and `Server errors` for any 5xx or missing response.
   * A rule that names neither ranges nor reasons means `Server errors`.
   */
  #isFailure(outcome: BackendOutcome): boolean {
    const { statusCodeRanges } = this.rule.failureCondition;
    const status = outcome.kind === 'response' ? outcome.status : 500;
    if (statusCodeRanges.some(({ min, max }) => status >= min && status <= max)) return true;
    const implied = statusCodeRanges.length === 0 && this.#reasons.size === 0;
    if (status >= 500 && (implied || this.#reasons.has('servererrors'))) return true;
    if (outcome.kind === 'timeout') return this.#reasons.has('timeout');
    return outcome.kind === 'connection-failure' && this.#reasons.has('backendconnectionfailure');
  }

  #isReached(now: number): boolean {
    const { count, percentage } = this.rule.failureCondition;
    const { calls, failures } = this.#calls.count(now);
    if (count !== null && failures < count) return false;
    if (percentage !== null && failures * 100 < percentage * calls) return false;
    return count !== null || percentage !== null;
  }

  #tripMs(outcome: BackendOutcome, now: number): number {
    const given =
      this.rule.acceptRetryAfter && outcome.kind === 'response' && outcome.retryAfter !== undefined
        ? retryAfterMs(outcome.retryAfter, now)
        : null;
    return given === null ? this.rule.tripDuration : Math.min(given, longestTripMs);
  }
}

/** `Server errors`, `serverErrors` and `ServerErrors` are one reason. */
function normalize(reason: string): string {
  return reason.replace(/[\s_-]/g, '').toLowerCase();
}
