import type { Ports } from '../ports/ports.ts';

type World = Pick<Ports, 'http' | 'clock' | 'log'>;

interface Known<T> {
  readonly answer: Promise<T | null>;
  until: number;
}

export interface Asking<T> {
  /** The same for the same question. */
  readonly key: string;
  readonly url: string;
  /** Said in the log when there is no answer. */
  readonly failure: string;
  ask(): Promise<T>;
  /** Until when the answer holds, in milliseconds since 1970. */
  until(answer: T, now: number): number;
}

const keepFailureMs = 30_000;

/**
 * Answers about revocation that requests share: asked for once, kept for as long as they hold; a failure is null for half a
 * minute. When there are too many, the oldest are forgotten. Each world (its http port) has answers of its own.
 */
export class SharedAnswers<T> {
  readonly #most: number;
  readonly #byWorld = new WeakMap<object, Map<string, Known<T>>>();

  constructor(most: number) {
    this.#most = most;
  }

  get(asking: Asking<T>, { clock, http, log }: World): Promise<T | null> {
    const answers = this.#byWorld.get(http) ?? new Map<string, Known<T>>();
    this.#byWorld.set(http, answers);
    const known = answers.get(asking.key);
    if (known && known.until > clock.now()) return known.answer;
    answers.delete(asking.key);
    const oldest = answers.size >= this.#most ? answers.keys().next() : null;
    if (oldest && !oldest.done) answers.delete(oldest.value);
    const fresh: Known<T> = {
      until: Number.POSITIVE_INFINITY,
      answer: asking.ask().then(
        (answer) => {
          fresh.until = asking.until(answer, clock.now());
          return answer;
        },
        (error: unknown) => {
          fresh.until = clock.now() + keepFailureMs;
          log.write('warn', asking.failure, {
            url: asking.url,
            error: error instanceof Error ? error.message : String(error),
          });
          return null;
        },
      ),
    };
    answers.set(asking.key, fresh);
    return fresh.answer;
  }
}
