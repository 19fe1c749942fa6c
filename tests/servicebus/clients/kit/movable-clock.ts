import type { AmqpClock } from '@lazuli/amqp';

interface Waiting {
  readonly due: number;
  readonly call: () => void;
  timer: NodeJS.Timeout;
}

/** A clock that goes on with the machine's and can be moved ahead: what is due then happens at once, in order. */
export class MovableClock implements AmqpClock {
  readonly #waiting = new Set<Waiting>();
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  after(milliseconds: number, call: () => void): () => void {
    const wait = Math.min(Math.max(0, milliseconds), 2_000_000_000);
    const waiting: Waiting = {
      due: this.now() + milliseconds,
      call,
      timer: setTimeout(() => this.#fire(waiting), wait),
    };
    this.#waiting.add(waiting);
    return () => {
      clearTimeout(waiting.timer);
      this.#waiting.delete(waiting);
    };
  }

  advance(milliseconds: number): void {
    const end = this.now() + milliseconds;
    for (;;) {
      const [next] = [...this.#waiting].filter(({ due }) => due <= end).sort((one, other) => one.due - other.due);
      if (next === undefined) break;
      this.#ahead = Math.max(this.#ahead, next.due - Date.now());
      this.#fire(next);
    }
    this.#ahead = Math.max(this.#ahead, end - Date.now());
  }

  #fire(waiting: Waiting): void {
    clearTimeout(waiting.timer);
    if (this.#waiting.delete(waiting)) waiting.call();
  }
}
