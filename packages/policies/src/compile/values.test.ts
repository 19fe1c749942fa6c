import { Boxed, BudgetExceeded, type CompiledExpression, NetException, netType } from '@lazuli/expressions';
import { expect, test } from 'vitest';
import { PolicyError } from '../policy-error.ts';
import type { AttributeSchema } from '../schema/definition.ts';
import { exchangeFor } from '../testing/index.ts';
import { conversions, expressionValue } from './values.ts';

const reads = { requestBody: false, responseBody: false };
const giving = (evaluate: () => unknown): CompiledExpression => ({
  type: 'System.Object',
  reads,
  isConstant: false,
  evaluate,
});

function converted(kind: keyof typeof conversions, result: unknown, over: Partial<AttributeSchema> = {}): unknown {
  const schema: AttributeSchema = { type: 'string', expression: true, ...over };
  const convert = (value: unknown): unknown => conversions[kind](value, schema);
  const value = expressionValue(
    giving(() => result),
    "The attribute 'x'",
    convert,
  );
  try {
    return value.get(exchangeFor());
  } catch (error) {
    if (error instanceof PolicyError) return `${error.reason}: ${error.message}`;
    throw error;
  }
}

const failure = (expected: string, given: string) =>
  `ExpressionValueEvaluationFailure: Expression evaluation failed. The attribute 'x' must be ${expected}, but the expression gave ${given}.`;

test.each([
  ['boolean', true, true],
  ['boolean', 'True', true],
  ['boolean', ' false ', false],
  ['int', 5, 5],
  ['int', '5', 5],
  ['int', 5n, 5],
  ['int', new Boxed('System.Double', 5), 5],
  ['long', 5, 5n],
  ['long', '9223372036854775807', 9223372036854775807n],
  ['double', '1.5', 1.5],
  ['double', new Boxed('System.Single', 1.5), 1.5],
  ['double', 2n, 2],
  ['string', 'text', 'text'],
  ['string', null, null],
] as const)('%s from %o', (kind, result, expected) => {
  const type = kind === 'double' ? 'double' : kind === 'long' ? 'long' : kind === 'int' ? 'int' : 'string';
  expect(converted(kind, result, { type })).toEqual(expected);
});

test.each([
  ['boolean', 'yes', 'a boolean', 'a System.String'],
  ['boolean', null, 'a boolean', 'null'],
  ['int', 2147483648n, 'a whole number', 'a System.Int64'],
  ['int', new Boxed('System.Double', 1.5), 'a whole number', 'a System.Double'],
  ['int', '1e3', 'a whole number', 'a System.String'],
  ['long', 2n ** 63n, 'a whole number', 'a System.Int64'],
  ['double', Number.NaN, 'a number', 'a System.Int32'],
  ['string', { [netType]: 'System.Guid' }, 'a string', 'a System.Guid'],
] as const)('%s from %o fails, and the message does not show the value', (kind, result, expected, given) => {
  expect(converted(kind, result)).toBe(failure(expected, given));
});

test('bounds and choices hold for the result of an expression too', () => {
  expect(converted('int', 11, { min: 1, max: 10 })).toBe(failure('a whole number from 1 to 10', 'a System.Int32'));
  expect(converted('choice', 'two', { values: ['one', 'two'] })).toBe('two');
  expect(converted('choice', 'three', { values: ['one', 'two'] })).toBe(failure("'one' or 'two'", 'a System.String'));
});

test.each([
  new NetException('System.FormatException', 'Input string was not in a correct format.'),
  new BudgetExceeded('The expression ran too long and was stopped.'),
])('%s becomes an ExpressionValueEvaluationFailure with status 500', (thrown) => {
  const value = expressionValue(
    giving(() => {
      throw thrown;
    }),
    'The value',
    conversions.object,
  );
  expect(() => value.get(exchangeFor())).toThrow(
    expect.objectContaining({
      reason: 'ExpressionValueEvaluationFailure',
      message: `Expression evaluation failed. ${thrown.message}`,
      answer: { status: 500, message: 'Internal server error', activityId: true },
      cause: thrown,
    }),
  );
});
