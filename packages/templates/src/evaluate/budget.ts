import { TemplateError } from '../errors.ts';
import type { JsonValue } from '../json/values.ts';
import { limits } from '../limits.ts';

/** Bounds what the evaluation of one template may take, so that a small template cannot ask for endless work. */
export class Budget {
  #steps = 0;

  /** Starts anew, for an evaluation of its own at run time. */
  reset(): void {
    this.#steps = 0;
  }

  /** Counts `steps`, and the size of what a function produced. */
  charge(steps: number): void {
    this.#steps += steps;
    if (this.#steps > limits.evaluationSteps) {
      throw new TemplateError('ExpressionBudget', { limit: limits.evaluationSteps, unit: 'steps' });
    }
  }

  /** Counts a value that a function made. */
  produced(value: JsonValue): void {
    if (typeof value === 'string') {
      if (value.length > limits.stringLength) {
        throw new TemplateError('ExpressionBudget', { limit: limits.stringLength, unit: 'characters in a string' });
      }
      this.charge(value.length / 64);
    } else if (Array.isArray(value)) {
      this.charge(value.length);
    } else if (typeof value === 'object' && value !== null) {
      this.charge(Object.keys(value).length);
    }
  }
}
