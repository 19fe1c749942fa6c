import type { IndexExpression } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import { bindArguments } from './arguments.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { convert, converts } from './convert.ts';
import { bindValue } from './expressions.ts';
import { findIndexers, lookupTypes } from './member-lookup.ts';
import type { MethodSymbol } from './members.ts';
import { type BoundArgument, resolveOverload } from './overloads.ts';
import { display, errorType, substitute, type Type } from './types.ts';

export function bindIndex(binder: Binder, syntax: IndexExpression): Bound {
  const target = bindValue(binder, syntax.target);
  const args = bindArguments(binder, syntax.args);
  if (target.type === errorType) return binder.error(syntax);
  return indexInto(binder, target, args, syntax);
}

export function indexInto(binder: Binder, target: Bound, args: readonly BoundArgument[], at: Span): Bound {
  const { start, end } = at;
  const [first] = args;
  if (target.type.kind === 'array') {
    if (!first || args.length !== 1) return binder.fail('CS0022', `Wrong number of indices inside []; expected 1`, at);
    const index = arrayIndex(binder, first.value);
    return { kind: 'Element', type: target.type.element, array: target, index, start, end };
  }
  const levels = findIndexers(lookupTypes(binder, target.type));
  if (levels.length === 0)
    return binder.fail(
      'CS0021',
      `Cannot apply indexing with [] to an expression of type '${display(target.type)}'`,
      at,
    );
  const candidates = levels.map((level) =>
    level.map(({ property, substitution }) => ({ method: asMethod(property), substitution })),
  );
  const resolved = resolveOverload(binder, { name: 'this', levels: candidates, typeArgs: null, at }, args);
  if ('failure' in resolved) {
    if (!args.some((arg) => arg.value.type === errorType))
      binder.report(resolved.failure.code, resolved.failure.message, resolved.failure.at);
    return binder.error(at);
  }
  const { candidate, substitution } = resolved.found;
  const property = levels.flat().find((found) => found.property.parameters === candidate.method.parameters)?.property;
  if (!property) return binder.error(at);
  const converted = property.parameters.map((p, i) => {
    const arg = args[resolved.found.taken[i]?.[0] ?? i];
    return arg ? convert(binder, arg.value, substitute(p.type, substitution), arg) : binder.error(at);
  });
  return {
    kind: 'Property',
    type: substitute(property.type, substitution),
    property,
    receiver: target,
    args: converted,
    start,
    end,
  };
}

function asMethod(property: {
  name: string;
  owner: MethodSymbol['owner'];
  parameters: MethodSymbol['parameters'];
  type: Type;
}): MethodSymbol {
  const { owner, parameters, type } = property;
  return {
    kind: 'method',
    name: 'this',
    owner,
    isStatic: false,
    isExtension: false,
    typeParameters: [],
    parameters,
    returnType: type,
    call: () => null,
    isGeneric: false,
  };
}

function arrayIndex(binder: Binder, index: Bound): Bound {
  for (const keyword of ['int', 'uint', 'long', 'ulong']) {
    const type = binder.universe.keyword(keyword);
    if (converts(binder, index, type)) return convert(binder, index, type);
  }
  return convert(binder, index, binder.int);
}
