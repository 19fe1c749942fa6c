import type { Value } from '../compile/policy-compiler.ts';
import type { Exchange } from '../exchange.ts';
import type { Flow } from '../pipeline/step.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Runs the policies inside, and runs them again, with waits between, for as long as the condition is true. */
export const retry: PolicyDefinition = {
  name: 'retry',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      condition: { type: 'boolean', required: true, expression: true },
      count: { type: 'int', required: true, expression: true, min: 1, max: 50 },
      interval: { type: 'int', required: true, expression: true, min: 0, note: 'seconds' },
      'max-interval': { type: 'int', expression: true, min: 1, note: 'seconds' },
      delta: { type: 'int', expression: true, min: 1, note: 'seconds' },
      'first-fast-retry': { type: 'boolean', default: 'false', expression: true },
    },
    children: { kind: 'policies', except: ['wait'] },
  },
  compile(element, compiler) {
    const condition = compiler.boolean(element, 'condition');
    const count = compiler.int(element, 'count');
    const optional = (name: string) => (compiler.has(element, name) ? compiler.int(element, name) : null);
    const waits = {
      interval: compiler.int(element, 'interval'),
      delta: optional('delta'),
      maxInterval: optional('max-interval'),
      firstFastRetry: compiler.boolean(element, 'first-fast-retry'),
    };
    if (element.children.length === 0) compiler.warn(element, 'There is nothing to run again: the element is empty.');
    const steps = compiler.steps(element);

    return async (exchange): Promise<Flow> => {
      const most = count.get(exchange);
      const wait = waitTimes(waits, exchange);
      for (let retries = 0; ; ) {
        const flow = await compiler.run(steps, exchange);
        exchange.signal.throwIfAborted();
        if (flow !== undefined) return flow;
        if (retries >= most) return undefined;
        await condition.prepare(exchange);
        if (!condition.get(exchange)) return undefined;
        if (exchange.request.body?.isSpent) {
          exchange.trace(
            compiler.info,
            'No retry: the body of the request was streamed to the backend. Set buffer-request-body on forward-request.',
          );
          return undefined;
        }
        retries++;
        const ms = wait(retries);
        exchange.trace(compiler.info, `Retry ${retries} of ${most} in ${ms} ms.`);
        if (ms > 0) await exchange.ports.clock.sleep(ms, exchange.signal);
      }
    };
  },
  notes:
    'An error of a policy inside is not retried: it goes to on-error. A body that was streamed to the backend cannot be sent again: the answer that is there stays. Use buffer-request-body (a body that a policy has read is buffered already).',
};

interface Waits {
  readonly interval: Value<number>;
  readonly delta: Value<number> | null;
  readonly maxInterval: Value<number> | null;
  readonly firstFastRetry: Value<boolean>;
}

/** Seconds; no client waits for a day. */
const longestWait = 86_400;

/**
 * How long to wait before the n-th retry (from 1), in milliseconds: `interval`; with `delta`, `interval + (n-1) * delta`;
 * with `delta` and `max-interval`, `interval + 2^(n-1) * random(0.8 to 1.2) * delta`, never more than `max-interval`.
 */
function waitTimes(waits: Waits, exchange: Exchange): (n: number) => number {
  const interval = waits.interval.get(exchange);
  const delta = waits.delta?.get(exchange) ?? null;
  const most = waits.maxInterval?.get(exchange) ?? null;
  const firstFast = waits.firstFastRetry.get(exchange);
  return (n) => {
    if (n === 1 && firstFast) return 0;
    let seconds = interval;
    if (delta !== null && most === null) seconds += (n - 1) * delta;
    if (delta !== null && most !== null) seconds += 2 ** (n - 1) * (0.8 + exchange.ports.clock.random() * 0.4) * delta;
    return Math.round(Math.min(seconds, most ?? longestWait, longestWait) * 1000);
  };
}
