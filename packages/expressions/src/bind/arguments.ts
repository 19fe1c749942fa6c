import type { Argument } from '../syntax/ast.ts';
import { isAssignable } from './assignments.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { asValue } from './convert.ts';
import { bindExpression } from './expressions.ts';
import type { BoundArgument } from './overloads.ts';
import { isVar, resolveType } from './type-syntax.ts';
import { errorType, outType, type Type, voidType } from './types.ts';

export function bindArguments(binder: Binder, args: readonly Argument[]): BoundArgument[] {
  let named = false;
  return args.map((arg) => {
    if (arg.name) named = true;
    else if (named)
      binder.report(
        'CS1738',
        'Named argument specifications must appear after all fixed arguments have been specified',
        arg,
      );
    return { name: arg.name, mode: arg.mode, value: bindArgument(binder, arg), start: arg.start, end: arg.end };
  });
}

function bindArgument(binder: Binder, arg: Argument): Bound {
  const { value, mode } = arg;
  const { start, end } = value;
  if (mode === 'value') {
    const bound = bindExpression(binder, value);
    if (bound.type === voidType)
      return binder.fail('CS1503', "An expression of type 'void' cannot be an argument", value);
    return bound.kind === 'TypeName' || bound.kind === 'Namespace' ? asValue(binder, bound) : bound;
  }
  if (value.kind === 'Declaration') {
    const { designation } = value;
    if (designation.kind !== 'Single')
      return binder.fail('CS8199', 'The syntax of the out argument is not valid', value);
    const inferred = isVar(value.type);
    const type = inferred ? outType : resolveType(binder, value.type);
    if (designation.name === null) return { kind: 'OutVariable', type: outType, local: null, start, end };
    const local = binder.newLocal(designation.name, type, { hoisted: true });
    binder.declare(local, designation);
    binder.hoisted.push(local);
    return { kind: 'OutVariable', type: outType, local, start, end };
  }
  if (value.kind === 'Name' && value.name === '_' && !binder.scope.find('_') && mode === 'out') {
    return { kind: 'OutVariable', type: outType, local: null, start, end };
  }
  const target = asValue(binder, bindExpression(binder, value));
  if (target.type === errorType) return target;
  if (!['Local', 'Element', 'TupleElement'].includes(target.kind))
    return binder.fail('CS0206', 'A property or indexer may not be passed as an out or ref parameter', value);
  if (!isAssignable(binder, target)) return binder.error(value);
  return { kind: 'Reference', type: target.type, target, mode, start, end };
}

/** An `out` variable gets its type from the method that was chosen. */
export function settleOut(arg: BoundArgument, type: Type): void {
  if (arg.value.kind === 'OutVariable' && arg.value.local && arg.value.local.type.kind === 'pseudo')
    arg.value.local.type = type;
}
