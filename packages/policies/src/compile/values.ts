import { Boxed, BudgetExceeded, type CompiledExpression, NetException, typeNameOf } from '@lazuli/expressions';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import type { AttributeSchema } from '../schema/definition.ts';
import { isInRange, oneOf, parseBoolean, parseLiteral, rangeOf } from '../schema/literals.ts';
import { type BodyReads, bufferBodies } from './body-reads.ts';
import type { Value } from './policy-compiler.ts';

export function constantValue<T>(constant: T): Value<T> {
  return { constant, get: () => constant, prepare: () => undefined };
}

/** `convert` throws a string that says what was expected when the value is of no use. */
export function expressionValue<T>(
  expression: CompiledExpression,
  where: string,
  convert: (value: unknown) => T,
): Value<T> {
  const reads: BodyReads = expression.reads;
  return {
    constant: undefined,
    get(exchange) {
      const value = evaluate(expression, exchange);
      try {
        return convert(value);
      } catch (error) {
        if (!(error instanceof Unconvertible)) throw error;
        throw evaluationFailure(
          `Expression evaluation failed. ${where} must be ${error.message}, but the expression gave ${describe(value)}.`,
        );
      }
    },
    prepare: (exchange) => bufferBodies(reads, exchange),
  };
}

function evaluate(expression: CompiledExpression, exchange: Exchange): unknown {
  try {
    return expression.evaluate(exchange.context);
  } catch (error) {
    if (error instanceof NetException || error instanceof BudgetExceeded)
      throw evaluationFailure(`Expression evaluation failed. ${error.message}`, error);
    throw error;
  }
}

class Unconvertible extends Error {}

export const conversions = {
  string(value: unknown): string | null {
    if (value === null || typeof value === 'string') return value;
    throw new Unconvertible('a string');
  },
  boolean(value: unknown): boolean {
    if (typeof value === 'boolean') return value;
    const parsed = typeof value === 'string' ? parseBoolean(value) : null;
    if (parsed) return parsed.value;
    throw new Unconvertible('a boolean');
  },
  int(value: unknown, schema: AttributeSchema): number {
    const number = wholeNumber(value);
    if (number === null || number < -2147483648n || number > 2147483647n || !isInRange(number, schema))
      throw new Unconvertible(rangeOf(schema, 'a whole number'));
    return Number(number);
  },
  long(value: unknown, schema: AttributeSchema): bigint {
    const number = wholeNumber(value);
    if (number === null || number < -(2n ** 63n) || number >= 2n ** 63n || !isInRange(number, schema))
      throw new Unconvertible(rangeOf(schema, 'a whole number'));
    return number;
  },
  double(value: unknown, schema: AttributeSchema): number {
    const raw = value instanceof Boxed ? value.value : value;
    const literal = typeof raw === 'string' ? parseLiteral(raw, schema) : null;
    const number = literal && 'value' in literal ? literal.value : raw;
    if (typeof number === 'bigint') return Number(number);
    if (typeof number !== 'number' || Number.isNaN(number) || !isInRange(number, schema))
      throw new Unconvertible(rangeOf(schema, 'a number'));
    return number;
  },
  choice(value: unknown, schema: AttributeSchema): string {
    if (typeof value === 'string' && schema.values?.includes(value)) return value;
    throw new Unconvertible(oneOf(schema.values ?? []));
  },
  object: (value: unknown): unknown => value,
} as const;

/** From a number of any .NET type without a fraction, or a string of digits. */
function wholeNumber(value: unknown): bigint | null {
  const raw = value instanceof Boxed ? value.value : value;
  if (typeof raw === 'bigint') return raw;
  if (typeof raw === 'number') return Number.isInteger(raw) ? BigInt(raw) : null;
  if (typeof raw === 'string' && /^\s*[+-]?\d{1,25}\s*$/.test(raw)) return BigInt(raw.trim().replace(/^\+/, ''));
  return null;
}

/** The type, not the value: that may be a secret. */
function describe(value: unknown): string {
  return value === null ? 'null' : `a ${typeNameOf(value) ?? 'value of another type'}`;
}
