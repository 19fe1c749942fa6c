import type { MessageEdit } from '../contract.ts';
import { compileExpression, type Surroundings } from './compile-expression.ts';
import type { Statement } from './tree.ts';

type Step = (message: MessageEdit) => void;

/**
 * The statements one after another: each sees what those before it did. `SET` to what is unknown does nothing ("Action doesn't fail if
 * non-existent user properties were referenced"); types are converted where the value is set (`MessageEdit`).
 * @throws {ServiceBusError} `BadRequest` for a parameter without a value
 */
export function compileAction(statements: readonly Statement[], surroundings: Surroundings): Step {
  const steps = statements.map((statement) => compileStatement(statement, surroundings));
  return (message) => {
    for (const step of steps) step(message);
  };
}

function compileStatement(statement: Statement, surroundings: Surroundings): Step {
  const { scope, name } = statement.target;
  if (statement.kind === 'remove') {
    return scope === 'sys' ? (message) => message.removeSystem(name) : (message) => message.removeApplication(name);
  }
  const { evaluate } = compileExpression(statement.value, surroundings);
  return (message) => {
    const value = evaluate(message);
    if (value === undefined) return;
    if (scope === 'sys') message.setSystem(name, value);
    else message.setApplication(name, value);
  };
}
