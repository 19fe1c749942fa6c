import { charge } from './budget.ts';
import { invalidOperation, NetException } from './exceptions.ts';
import type { Uniform } from './values.ts';

/** Sorts stably in place. A comparison that throws is InvalidOperationException, as `Array.Sort` has it. */
export function sortStable(items: Uniform[], compare: (a: Uniform, b: Uniform) => number): Uniform[] {
  charge(items.length);
  try {
    return items.sort((a, b) => {
      charge();
      return compare(a, b);
    });
  } catch (error) {
    if (!(error instanceof NetException)) throw error;
    const failure = invalidOperation('Failed to compare two elements in the array.');
    throw new NetException(failure.typeName, failure.message, error);
  }
}
