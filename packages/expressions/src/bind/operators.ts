import type { BinaryExpression, Expression } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { foldBinary, foldUnary } from './constants.ts';
import { explicitConversion } from './conversions.ts';
import { applyConversion, asValue, conversionOf, convert, converts } from './convert.ts';
import { bindExpression, bindValue } from './expressions.ts';
import { isIntegral, isNumeric, promote, rangeOf } from './primitives.ts';
import {
  display,
  errorType,
  isDelegate,
  isEnum,
  isNullable,
  isReferenceType,
  nullType,
  same,
  special,
  type Type,
} from './types.ts';
import { userOperator } from './user-operators.ts';

/** A folded string longer than this is built at run time, where memory is counted. */
const longestFold = 65_536;

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
  if (isNullable(left.type) || isNullable(right.type)) {
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

/** String concatenation; rows become one node. */
export function concat(binder: Binder, values: readonly Bound[], at: Span): Bound {
  const { start, end } = at;
  const [first, ...rest] = values;
  const parts: Bound[] = first?.kind === 'Concat' && !first.constant ? first.parts : first ? [first] : [];
  for (const value of rest) {
    const last = parts.at(-1);
    const a = last && constantText(last);
    const b = constantText(value);
    // "x" + 'c' + 1 folds only through strings: the first two parts must be one string already.
    const joinable =
      a !== undefined &&
      b !== undefined &&
      a.length + b.length <= longestFold &&
      (special(last?.type ?? errorType) === 'string' || special(value.type) === 'string');
    if (last && joinable)
      parts[parts.length - 1] = binder.constant(a + b, binder.string, { start: last.start, end: value.end });
    else parts.push(value);
  }
  const [only] = parts;
  if (parts.length === 1 && only?.constant && special(only.type) === 'string' && only.constant.value !== null) {
    return { ...only, start, end };
  }
  return { kind: 'Concat', type: binder.string, parts, start, end };
}

function constantText(value: Bound): string | undefined {
  if (!value.constant) return undefined;
  const { value: constant } = value.constant;
  if (constant === null) return value.type === nullType || special(value.type) === 'string' ? '' : undefined;
  const keyword = special(value.type);
  if (keyword === 'string' && typeof constant === 'string') return constant;
  if (keyword === 'char' && typeof constant === 'number') return String.fromCharCode(constant);
  if (keyword === 'int' || keyword === 'long') return String(constant);
  if (keyword === 'bool') return constant === true ? 'True' : 'False';
  return undefined;
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);

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

function toKind(binder: Binder, value: Bound, type: Type): Bound {
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

/** C# specification, "Lifted operators": the operator on the values, null (or false) when one is missing. */
function liftedOperator(binder: Binder, operator: string, left: Bound, right: Bound, at: Span): Bound | undefined {
  const { start, end } = at;
  if (left.type === nullType || right.type === nullType) {
    if (operator !== '==' && operator !== '!=') return undefined;
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
  const whenNull = operator === '==' ? 'equal' : operator === '!=' ? 'notEqual' : isComparison ? 'false' : 'null';
  if (special(body.type) === 'bool' && !isComparison) return undefined;
  return { kind: 'Lifted', type, operands: [left, right], temps, body, whenNull, start, end };
}

/** The result when it binds without problems. */
function quietly(binder: Binder, bind: () => Bound): Bound | undefined {
  const before = binder.problems.list.length;
  const result = bind();
  if (result.type !== errorType && binder.problems.list.length === before) return result;
  binder.problems.list.length = before;
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

/** `a ?? b`. C# specification, "The null coalescing operator". */
function bindCoalesce(binder: Binder, syntax: BinaryExpression): Bound {
  const left = bindValue(binder, syntax.left);
  const right = bindExpression(binder, syntax.right);
  const { start, end } = syntax;
  if (left.type === errorType || right.type === errorType) return binder.error(syntax);
  const temp = binder.temp();
  const inner = isNullable(left.type) ? left.type.args[0] : undefined;
  const result = (type: Type, value: Type): Bound => {
    const read: Bound = { kind: 'Temp', temp, type: value, start: left.start, end: left.end };
    return {
      kind: 'Coalesce',
      type,
      left,
      temp,
      whenNotNull: convert(binder, read, type),
      right: convert(binder, right, type),
      start,
      end,
    };
  };
  if (left.type !== nullType && !inner && !isReferenceType(left.type)) {
    return cannotApply(binder, '??', left, asValue(binder, right), syntax);
  }
  if (inner && converts(binder, right, inner)) return result(inner, inner);
  if (left.type !== nullType && converts(binder, right, left.type)) return result(left.type, left.type);
  const value = asValue(binder, right);
  if (value.type === errorType) return value;
  const from = inner ?? left.type;
  const read: Bound = { kind: 'Temp', temp, type: from, start, end };
  if (value.type !== nullType && (from === nullType || converts(binder, read, value.type)))
    return result(value.type, from);
  return cannotApply(binder, '??', left, value, syntax);
}

export function bindUnary(binder: Binder, syntax: Expression & { kind: 'Unary' }): Bound {
  const { operator, operand: inner } = syntax;
  if (operator === '-' && inner.kind === 'Literal') {
    const least = mostNegative(binder, inner.value, syntax);
    if (least) return least;
  }
  const operand = bindValue(binder, inner);
  if (operand.type === errorType) return operand;
  return unaryOperator(binder, operator, operand, syntax);
}

/** `-2147483648` and `-9223372036854775808` are one constant each. */
function mostNegative(binder: Binder, literal: { type: string; value: unknown }, at: Span): Bound | undefined {
  if (literal.type === 'uint' && literal.value === 2147483648) return binder.constant(-2147483648, binder.int, at);
  if (literal.type === 'ulong' && literal.value === 9223372036854775808n) {
    return binder.constant(-9223372036854775808n, binder.universe.keyword('long'), at);
  }
  return undefined;
}

function unaryOperator(binder: Binder, operator: string, operand: Bound, at: Span): Bound {
  const { start, end } = at;
  if (operand.kind === 'DecimalLiteral' && (operator === '-' || operator === '+')) {
    return operator === '+'
      ? operand
      : {
          ...operand,
          digits: operand.digits.startsWith('-') ? operand.digits.slice(1) : `-${operand.digits}`,
          start,
          end,
        };
  }
  const user = userOperator(binder, operator, [operand], at);
  if (user) return user;
  if (isNullable(operand.type)) {
    const temp = binder.temp();
    const read: Bound = { kind: 'Temp', temp, type: operand.type.args[0] ?? errorType, start, end };
    const body = unaryOperator(binder, operator, read, at);
    if (body.type === errorType) return body;
    return {
      kind: 'Lifted',
      type: binder.universe.nullable(body.type),
      operands: [operand],
      temps: [temp],
      body,
      whenNull: 'null',
      start,
      end,
    };
  }
  const kind = unaryKind(operator, operand);
  if (!kind)
    return binder.fail(
      'CS0023',
      `Operator '${operator}' cannot be applied to operand of type '${display(operand.type)}'`,
      at,
    );
  const type = isEnum(operand.type) ? operand.type : binder.universe.keyword(kind);
  const value = isEnum(operand.type) ? operand : toKind(binder, operand, type);
  if (kind === 'decimal') return userOperator(binder, operator, [value], at) ?? binder.error(at);
  const folded = value.constant && foldUnary(operator, kind, value.constant.value);
  if (folded?.problem && !binder.uncheckedConstants)
    return binder.fail('CS0220', 'The operation overflows at compile time in checked mode', at);
  if (folded) return binder.constant(folded.value, type, at);
  if (operator === '+') return { ...value, start, end };
  return { kind: 'Unary', type, operator, operandKind: kind, operand: value, checked: binder.checked, start, end };
}

function unaryKind(operator: string, operand: Bound): string | undefined {
  const keyword = special(operand.type);
  if (operator === '!') return keyword === 'bool' ? 'bool' : undefined;
  if (operator === '~' && isEnum(operand.type)) return 'int';
  if (!isNumeric(keyword)) return undefined;
  if (operator === '~') return isIntegral(keyword) ? wide(keyword) : undefined;
  if (operator === '-' && keyword === 'ulong') return undefined;
  if (operator === '-' && keyword === 'uint') return 'long';
  return isIntegral(keyword) ? wide(keyword) : keyword;
}

const wide = (keyword: string) => (['uint', 'long', 'ulong'].includes(keyword) ? keyword : 'int');
