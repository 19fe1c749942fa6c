import type { Expression } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { foldUnary } from './constants.ts';
import { bindValue } from './expressions.ts';
import { toKind } from './operators.ts';
import { isIntegral, isNumeric } from './primitives.ts';
import { display, errorType, isEnum, isNullable, special } from './types.ts';
import { userOperator } from './user-operators.ts';

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
