import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { BranchExchange } from '../exchange/branch-exchange.ts';
import type { Exchange } from '../exchange.ts';
import type { CompiledStep, Flow } from '../pipeline/step.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Runs its policies at the same time, until all of them, or the first of them, are through. */
export const wait: PolicyDefinition = {
  name: 'wait',
  sections: ['inbound', 'backend', 'outbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: { for: { type: 'enum', values: ['all', 'any'], default: 'all', expression: true } },
    children: {
      kind: 'policies',
      only: [
        'choose',
        'forward-request',
        'send-request',
        'cache-lookup-value',
        'cache-store-value',
        'authentication-managed-identity',
        'authentication-token',
      ],
      min: 1,
    },
  },
  compile(element, compiler) {
    const mode = compiler.choice(element, 'for');
    const steps = compiler.steps(element);
    return (exchange) => runTogether(steps, exchange, mode.get(exchange) === 'any', compiler);
  },
  notes:
    'With any, the first policy that succeeds decides and the others are cancelled; it fails only when all fail. With all, the first error decides. A return-response inside ends the pipeline and cancels the others.',
};

/** Settles when it is decided; what still runs is cancelled by its signal, and nobody hears of it any more. */
function runTogether(
  steps: readonly CompiledStep[],
  exchange: Exchange,
  isAny: boolean,
  compiler: PolicyCompiler,
): Promise<Flow> {
  const cancel = new AbortController();
  const branch = new BranchExchange(exchange, AbortSignal.any([exchange.signal, cancel.signal]));
  let running = steps.length;
  let failure: { readonly error: unknown } | null = null;

  return new Promise<Flow>((resolve, reject) => {
    const succeeded = (flow: Flow): void => {
      running--;
      if (flow === undefined && !isAny && running > 0) return;
      resolve(flow);
    };
    const failed = (error: unknown): void => {
      running--;
      failure ??= { error };
      if (!isAny || running === 0) reject(failure.error);
    };
    for (const step of steps) runOne(step, branch, compiler).then(succeeded, failed);
  }).finally(() => cancel.abort(new DOMException('Another policy in wait has decided.', 'AbortError')));
}

async function runOne(step: CompiledStep, branch: Exchange, compiler: PolicyCompiler): Promise<Flow> {
  // Decided before this one began (everything before it was synchronous).
  branch.signal.throwIfAborted();
  return compiler.run([step], branch);
}
