import type { NewExpression } from '../syntax/ast.ts';
import { bindArguments } from './arguments.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { buildCall, finishAfterError, reportFailure } from './calls.ts';
import { convert } from './convert.ts';
import { applyInitializer } from './initializers.ts';
import type { MethodSymbol } from './members.ts';
import { type BoundArgument, resolveOverload } from './overloads.ts';
import { resolveType } from './type-syntax.ts';
import { defaultType, display, errorType, isDelegate, isValueType, substitutionOf, type Type } from './types.ts';

export function bindNew(binder: Binder, syntax: NewExpression): Bound {
  const type = resolveType(binder, syntax.type);
  const args = bindArguments(binder, syntax.args);
  if (type === errorType) {
    if (syntax.initializer) applyInitializer(binder, binder.error(syntax), syntax.initializer);
    return finishAfterError(binder, args, syntax);
  }
  const creation = construct(binder, type, args, syntax);
  return syntax.initializer ? applyInitializer(binder, creation, syntax.initializer) : creation;
}

function construct(binder: Binder, type: Type, args: readonly BoundArgument[], syntax: NewExpression): Bound {
  if (type.kind === 'parameter' && args.length === 0 && type.keywords.some((one) => one !== 'class'))
    return convert(binder, { kind: 'DefaultLiteral', type: defaultType, start: syntax.start, end: syntax.end }, type);
  if (type.kind !== 'named') return binder.fail('CS1526', `'${display(type)}' cannot be made with 'new'`, syntax);
  const { definition } = type;
  if (isDelegate(type)) {
    const [only] = args;
    return only && args.length === 1
      ? convert(binder, only.value, type)
      : binder.fail('CS0149', 'Method name expected', syntax);
  }
  if (definition.kind === 'interface')
    return binder.fail(
      'CS0144',
      `Cannot create an instance of the abstract type or interface '${display(type)}'`,
      syntax.type,
    );
  const map = substitutionOf(type);
  const constructors = definition.members('').filter((m): m is MethodSymbol => m.kind === 'constructor');
  if (isValueType(type) && args.length === 0 && !constructors.some((c) => c.parameters.length === 0)) {
    return convert(binder, { kind: 'DefaultLiteral', type: defaultType, start: syntax.start, end: syntax.end }, type);
  }
  if (constructors.length === 0) {
    const reason = definition.refusal('new');
    return binder.fail(
      'CS0143',
      reason ?? `The type '${display(type)}' has no constructors that policy expressions can use`,
      syntax.type,
    );
  }
  const levels = [constructors.map((method) => ({ method, substitution: map }))];
  const resolved = resolveOverload(binder, { name: display(type), levels, typeArgs: null, at: syntax.type }, args);
  if ('failure' in resolved) {
    const { failure } = resolved;
    const message =
      failure.code === 'CS1501'
        ? `'${display(type)}' does not contain a constructor that takes ${args.length} arguments`
        : failure.message;
    return reportFailure(
      binder,
      { ...failure, code: failure.code === 'CS1501' ? 'CS1729' : failure.code, message },
      args,
      syntax,
    );
  }
  return buildCall(binder, resolved.found, null, args, syntax);
}
