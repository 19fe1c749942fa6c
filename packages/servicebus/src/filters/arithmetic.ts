import type { SqlValue } from '../contract.ts';
import { FilterError } from '../errors.ts';
import { timeSpanText } from '../message/sql-value.ts';
import { isTimeSpan } from './compare.ts';
import { maxTextLength } from './limits.ts';
import type { ArithmeticOperator } from './tree.ts';
import { textOf, ticksOf, typeName } from './values.ts';

/**
 * Arithmetic on values that are there, as C# binds its operators: Int64 with Int64 stays Int64 (quotients are cut off toward zero), with
 * a Double both become Double; `+` with a text puts texts together; points in time and time spans add up; null makes null.
 * @throws {FilterError} overflow of Int64, division by zero, types that have no such operator, a text that becomes too long
 */
export function calculate(operator: ArithmeticOperator, left: SqlValue, right: SqlValue): SqlValue {
  if (typeof left === 'bigint' && typeof right === 'bigint') return integers(operator, left, right);
  if (isNumber(left) && isNumber(right)) return doubles(operator, Number(left), Number(right));
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) return concatenated(left, right);
  const onTime = operator === '+' || operator === '-' ? times(operator, left, right) : undefined;
  if (onTime !== undefined) return onTime;
  if ((left === null || isNumber(left)) && (right === null || isNumber(right))) return null;
  throw new FilterError(
    `Operator '${operator}' cannot be applied to operands of type '${typeName(left)}' and '${typeName(right)}'.`,
  );
}

/** @throws {FilterError} for what is no number, and for `-` on the least Int64 */
export function signed(operator: '+' | '-', value: SqlValue): SqlValue {
  if (value === null) return null;
  if (typeof value === 'bigint') return operator === '+' ? value : withinInt64(-value);
  if (typeof value === 'number') return operator === '+' ? value : -value;
  if (operator === '-' && isTimeSpan(value)) return timeSpan(-ticksOf(value.text));
  throw new FilterError(`Operator '${operator}' cannot be applied to operand of type '${typeName(value)}'.`);
}

function isNumber(value: SqlValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function integers(operator: ArithmeticOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return withinInt64(left + right);
    case '-':
      return withinInt64(left - right);
    case '*':
      return withinInt64(left * right);
    case '/':
      return withinInt64(left / divisor(right));
    case '%':
      return withinInt64(left % divisor(right));
  }
}

function divisor(value: bigint): bigint {
  if (value === 0n) throw new FilterError('Attempted to divide by zero.');
  return value;
}

function withinInt64(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new FilterError('Arithmetic operation resulted in an overflow.');
  return value;
}

function doubles(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}

function concatenated(left: SqlValue, right: SqlValue): string {
  const text = textOf(left) + textOf(right);
  if (text.length > maxTextLength) throw new FilterError(`A text became longer than ${maxTextLength} characters.`);
  return text;
}

const ticksPerMillisecond = 10_000n;

function times(operator: '+' | '-', left: SqlValue, right: SqlValue): SqlValue | undefined {
  const sign = operator === '+' ? 1n : -1n;
  if (isTimeSpan(left) && isTimeSpan(right)) return timeSpan(ticksOf(left.text) + sign * ticksOf(right.text));
  if (left instanceof Date && isTimeSpan(right)) {
    const at = new Date(left.getTime() + Number((sign * ticksOf(right.text)) / ticksPerMillisecond));
    if (Number.isNaN(at.getTime())) throw new FilterError('The DateTime is out of range.');
    return at;
  }
  if (operator === '-' && left instanceof Date && right instanceof Date) {
    return timeSpan(BigInt(left.getTime() - right.getTime()) * ticksPerMillisecond);
  }
  return undefined;
}

function timeSpan(ticks: bigint): SqlValue {
  return { type: 'timespan', text: timeSpanText(withinInt64(ticks)) };
}
