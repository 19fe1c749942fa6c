import type { RuntimeRequest } from '../plan.ts';

/** A run-time function met a value that has not been fetched; fetch `request` and evaluate again. */
export class NeedsRuntimeValue extends Error {
  override readonly name = 'NeedsRuntimeValue';
  readonly functionName: string;
  /** Undefined: the value depends on a parameter that is known only at run time. */
  readonly request: RuntimeRequest | undefined;

  constructor(functionName: string, request: RuntimeRequest | undefined) {
    super(`${functionName} needs a value of the run time`);
    this.functionName = functionName;
    this.request = request;
  }
}
