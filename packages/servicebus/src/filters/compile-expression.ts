import { randomUUID } from 'node:crypto';
import type { MessageView, SqlValue } from '../contract.ts';
import { FilterError, ServiceBusError } from '../errors.ts';
import { calculate, signed } from './arithmetic.ts';
import type { Expression, NamedProperty, Property } from './tree.ts';
import { typeName } from './values.ts';

/** Undefined: unknown. @throws {FilterError} */
export type Evaluate = (message: MessageView) => SqlValue | undefined;

/** An expression as a closure. `constant`: its value needs no message. */
export type Compiled = { readonly evaluate: Evaluate; readonly constant?: { readonly value: SqlValue } };

/** What a rule brings beside its text. */
export interface Surroundings {
  /** Value of an `@name`; undefined: not given. */
  parameter(name: string): SqlValue | undefined;
}

/** @throws {ServiceBusError} `BadRequest` for a parameter without a value */
export function compileExpression(expression: Expression, surroundings: Surroundings): Compiled {
  switch (expression.kind) {
    case 'constant':
      return constant(expression.value);
    case 'parameter': {
      const value = surroundings.parameter(expression.name);
      if (value === undefined) {
        throw new ServiceBusError('BadRequest', { reason: `The parameter '${expression.name}' has no value.` });
      }
      return constant(value);
    }
    case 'newid':
      return { evaluate: () => ({ type: 'guid', text: randomUUID() }) };
    case 'property':
    case 'namedProperty':
      return { evaluate: compileProperty(expression, surroundings) };
    case 'sign': {
      const { operator } = expression;
      const operand = compileExpression(expression.operand, surroundings);
      const evaluate: Evaluate = (message) => {
        const value = operand.evaluate(message);
        return value === undefined ? undefined : signed(operator, value);
      };
      return folded(evaluate, operand);
    }
    case 'arithmetic': {
      const { operator } = expression;
      const left = compileExpression(expression.left, surroundings);
      const right = compileExpression(expression.right, surroundings);
      const evaluate: Evaluate = (message) => {
        const first = left.evaluate(message);
        const second = right.evaluate(message);
        return first === undefined || second === undefined ? undefined : calculate(operator, first, second);
      };
      return folded(evaluate, left, right);
    }
  }
}

/** Reads a property; a system property that is not set is null, one that does not exist an error. */
export function compileProperty(property: Property | NamedProperty, surroundings: Surroundings): Evaluate {
  if (property.kind === 'property') {
    const { scope, name } = property;
    return scope === 'sys' ? (message) => systemValue(message, name) ?? null : (message) => message.application(name);
  }
  const { evaluate } = compileExpression(property.name, surroundings);
  return (message) => {
    const name = evaluate(message);
    if (name === undefined) return undefined;
    if (typeof name !== 'string') {
      throw new FilterError(`property() takes the name of a property as String, not as ${typeName(name)}.`);
    }
    const [, scope, rest = name] = /^(sys|user)\.(.+)$/is.exec(name) ?? [];
    return scope?.toLowerCase() === 'sys' ? (systemValue(message, rest) ?? null) : message.application(rest);
  };
}

/** @throws {FilterError} for a name that no system property has */
function systemValue(message: MessageView, name: string): SqlValue | undefined {
  const found = message.system(name);
  if (found === null) throw new FilterError(`The system property '${name}' does not exist.`);
  return found.value;
}

/** Whether an expression may look at application properties. */
export function readsApplicationProperties(expression: Expression): boolean {
  switch (expression.kind) {
    case 'property':
      return expression.scope === 'user';
    case 'namedProperty':
      return true;
    case 'arithmetic':
      return readsApplicationProperties(expression.left) || readsApplicationProperties(expression.right);
    case 'sign':
      return readsApplicationProperties(expression.operand);
    default:
      return false;
  }
}

function constant(value: SqlValue): Compiled {
  return { evaluate: () => value, constant: { value } };
}

/** Computed once where every part is constant; what fails then fails again with each message. */
function folded(evaluate: Evaluate, ...parts: readonly Compiled[]): Compiled {
  if (parts.some((part) => part.constant === undefined)) return { evaluate };
  try {
    return constant(evaluate(noMessage) ?? null);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return { evaluate };
  }
}

/** Constant expressions ask it for nothing. */
export const noMessage: MessageView = {
  system: () => null,
  application: () => undefined,
  applicationExact: () => undefined,
};
