import type { AmqpClock } from '@lazuli/amqp';

/** Timers of Node hold 31 bits of milliseconds; longer waits are cut. */
const longest = 2_000_000_000;

/** The machine's clock for the broker and its clients; `time` stands in for the clock in tests. */
export function amqpClock(time: { now(): number }): AmqpClock {
  return {
    now: () => time.now(),
    after(milliseconds, call) {
      let timer: NodeJS.Timeout;
      const wait = (left: number) => {
        timer = setTimeout(
          () => (left > longest ? wait(left - longest) : call()),
          Math.min(Math.max(left, 0), longest),
        );
      };
      wait(milliseconds);
      return () => clearTimeout(timer);
    },
  };
}
