import type { Expression } from '../syntax/ast.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { asValue } from './convert.ts';
import { bindExpression, bindValue } from './expressions.ts';
import { display, errorType, isNullable, isReferenceType, isValueType, voidType } from './types.ts';

/** `a?.b`, `a?[i]`. */
export function bindConditionalAccess(binder: Binder, syntax: Expression & { kind: 'ConditionalAccess' }): Bound {
  const target = bindValue(binder, syntax.target);
  const { start, end } = syntax;
  if (target.type === errorType) return binder.error(syntax);
  const inner = isNullable(target.type) ? (target.type.args[0] ?? errorType) : target.type;
  if (inner === target.type && !isReferenceType(target.type)) {
    return binder.fail('CS0023', `Operator '?' cannot be applied to operand of type '${display(target.type)}'`, syntax);
  }
  const temp = binder.temp();
  const outer = binder.receiver;
  binder.receiver = { kind: 'Temp', temp, type: inner, start: target.start, end: target.end };
  const bound = bindExpression(binder, syntax.rest);
  binder.receiver = outer;
  if (bound.type === errorType) return bound;
  const rest = asValue(binder, bound);
  if (rest.type === errorType || rest.type === voidType)
    return { kind: 'ConditionalAccess', type: rest.type, target, temp, rest, start, end };
  const type = isValueType(rest.type) && !isNullable(rest.type) ? binder.universe.nullable(rest.type) : rest.type;
  return { kind: 'ConditionalAccess', type, target, temp, rest, start, end };
}
