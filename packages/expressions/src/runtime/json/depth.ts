import { BudgetExceeded } from '../exceptions.ts';

const deepest = 1000;

/**
 * Guards recursion over trees that expressions build: .NET would die of a stack overflow, which no expression may cause.
 * @throws {BudgetExceeded}
 */
export function guardDepth(depth: number): void {
  if (depth > deepest) throw new BudgetExceeded('The expression built a value that is nested too deeply.');
}
