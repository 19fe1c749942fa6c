import type { Exchange } from '../exchange.ts';
import type { Flow } from '../pipeline/step.ts';
import { PolicyError } from '../policy-error.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Lets only so many requests run the policies inside at a time; the others are refused at once. */
export const limitConcurrency: PolicyDefinition = {
  name: 'limit-concurrency',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      key: { type: 'string', required: true, expression: true },
      'max-count': { type: 'int', required: true, expression: false, min: 0 },
    },
    children: { kind: 'policies' },
  },
  compile(element, compiler) {
    const key = compiler.string(element, 'key');
    const max = compiler.int(element, 'max-count').constant ?? 0;
    const steps = compiler.steps(element);

    const inside = (exchange: Exchange, slot: string): Flow | Promise<Flow> => {
      const leave = once(() => exchange.ports.counters.leave(slot));
      // The exchange may be given up while a policy inside never answers.
      exchange.onClose.push(leave);
      let flow: Flow | Promise<Flow>;
      try {
        flow = compiler.run(steps, exchange);
      } catch (error) {
        leave();
        throw error;
      }
      if (flow instanceof Promise) return flow.finally(leave);
      leave();
      return flow;
    };
    return (exchange) => {
      const slot = JSON.stringify(['limit-concurrency', key.get(exchange) ?? '']);
      const entered = exchange.ports.counters.enter(slot, max);
      const decide = (isIn: boolean) => {
        if (isIn) return inside(exchange, slot);
        throw new PolicyError('ConcurrencyLimitExceeded', 'Concurrency limit is exceeded', {
          status: 429,
          reasonPhrase: 'Too Many Requests',
          message: 'Concurrency limit is exceeded. Try again later.',
        });
      };
      return entered instanceof Promise ? entered.then(decide) : decide(entered);
    };
  },
  notes:
    'A slot is free again when the policies inside have run, with or without an error. Gateways count apart, as in Azure. The text of the 429 is not documented by Azure and our own.',
};

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
