import type { ExpressionProblem } from '@lazuli/expressions';
import type { PolicyElement, PolicyValue } from '../document/element.ts';
import type { ProblemList } from '../problems/problem-list.ts';

/** Reports what is wrong with an expression at its places in the file. A problem inside a named value's text, which may be a secret, does not repeat it. */
export function reportExpression(
  list: ProblemList,
  element: PolicyElement,
  value: PolicyValue,
  problems: readonly ExpressionProblem[],
): void {
  for (const problem of problems) {
    const secret = value.namedValueIn(problem.offset, problem.length);
    const message =
      secret === null
        ? problem.message
        : `The value of the named value '${secret}' does not fit the expression it stands in.`;
    list.inElement('PolicyExpression', element, message, value.locate(problem.offset));
  }
}
