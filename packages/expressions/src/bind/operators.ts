import type { BinaryExpression, Expression } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { bindCoalesce } from './coalesce.ts';
import { concat } from './concatenation.ts';
import { foldBinary } from './constants.ts';
import { explicitConversion } from './conversions.ts';
import { applyConversion, asValue, conversionOf, convert, converts } from './convert.ts';
import { bindExpression } from './expressions.ts';
import { liftedOperator } from './lifted-operators.ts';
import { isIntegral, isNumeric, promote, rangeOf } from './primitives.ts';
import {
  display,
  errorType,
  isDelegate,
  isEnum,
  isNullable,
  isReferenceType,
  isValueType,
  nullType,
  same,
  special,
  type Type,
} from './types.ts';
import { userOperator } from './user-operators.ts';

/** Rows of operators are bound in a loop: their trees are as deep as the rows are long. */
export function bindBinary(binder: Binder, syntax: BinaryExpression): Bound {
  const row: BinaryExpression[] = [];
  let first: Expression = syntax;
  while (first.kind === 'Binary' && first.operator !== '??') {
    row.push(first);
    first = first.left;
  }
  if (row.length === 0) return bindCoalesce(binder, syntax);
  let left = bindExpression(binder, first);
  for (const node of row.reverse()) left = bindOne(binder, node, left);
  return left;
}

function bindOne(binder: Binder, node: BinaryExpression, left: Bound): Bound {
  binder.step(node);
  const { operator } = node;
  if (operator === '&&' || operator === '||') return bindLogical(binder, node, operator, left);
  const right = bindExpression(binder, node.right);
  return bindOperator(binder, operator, left, right, node);
}

function bindLogical(binder: Binder, node: BinaryExpression, operator: '&&' | '||', left: Bound): Bound {
  const { start, end } = node;
  const right = bindExpression(binder, node.right);
  if (left.type === errorType || right.type === errorType) return binder.error(node);
  if (!converts(binder, left, binder.bool) || !converts(binder, right, binder.bool)) {
    const [a, b] = [asValue(binder, left), asValue(binder, right)];
    return a.type === errorType || b.type === errorType
      ? binder.error(node)
      : cannotApply(binder, operator, a, b, node);
  }
  const a = convert(binder, left, binder.bool);
  const b = convert(binder, right, binder.bool);
  const folded = a.constant && b.constant && foldBinary(operator, 'bool', a.constant.value, b.constant.value);
  if (folded) return binder.constant(folded.value, binder.bool, node);
  if (a.kind === 'Logical' && a.operator === operator) {
    a.operands.push(b);
    return { ...a, start, end };
  }
  return { kind: 'Logical', type: binder.bool, operator, operands: [a, b], start, end };
}

/** Any binary operator but `&&`, `||` and `??`. */
export function bindOperator(binder: Binder, operator: string, leftValue: Bound, rightValue: Bound, at: Span): Bound {
  if (leftValue.type === errorType || rightValue.type === errorType) return binder.error(at);
  const left = asOperand(binder, leftValue);
  const right = asOperand(binder, rightValue);
  if (left.type === errorType || right.type === errorType) return binder.error(at);
  const isEquality = operator === '==' || operator === '!=';
  if (isEquality && (left.kind === 'DefaultLiteral' || right.kind === 'DefaultLiteral')) {
    return left.kind === 'DefaultLiteral'
      ? bindOperator(binder, operator, convert(binder, left, right.type), right, at)
      : bindOperator(binder, operator, left, convert(binder, right, left.type), at);
  }
  const user = userOperator(binder, operator, [left, right], at);
  if (user) return user;
  if (
    operator === '+' &&
    (special(left.type) === 'string' || special(right.type) === 'string') &&
    isConcatenable(left) &&
    isConcatenable(right)
  ) {
    return concat(binder, [left, right], at);
  }
  const primitive =
    primitiveOperator(binder, operator, left, right, at) ?? enumOperator(binder, operator, left, right, at);
  if (primitive) return primitive;
  if (isNullable(left.type) || isNullable(right.type) || isValueBesideNull(left, right)) {
    const lifted = liftedOperator(binder, operator, left, right, at);
    if (lifted) return lifted;
  }
  if (isEquality) {
    const compared =
      referenceEquality(binder, operator, left, right, at) ?? tupleEquality(binder, operator, left, right, at);
    if (compared) return compared;
  }
  return cannotApply(binder, operator, left, right, at);
}

const isValueBesideNull = (left: Bound, right: Bound) =>
  (left.type === nullType && isValueType(right.type)) || (right.type === nullType && isValueType(left.type));

/** Operands may be `null` and `default`; nothing else without a type. */
const asOperand = (binder: Binder, value: Bound) => (value.kind === 'DefaultLiteral' ? value : asValue(binder, value));

const isConcatenable = (value: Bound) => value.type.kind !== 'pseudo' || value.type === nullType;

export function cannotApply(binder: Binder, operator: string, left: Bound, right: Bound, at: Span): Bound {
  if (left.type.kind === 'pseudo' && left.type.name === 'void')
    return binder.fail('CS0019', `Operator '${operator}' cannot be applied to an operand of type 'void'`, at);
  return binder.fail(
    'CS0019',
    `Operator '${operator}' cannot be applied to operands of type '${display(left.type)}' and '${display(right.type)}'`,
    at,
  );
}

export const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);

function primitiveOperator(binder: Binder, operator: string, left: Bound, right: Bound, at: Span): Bound | undefined {
  const a = special(left.type);
  const b = special(right.type);
  if (a === 'bool' && b === 'bool' && ['==', '!=', '&', '|', '^'].includes(operator))
    return binary(binder, operator, 'bool', left, right, binder.bool, at);
  if (isNumeric(a) && isNumeric(b)) {
    if (operator === '<<' || operator === '>>') return shift(binder, operator, left, right, at);
    return arithmetic(binder, operator, left, right, at);
  }
  const textA = a === 'string' || left.type === nullType;
  const textB = b === 'string' || right.type === nullType;
  if ((a === 'string' || b === 'string') && textA && textB && (operator === '==' || operator === '!=')) {
    return binary(
      binder,
      operator,
      'string',
      convert(binder, left, binder.string),
      convert(binder, right, binder.string),
      binder.bool,
      at,
    );
  }
  return undefined;
}

function arithmetic(binder: Binder, operator: string, left: Bound, right: Bound, at: Span): Bound | undefined {
  const kind = promoteConstants(left, right);
  if (!kind) return undefined;
  const logical = operator === '&' || operator === '|' || operator === '^';
  if (logical && !isIntegral(kind)) return undefined;
  const type = binder.universe.keyword(kind);
  const a = toKind(binder, left, type);
  const b = toKind(binder, right, type);
  if (kind === 'decimal') return userOperator(binder, operator, [a, b], at);
  return binary(binder, operator, kind, a, b, comparisons.has(operator) ? binder.bool : type, at);
}

/** `ulong + 1`: a constant that fits takes the other operand's type. */
function promoteConstants(left: Bound, right: Bound): string | undefined {
  const a = special(left.type) ?? '';
  const b = special(right.type) ?? '';
  const plain = promote(a, b);
  const fits = (value: Bound, kind: string) => {
    const range = rangeOf(kind);
    const constant = value.constant?.value;
    return (
      range !== undefined &&
      (typeof constant === 'number' || typeof constant === 'bigint') &&
      Number.isInteger(Number(constant)) &&
      BigInt(constant) >= range[0]
    );
  };
  if ((a === 'ulong' || (a === 'uint' && b === 'int')) && fits(right, a)) return a;
  if ((b === 'ulong' || (b === 'uint' && a === 'int')) && fits(left, b)) return b;
  return plain;
}

export function toKind(binder: Binder, value: Bound, type: Type): Bound {
  const conversion = conversionOf(value, type) ?? explicitConversion(value.type, type);
  return conversion ? applyConversion(binder, value, type, conversion) : binder.error(value);
}

function shift(binder: Binder, operator: string, left: Bound, right: Bound, at: Span): Bound | undefined {
  const kind = promote(special(left.type) ?? '', 'sbyte');
  const own = special(left.type);
  const wanted = own === 'uint' || own === 'ulong' || own === 'long' ? own : kind;
  if (!isIntegral(wanted) || !converts(binder, right, binder.int)) return undefined;
  const type = binder.universe.keyword(wanted);
  return binary(binder, operator, wanted, toKind(binder, left, type), convert(binder, right, binder.int), type, at);
}

/** A node for operands that already have the operator's type; folds constants. */
function binary(
  binder: Binder,
  operator: string,
  operandKind: string,
  left: Bound,
  right: Bound,
  type: Type,
  at: Span,
): Bound {
  const { start, end } = at;
  if (left.type === errorType || right.type === errorType) return binder.error(at);
  if (left.constant && right.constant) {
    const folded = foldBinary(operator, operandKind, left.constant.value, right.constant.value);
    if (folded?.problem === 'zero') return binder.fail('CS0020', 'Division by constant zero', at);
    if (folded?.problem === 'overflow' && !binder.uncheckedConstants) {
      return binder.fail('CS0220', 'The operation overflows at compile time in checked mode', at);
    }
    if (folded) return binder.constant(folded.value, type, at);
  }
  if (
    (operator === '/' || operator === '%') &&
    isIntegral(operandKind) &&
    right.constant &&
    Number(right.constant.value) === 0
  ) {
    return binder.fail('CS0020', 'Division by constant zero', at);
  }
  return { kind: 'Binary', type, operator, operandKind, left, right, checked: binder.checked, start, end };
}

function enumOperator(binder: Binder, operator: string, left: Bound, right: Bound, at: Span): Bound | undefined {
  const a = isEnum(left.type) ? left.type : undefined;
  const b = isEnum(right.type) ? right.type : undefined;
  if (!a && !b) return undefined;
  const type = a ?? b ?? errorType;
  const zero = (value: Bound) => value.constant?.value === 0;
  const both = (a && b && same(a, b)) || (a && zero(right)) || (b && zero(left));
  if (both && (comparisons.has(operator) || ['&', '|', '^'].includes(operator))) {
    return binary(binder, operator, 'int', left, right, comparisons.has(operator) ? binder.bool : type, at);
  }
  if (operator === '-' && a && b && same(a, b)) return binary(binder, '-', 'int', left, right, binder.int, at);
  if ((operator === '+' || operator === '-') && a && converts(binder, right, binder.int)) {
    return binary(binder, operator, 'int', left, convert(binder, right, binder.int), type, at);
  }
  if (operator === '+' && b && converts(binder, left, binder.int))
    return binary(binder, '+', 'int', convert(binder, left, binder.int), right, type, at);
  return undefined;
}

function referenceEquality(binder: Binder, operator: string, left: Bound, right: Bound, at: Span): Bound | undefined {
  const { start, end } = at;
  const isReference = (value: Bound) =>
    value.type === nullType || isReferenceType(value.type) || value.type.kind === 'parameter';
  if (!isReference(left) || !isReference(right)) return undefined;
  if (left.type !== nullType && right.type !== nullType) {
    const related = explicitConversion(left.type, right.type) ?? explicitConversion(right.type, left.type);
    if (!related || related.kind === 'user') return undefined;
  }
  if (left.type === nullType && right.type === nullType) return binder.constant(operator === '==', binder.bool, at);
  const kind = isDelegate(left.type) ? 'reference' : 'object';
  return {
    kind: 'Binary',
    type: binder.bool,
    operator,
    operandKind: left.type === nullType || right.type === nullType ? 'reference' : kind,
    left,
    right,
    checked: false,
    start,
    end,
  };
}

function tupleEquality(binder: Binder, _operator: string, left: Bound, _right: Bound, at: Span): Bound | undefined {
  if (left.kind !== 'Tuple') return undefined;
  return binder.fail(
    'CS8107',
    'C# 7.3 comparison of tuples is not available in policy expressions: compare their elements',
    at,
  );
}
