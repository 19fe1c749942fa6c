import type { SqlValue } from '../contract.ts';
import { FilterError } from '../errors.ts';
import type { ComparisonOperator } from './tree.ts';
import { ticksOf, typeName } from './values.ts';

/**
 * Whether a comparison of two values that are there is true: "the same semantics as the C# operator binding in data type promotions and
 * implicit conversions". Numbers compare as Double as soon as one of them is; null equals null alone and is neither less nor greater.
 * Beyond C#, texts have an order: that of their UTF-16 code units.
 * @throws {FilterError} where C# has no such operator: text with number, Boolean with number, order of Booleans …
 */
export function compare(operator: ComparisonOperator, left: SqlValue, right: SqlValue): boolean {
  switch (operator) {
    case '=':
      return isEqual(left, right) ?? refuse(operator, left, right);
    case '<>':
      return !(isEqual(left, right) ?? refuse(operator, left, right));
    case '<':
      return order(operator, left, right) < 0;
    case '<=':
      return order(operator, left, right) <= 0;
    case '>':
      return order(operator, left, right) > 0;
    case '>=':
      return order(operator, left, right) >= 0;
  }
}

/** Undefined: values of these types are never compared. */
export function isEqual(left: SqlValue, right: SqlValue): boolean | undefined {
  if (left === null || right === null) return left === right;
  const type = typeof left;
  if (type === typeof right && type !== 'object') return left === right;
  if (isNumber(left) && isNumber(right)) return Number(left) === Number(right);
  if (typeof left !== 'object' || typeof right !== 'object') return undefined;
  if (left instanceof Date || right instanceof Date) {
    return left instanceof Date && right instanceof Date ? left.getTime() === right.getTime() : undefined;
  }
  if (left instanceof Uint8Array || right instanceof Uint8Array) {
    return left instanceof Uint8Array && right instanceof Uint8Array ? Buffer.compare(left, right) === 0 : undefined;
  }
  if (left.type !== right.type) return undefined;
  if (left.type === 'timespan') return ticksOf(left.text) === ticksOf(right.text);
  return left.type === 'guid' ? left.text.toLowerCase() === right.text.toLowerCase() : left.text === right.text;
}

function isNumber(value: SqlValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Less than, equal to, greater than 0; NaN: neither. */
function order(operator: ComparisonOperator, left: SqlValue, right: SqlValue): number {
  if (left === null || right === null) return Number.NaN;
  if (typeof left === 'bigint' && typeof right === 'bigint') return sign(left, right);
  if (isNumber(left) && isNumber(right)) return difference(Number(left), Number(right));
  if (typeof left === 'string' && typeof right === 'string') return sign(left, right);
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime();
  if (isTimeSpan(left) && isTimeSpan(right)) return sign(ticksOf(left.text), ticksOf(right.text));
  return refuse(operator, left, right);
}

function sign<T extends bigint | string>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Two equal infinities are equal: their difference would be NaN. */
function difference(left: number, right: number): number {
  return left === right ? 0 : left - right;
}

export function isTimeSpan(value: SqlValue): value is { readonly type: 'timespan'; readonly text: string } {
  return (
    value !== null &&
    typeof value === 'object' &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array) &&
    value.type === 'timespan'
  );
}

function refuse(operator: string, left: SqlValue, right: SqlValue): never {
  throw new FilterError(
    `Operator '${operator}' cannot be applied to operands of type '${typeName(left)}' and '${typeName(right)}'.`,
  );
}
