import type { Exchange } from '../exchange.ts';
import type { Flow } from '../pipeline/step.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** A policy without attributes that runs `step`; with children that it runs first when `container` says so. */
export function stepPolicy(
  name: string,
  step: (exchange: Exchange) => Flow | Promise<Flow>,
  container = false,
): PolicyDefinition {
  return {
    name,
    sections: ['inbound', 'backend', 'outbound', 'on-error'],
    scopes: ['global', 'workspace', 'product', 'api', 'operation'],
    element: { attributes: {}, children: container ? { kind: 'policies' } : undefined },
    compile(element, compiler) {
      if (!container) return step;
      const steps = compiler.steps(element);
      return (exchange) => {
        const flow = compiler.run(steps, exchange);
        return flow instanceof Promise ? flow.then((result) => result ?? step(exchange)) : (flow ?? step(exchange));
      };
    },
  };
}
