import type { MessageView, SqlValue } from '../contract.ts';
import { FilterError, ServiceBusError } from '../errors.ts';
import { compare, isEqual } from './compare.ts';
import {
  type Compiled,
  compileExpression,
  compileProperty,
  readsApplicationProperties,
  type Surroundings,
} from './compile-expression.ts';
import { compileLike } from './like.ts';
import type { ComparisonOperator, Expression, Predicate } from './tree.ts';
import { typeName } from './values.ts';

/** Undefined: unknown. @throws {FilterError} */
export type Test = (message: MessageView) => boolean | undefined;

/**
 * A predicate as a closure, with the three values of the documentation's tables.
 * @throws {ServiceBusError} `BadRequest` for a parameter without a value and a pattern that can never be one
 */
export function compilePredicate(predicate: Predicate, surroundings: Surroundings): Test {
  const expression = (part: Expression) => compileExpression(part, surroundings);
  switch (predicate.kind) {
    case 'and':
      return all(predicate.operands.map((operand) => compilePredicate(operand, surroundings)));
    case 'or':
      return some(predicate.operands.map((operand) => compilePredicate(operand, surroundings)));
    case 'not':
      return negated(compilePredicate(predicate.operand, surroundings));
    case 'comparison':
      return comparison(predicate.operator, expression(predicate.left), expression(predicate.right));
    case 'isNull': {
      const read = compileProperty(predicate.operand, surroundings);
      const { negated: isNot } = predicate;
      return (message) => ((read(message) ?? null) === null) !== isNot;
    }
    case 'exists':
      return existence(predicate.operand, surroundings);
    case 'in': {
      const test = membership(expression(predicate.operand), predicate.candidates.map(expression));
      return predicate.negated ? negated(test) : test;
    }
    case 'like': {
      const mark = predicate.escape === undefined ? undefined : expression(predicate.escape);
      const test = like(expression(predicate.operand), expression(predicate.pattern), mark);
      return predicate.negated ? negated(test) : test;
    }
    case 'truth':
      return truth(expression(predicate.operand));
  }
}

/** Whether a predicate may look at application properties. */
export function testsApplicationProperties(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return predicate.operands.some(testsApplicationProperties);
    case 'not':
      return testsApplicationProperties(predicate.operand);
    case 'comparison':
      return readsApplicationProperties(predicate.left) || readsApplicationProperties(predicate.right);
    case 'in':
      return [predicate.operand, ...predicate.candidates].some(readsApplicationProperties);
    case 'like':
      return [predicate.operand, predicate.pattern, ...(predicate.escape === undefined ? [] : [predicate.escape])].some(
        readsApplicationProperties,
      );
    default:
      return readsApplicationProperties(predicate.operand);
  }
}

function all(tests: readonly Test[]): Test {
  return (message) => {
    let result: boolean | undefined = true;
    for (const test of tests) {
      const each = test(message);
      if (each === false) return false;
      if (each === undefined) result = undefined;
    }
    return result;
  };
}

function some(tests: readonly Test[]): Test {
  return (message) => {
    let result: boolean | undefined = false;
    for (const test of tests) {
      const each = test(message);
      if (each === true) return true;
      if (each === undefined) result = undefined;
    }
    return result;
  };
}

function negated(test: Test): Test {
  return (message) => {
    const result = test(message);
    return result === undefined ? undefined : !result;
  };
}

function comparison(operator: ComparisonOperator, left: Compiled, right: Compiled): Test {
  const first = left.evaluate;
  const second = right.evaluate;
  if (typeof right.constant?.value === 'string' && operator === '=') {
    const text = right.constant.value;
    return (message) => {
      const value = first(message);
      if (typeof value === 'string') return value === text;
      return value === undefined ? undefined : compare(operator, value, text);
    };
  }
  return (message) => {
    const value = first(message);
    const other = second(message);
    return value === undefined || other === undefined ? undefined : compare(operator, value, other);
  };
}

function existence(property: (Predicate & { readonly kind: 'exists' })['operand'], surroundings: Surroundings): Test {
  const read = compileProperty(property, surroundings);
  const isSystem = property.kind === 'property' && property.scope === 'sys';
  return isSystem ? (message) => (read(message) ?? null) !== null : (message) => read(message) !== undefined;
}

/** A candidate of another type is another value; an unknown one leaves open whether it was that. */
function membership(operand: Compiled, candidates: readonly Compiled[]): Test {
  const { evaluate } = operand;
  const texts = new Set<SqlValue>();
  for (const { constant } of candidates) if (typeof constant?.value === 'string') texts.add(constant.value);
  if (texts.size > 0 && candidates.every(({ constant }) => typeof constant?.value === 'string')) {
    return (message) => {
      const value = evaluate(message);
      return value === undefined ? undefined : texts.has(value);
    };
  }
  return (message) => {
    const value = evaluate(message);
    if (value === undefined) return undefined;
    let result: boolean | undefined = false;
    for (const candidate of candidates) {
      const other = candidate.evaluate(message);
      if (other === undefined) result = undefined;
      else if (isEqual(value, other) === true) return true;
    }
    return result;
  };
}

function like(operand: Compiled, pattern: Compiled, mark: Compiled | undefined): Test {
  const { evaluate } = operand;
  const compiled =
    pattern.constant !== undefined && (mark === undefined || mark.constant !== undefined)
      ? constantPattern(pattern.constant.value, mark?.constant?.value)
      : undefined;
  return (message) => {
    const value = evaluate(message);
    const text = pattern.evaluate(message);
    const character = mark?.evaluate(message);
    // Null has no characters: it can neither be told to match nor not to.
    if (value === undefined || value === null || text === undefined || text === null) return undefined;
    if (mark !== undefined && character === undefined) return undefined;
    if (typeof value !== 'string') throw new FilterError(`LIKE takes a String, not ${typeName(value)}.`);
    return (compiled ?? patternOf(text, character))(value);
  };
}

/** What is wrong with a constant pattern is known before any message comes. */
function constantPattern(pattern: SqlValue, character: SqlValue | undefined): ((text: string) => boolean) | undefined {
  if (pattern === null) return undefined;
  try {
    return patternOf(pattern, character);
  } catch (error) {
    if (error instanceof FilterError) throw new ServiceBusError('BadRequest', { reason: error.message });
    throw error;
  }
}

/** @throws {FilterError} */
function patternOf(pattern: SqlValue, character: SqlValue | undefined): (text: string) => boolean {
  if (typeof pattern !== 'string') throw new FilterError(`The pattern of LIKE is a String, not ${typeName(pattern)}.`);
  if (character === undefined) return compileLike(pattern);
  if (typeof character !== 'string' || character.length !== 1) {
    throw new FilterError('The escape character of LIKE is a String of length 1.');
  }
  return compileLike(pattern, character);
}

function truth({ evaluate }: Compiled): Test {
  return (message) => {
    const value = evaluate(message);
    if (value === undefined || typeof value === 'boolean') return value;
    throw new FilterError(`A predicate is Boolean, not ${typeName(value)}.`);
  };
}
