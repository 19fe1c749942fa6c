import { BudgetExceeded } from './exceptions.ts';

/**
 * What one evaluation may spend. Evaluation is synchronous, so one module-level budget serves: the emitted code starts
 * it, and loops, calls of lambdas and every library function whose work depends on its arguments charge it.
 */
const limits = { steps: 5_000_000, memory: 64 * 1024 * 1024 };

let steps = limits.steps;
let memory = limits.memory;

/** Starts a fresh budget. Returns nothing: evaluations do not nest. */
export function startBudget(): void {
  steps = limits.steps;
  memory = limits.memory;
}

/** Charges `count` steps (one step is about one iteration of a loop). Throws {@link BudgetExceeded}. */
export function charge(count = 1): void {
  steps -= count;
  if (steps < 0) throw new BudgetExceeded('The expression ran too long and was stopped.');
}

/** Charges `bytes` of new memory BEFORE it is allocated. Throws {@link BudgetExceeded}. */
export function chargeMemory(bytes: number): void {
  memory -= bytes;
  if (memory < 0) throw new BudgetExceeded('The expression used too much memory and was stopped.');
}
