import { startBudget } from '../budget.ts';
import { Regex } from './regex.ts';

/**
 * Says whether a text has a match of a .NET pattern, with the engine that counts its steps: for patterns that meet
 * hostile texts outside of an expression (JSON Schema's `pattern`).
 * @throws {NetException} for a pattern that is none; the function throws {@link BudgetExceeded} when it ran too long.
 */
export function boundedTest(pattern: string): (text: string) => boolean {
  startBudget();
  const regex = new Regex(pattern);
  return (text) => {
    startBudget();
    return regex.isMatch(text);
  };
}
