import type { BinaryExpression } from '../syntax/ast.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { asValue, convert, converts } from './convert.ts';
import { bindExpression, bindValue } from './expressions.ts';
import { cannotApply } from './operators.ts';
import { errorType, isNullable, isReferenceType, nullType, type Type } from './types.ts';

/** `a ?? b`. C# specification, "The null coalescing operator". */
export function bindCoalesce(binder: Binder, syntax: BinaryExpression): Bound {
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
