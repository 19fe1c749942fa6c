import type { Exchange } from '../exchange.ts';
import type { CompiledStep, Flow, StepInfo } from './step.ts';

/**
 * Runs steps in order, from `start`. Synchronous until one waits. Throws (or rejects with) what the step threw, and
 * remembers which step it was: {@link failedStep}.
 */
export function runSteps(steps: readonly CompiledStep[], exchange: Exchange, start = 0): Flow | Promise<Flow> {
  for (let i = start; i < steps.length; i++) {
    const step = steps[i] as CompiledStep;
    let flow: Flow | Promise<Flow>;
    try {
      flow = step.run(exchange);
    } catch (error) {
      remember(exchange, error, step.info);
      throw error;
    }
    if (flow === undefined) continue;
    if (typeof flow === 'string') return flow;
    return goOn(steps, exchange, i, flow);
  }
  return undefined;
}

/** The innermost step that threw `error` in this exchange, or null. */
export function failedStep(exchange: Exchange, error: unknown): StepInfo | null {
  const failure = exchange.notes.get(failureNote);
  return failure instanceof Failure && failure.error === error ? failure.info : null;
}

/** The caller went away while a step waited: nobody wants the rest. */
export class ClientGone extends Error {}

/** One promise for each step that waits, none for the others. */
function goOn(steps: readonly CompiledStep[], exchange: Exchange, at: number, waiting: Promise<Flow>): Promise<Flow> {
  return waiting.then(
    (flow) => {
      if (exchange.cancellation.isCancelled) throw new ClientGone('The client closed the connection.');
      return flow === undefined ? runSteps(steps, exchange, at + 1) : flow;
    },
    (error: unknown) => {
      remember(exchange, error, (steps[at] as CompiledStep).info);
      throw error;
    },
  );
}

class Failure {
  readonly error: unknown;
  readonly info: StepInfo;
  constructor(error: unknown, info: StepInfo) {
    this.error = error;
    this.info = info;
  }
}

const failureNote = Symbol('failed step');

function remember(exchange: Exchange, error: unknown, info: StepInfo): void {
  if (failedStep(exchange, error) === null) exchange.notes.set(failureNote, new Failure(error, info));
}
