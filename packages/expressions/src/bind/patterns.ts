import type { Expression, Pattern } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound, LocalSymbol, PatternTest } from './bound.ts';
import { explicitConversion } from './conversions.ts';
import { applyConversion, asValue, convert, converts } from './convert.ts';
import { bindExpression, bindValue } from './expressions.ts';
import { bindOperator } from './operators.ts';
import { isVar, resolveType } from './type-syntax.ts';
import { display, errorType, isNullable, isReferenceType, nullType, type Type } from './types.ts';

/** `x is T`, `x is T t`, `x is 5`, `x is null`, `x is var y`. */
export function bindPattern(binder: Binder, syntax: Expression & { kind: 'Is' }): Bound {
  const operand = bindValue(binder, syntax.operand);
  const temp = binder.temp();
  const value: Bound = { kind: 'Temp', temp, type: operand.type, start: operand.start, end: operand.end };
  const test = patternTest(binder, syntax.pattern, value);
  if (operand.type === errorType || !test) return binder.error(syntax);
  return { kind: 'Is', type: binder.bool, operand, temp, test, start: syntax.start, end: syntax.end };
}

/** The test of a pattern on a value that is read more than once. Reports; undefined when there is none. */
export function patternTest(binder: Binder, pattern: Pattern, value: Bound): PatternTest | undefined {
  switch (pattern.kind) {
    case 'VarPattern': {
      const local = pattern.name && declare(binder, pattern.name.text, value.type, pattern.name);
      return { kind: 'any', local: local || null, value };
    }
    case 'TypePattern': {
      const inferred = isVar(pattern.type);
      const type = inferred ? value.type : resolveType(binder, pattern.type);
      const local = pattern.name ? declare(binder, pattern.name.text, type, pattern.name) : null;
      return typeTest(binder, type, value, local, pattern);
    }
    case 'ConstantPattern':
      return constantTest(binder, pattern, value);
  }
}

function declare(binder: Binder, name: string, type: Type, at: Span): LocalSymbol {
  const local = binder.newLocal(name, type, { hoisted: true });
  binder.declare(local, at);
  binder.hoisted.push(local);
  return local;
}

function typeTest(
  binder: Binder,
  type: Type,
  value: Bound,
  local: LocalSymbol | null,
  at: Span,
): PatternTest | undefined {
  if (type === errorType || value.type === errorType) return undefined;
  if (isNullable(type) && local) {
    binder.report(
      'CS8116',
      `It is not legal to use nullable type '${display(type)}' in a pattern; use the underlying type instead.`,
      at,
    );
    return undefined;
  }
  const conversion = value.type === nullType ? undefined : explicitConversion(value.type, type);
  const possible =
    conversion &&
    ['identity', 'reference', 'box', 'unbox', 'cast', 'fromNullable', 'toNullable'].includes(conversion.kind);
  if (!conversion || !possible) {
    binder.report(
      'CS8121',
      `An expression of type '${display(value.type)}' cannot be handled by a pattern of type '${display(type)}'.`,
      at,
    );
    return undefined;
  }
  return { kind: 'type', type, local, value: applyConversion(binder, value, type, conversion) };
}

function constantTest(
  binder: Binder,
  pattern: Pattern & { kind: 'ConstantPattern' },
  value: Bound,
): PatternTest | undefined {
  if (
    pattern.type &&
    pattern.value.kind !== 'Name' &&
    pattern.value.kind !== 'Member' &&
    pattern.value.kind !== 'PredefinedType'
  )
    return undefined;
  const bound = bindExpression(binder, pattern.value);
  if (bound.kind === 'TypeName') return typeTest(binder, bound.named, value, null, pattern);
  const constant = asValue(binder, bound);
  if (constant.type === errorType || value.type === errorType) return undefined;
  if (!constant.constant && constant.kind !== 'DecimalLiteral') {
    binder.report('CS0150', 'A constant value is expected', pattern.value);
    return undefined;
  }
  return { kind: 'constant', condition: constantCondition(binder, constant, value, pattern) };
}

/** The value equals the constant: by the language's operator, or by Equals when the static type is wider. */
function constantCondition(binder: Binder, constant: Bound, value: Bound, at: Span): Bound {
  const { start, end } = at;
  if (constant.type === nullType) {
    if (!isReferenceType(value.type) && !isNullable(value.type)) return convert(binder, constant, value.type, at);
    return {
      kind: 'Binary',
      type: binder.bool,
      operator: '==',
      operandKind: 'reference',
      left: value,
      right: constant,
      checked: false,
      start,
      end,
    };
  }
  if (isReferenceType(value.type) && !isReferenceType(constant.type) && converts(binder, constant, binder.object)) {
    const boxed = convert(binder, constant, value.type, at);
    return {
      kind: 'Binary',
      type: binder.bool,
      operator: '==',
      operandKind: 'equals',
      left: value,
      right: boxed,
      checked: false,
      start,
      end,
    };
  }
  const inner = isNullable(value.type) ? (value.type.args[0] ?? errorType) : value.type;
  const wanted = converts(binder, constant, inner) ? convert(binder, constant, inner) : constant;
  return bindOperator(binder, '==', value, wanted, at);
}
