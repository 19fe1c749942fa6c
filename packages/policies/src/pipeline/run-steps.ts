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

async function goOn(
  steps: readonly CompiledStep[],
  exchange: Exchange,
  at: number,
  first: Promise<Flow>,
): Promise<Flow> {
  let waiting = first;
  for (let i = at; ; ) {
    let flow: Flow;
    const step = steps[i] as CompiledStep;
    try {
      flow = await waiting;
    } catch (error) {
      remember(exchange, error, step.info);
      throw error;
    }
    if (exchange.cancellation.isCancelled) throw new ClientGone('The client closed the connection.');
    if (flow !== undefined) return flow;
    // Steps that do not wait are run without a promise between them.
    for (i++; ; i++) {
      const next = steps[i];
      if (!next) return undefined;
      let result: Flow | Promise<Flow>;
      try {
        result = next.run(exchange);
      } catch (error) {
        remember(exchange, error, next.info);
        throw error;
      }
      if (result === undefined) continue;
      if (typeof result === 'string') return result;
      waiting = result;
      break;
    }
  }
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
