import type { Bound, BoundStatement } from './bound.ts';

/** Can control come to the end of the statement? C# specification, "End points and reachability". */
export function endReachable(statement: BoundStatement): boolean {
  switch (statement.kind) {
    case 'Block':
      return statement.statements.every(endReachable);
    case 'Labelled':
      return statement.sections.at(-1)?.every(endReachable) ?? true;
    case 'If': {
      const { constant } = statement.condition;
      if (constant?.value === true) return endReachable(statement.consequent);
      if (constant?.value === false) return statement.otherwise ? endReachable(statement.otherwise) : true;
      return endReachable(statement.consequent) || !statement.otherwise || endReachable(statement.otherwise);
    }
    case 'Loop': {
      const endless = statement.condition === null || statement.condition.constant?.value === true;
      if (breaksTo(statement.body, statement.id)) return true;
      if (endless) return false;
      return statement.testFirst || endReachable(statement.body) || continuesTo(statement.body, statement.id);
    }
    case 'Switch': {
      const complete = statement.sections.some((section) => section.conditions.some(isTotal));
      return (
        !complete || statement.sections.some((section) => section.statements.some((s) => breaksTo(s, statement.id)))
      );
    }
    case 'Try': {
      if (statement.finally && !endReachable(statement.finally)) return false;
      return endReachable(statement.body) || statement.catches.some((clause) => endReachable(clause.body));
    }
    case 'Break':
    case 'Continue':
    case 'GotoSection':
    case 'Return':
    case 'ThrowStatement':
      return false;
    case 'Yield':
      return statement.value !== null;
    case 'Foreach':
    case 'Declare':
    case 'Local':
    case 'Expression':
    case 'Function':
    case 'Empty':
      return true;
  }
}

/** `default`, or `case var x` without `when`: nothing goes past it. */
export const isTotal = (condition: Bound | null): boolean =>
  condition === null || (condition.kind === 'Is' && condition.test.kind === 'any');

const breaksTo = (statement: BoundStatement, id: number) =>
  contains(statement, (s) => s.kind === 'Break' && s.id === id);
const continuesTo = (statement: BoundStatement, id: number) =>
  contains(statement, (s) => s.kind === 'Continue' && s.id === id);

/** Is there such a statement that control can reach? */
function contains(statement: BoundStatement, wanted: (statement: BoundStatement) => boolean): boolean {
  if (wanted(statement)) return true;
  switch (statement.kind) {
    case 'Block':
      for (const inner of statement.statements) {
        if (contains(inner, wanted)) return true;
        if (!endReachable(inner)) return false;
      }
      return false;
    case 'If': {
      const { constant } = statement.condition;
      if (constant?.value !== false && contains(statement.consequent, wanted)) return true;
      return constant?.value !== true && statement.otherwise !== null && contains(statement.otherwise, wanted);
    }
    case 'Labelled':
      return statement.sections.some((section) => section.some((s) => contains(s, wanted)));
    case 'Loop':
    case 'Foreach':
      return contains(statement.body, wanted);
    case 'Switch':
      return statement.sections.some((section) => section.statements.some((s) => contains(s, wanted)));
    case 'Try':
      return (
        contains(statement.body, wanted) ||
        statement.catches.some((clause) => contains(clause.body, wanted)) ||
        (statement.finally !== null && contains(statement.finally, wanted))
      );
    default:
      return false;
  }
}
