import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { bindOperator, comparisons } from './operators.ts';
import { errorType, isNullable, isReferenceType, isValueType, nullType, special } from './types.ts';

/** C# specification, "Lifted operators": the operator on the values, null (or false) when one is missing. */
export function liftedOperator(
  binder: Binder,
  operator: string,
  left: Bound,
  right: Bound,
  at: Span,
): Bound | undefined {
  const { start, end } = at;
  if (left.type === nullType || right.type === nullType) {
    if (operator !== '==' && operator !== '!=') return withNull(binder, operator, left, right, at);
    const operand = left.type === nullType ? right : left;
    const none: Bound = binder.constant(null, operand.type, at);
    return {
      kind: 'Binary',
      type: binder.bool,
      operator,
      operandKind: 'reference',
      left: operand,
      right: none,
      checked: false,
      start,
      end,
    };
  }
  const temps = [binder.temp(), binder.temp()] as const;
  const unwrapped = ([left, right] as const).map((value, i): Bound => {
    const type = isNullable(value.type) ? (value.type.args[0] ?? errorType) : value.type;
    const constant = value.constant && !isNullable(value.type) ? { constant: value.constant } : {};
    return { kind: 'Temp', temp: temps[i] ?? temps[0], type, start: value.start, end: value.end, ...constant };
  });
  const [a, b] = unwrapped;
  if (!a || !b || (isReferenceType(a.type) && isReferenceType(b.type))) return undefined;
  const body = quietly(binder, () => bindOperator(binder, operator, a, b, at));
  if (!body) return undefined;
  const isComparison = comparisons.has(operator);
  const type = isComparison ? binder.bool : isNullable(body.type) ? body.type : binder.universe.nullable(body.type);
  const whenNull = isComparison
    ? (whenNullCompared[operator] ?? 'false')
    : isThreeValued(operator, body)
      ? operator
      : 'null';
  return { kind: 'Lifted', type, operands: [left, right], temps, body, whenNull, start, end };
}

const whenNullCompared: Readonly<Record<string, 'equal' | 'notEqual'>> = { '==': 'equal', '!=': 'notEqual' };

/** `bool?` with `&` and `|`: an operand that is there may decide alone. C# specification, "Nullable Boolean logical operators". */
const isThreeValued = (operator: string, body: Bound): operator is '&' | '|' =>
  (operator === '&' || operator === '|') && special(body.type) === 'bool';

/** `null` beside a value is the null of its type: `x + null` is null. */
function withNull(binder: Binder, operator: string, left: Bound, right: Bound, at: Span): Bound | undefined {
  const other = left.type === nullType ? right : left;
  if (!isNullable(other.type) && !isValueType(other.type)) return undefined;
  const type = isNullable(other.type) ? other.type : binder.universe.nullable(other.type);
  const none = binder.constant(null, type, at);
  return left.type === nullType
    ? liftedOperator(binder, operator, none, right, at)
    : liftedOperator(binder, operator, left, none, at);
}

/** The result when it binds without problems. */
function quietly(binder: Binder, bind: () => Bound): Bound | undefined {
  const before = binder.problems.list.length;
  const result = bind();
  if (result.type !== errorType && binder.problems.list.length === before) return result;
  binder.problems.list.length = before;
  return undefined;
}
