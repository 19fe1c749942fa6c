import type { Exchange } from '../exchange.ts';
import { compileLimitReport, limitReportAttributes, validateLimitReport } from '../limits/limit-report.ts';
import type { WindowState } from '../ports/ports.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Limits the calls that share a key, anywhere in the service, in a sliding window. */
export const rateLimitByKey: PolicyDefinition = {
  name: 'rate-limit-by-key',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      calls: { type: 'int', required: true, expression: true, min: 0 },
      'renewal-period': { type: 'int', required: true, expression: true, min: 1, max: 300 },
      'counter-key': { type: 'string', required: true, expression: true },
      'increment-condition': { type: 'boolean', default: 'true', expression: true },
      'increment-count': { type: 'int', default: '1', expression: true, min: 0 },
      'increment-after-response': { type: 'boolean', default: 'false', expression: false, note: 'undocumented' },
      'flexible-retry-window': { type: 'boolean', default: 'false', expression: false, note: 'undocumented' },
      ...limitReportAttributes,
    },
  },
  validate: validateLimitReport,
  compile(element, compiler) {
    const calls = compiler.int(element, 'calls');
    const period = compiler.int(element, 'renewal-period');
    const key = compiler.string(element, 'counter-key');
    const condition = compiler.boolean(element, 'increment-condition');
    const count = compiler.int(element, 'increment-count');
    const late =
      condition.constant === undefined ||
      count.constant === undefined ||
      compiler.boolean(element, 'increment-after-response').constant === true;
    const report = compileLimitReport(element, compiler);

    return (exchange) => {
      const limit = calls.get(exchange);
      const periodMs = period.get(exchange) * 1000;
      // Callers for whom the key is null share one counter rather than having no limit.
      const counter = counterName(key.get(exchange) ?? '');
      const amount = late || condition.get(exchange) === false ? 0 : count.get(exchange);
      const decide = (state: WindowState): undefined => {
        if (!state.allowed) throw report.rejected(exchange, limit, state);
        report.allowed(exchange, limit, state.remaining);
        if (late) exchange.atEnd.push(() => increment(exchange, counter, periodMs));
        return undefined;
      };
      const state = exchange.ports.counters.slidingWindow(counter, limit, periodMs, amount);
      return state instanceof Promise ? state.then(decide) : decide(state);
    };

    async function increment(exchange: Exchange, counter: string, periodMs: number): Promise<void> {
      await condition.prepare(exchange);
      if (!condition.get(exchange)) return;
      await count.prepare(exchange);
      const amount = count.get(exchange);
      if (amount > 0) await exchange.ports.counters.addToSlidingWindow(counter, periodMs, amount);
    }
  },
  notes:
    'Exact sliding window. The counter belongs to the key alone: policies with the same key count together. When increment-condition or increment-count is an expression (or increment-after-response is true), the call is counted after outbound. A null key is the empty one. flexible-retry-window has no effect: Retry-After is always exact.',
};

const counterName = (key: string): string => JSON.stringify(['rate-limit-by-key', key]);
