import type { Binder } from './binder.ts';
import type { Bound, MethodGroup } from './bound.ts';
import { buildCall, callFunction, functionCandidate } from './calls.ts';
import { conversionOf, convert } from './convert.ts';
import { delegateShape } from './lambdas.ts';
import { type BoundArgument, resolveOverload } from './overloads.ts';
import { display, isReferenceType, type NamedType, same, substitute, type Type, voidType } from './types.ts';

/** Can the method group become this delegate? */
export function methodGroupConverts(binder: Binder, group: MethodGroup, to: NamedType): boolean {
  const shape = delegateShape(to);
  if (!shape) return false;
  const result = methodGroupReturn(binder, group, shape.parameters);
  return result !== undefined && resultFits(result, shape.returns);
}

function resultFits(from: Type, to: Type): boolean {
  if (to === voidType) return true;
  if (same(from, to)) return true;
  return (
    isReferenceType(from) &&
    isReferenceType(to) &&
    conversionOf({ kind: 'Error', type: from, start: 0, end: 0 }, to)?.kind === 'reference'
  );
}

/** What the group returns for arguments of these types; undefined when no overload takes them. */
export function methodGroupReturn(binder: Binder, group: MethodGroup, types: readonly Type[]): Type | undefined {
  if (group.function) {
    const { parameters, returnType, generic } = group.function;
    if (generic) {
      const resolved = resolve(
        binder,
        { ...group, levels: [[functionCandidate(binder, group.function)]] },
        types.map(placeholder),
      );
      return 'failure' in resolved ? undefined : substitute(returnType, resolved.found.substitution);
    }
    const fits =
      parameters.length === types.length &&
      parameters.every((p, i) => p.mode === 'value' && conversionOf(placeholder(types[i] ?? p.type), p.type));
    return fits ? returnType : undefined;
  }
  const resolved = resolve(binder, group, types.map(placeholder));
  if ('failure' in resolved) return undefined;
  return substitute(resolved.found.candidate.method.returnType, resolved.found.substitution);
}

const placeholder = (type: Type): Bound => ({ kind: 'Temp', temp: { id: -1 }, type, start: 0, end: 0 });

function resolve(binder: Binder, group: MethodGroup, values: readonly Bound[]) {
  const args: BoundArgument[] = values.map((value) => ({
    name: null,
    mode: 'value',
    value,
    start: group.start,
    end: group.end,
  }));
  return resolveOverload(binder, { name: group.name, levels: group.levels, typeArgs: group.typeArgs, at: group }, args);
}

/** A lambda that calls the method; the receiver is evaluated once, as C# does. */
export function convertMethodGroup(binder: Binder, group: MethodGroup, to: NamedType): Bound {
  const shape = delegateShape(to);
  const { start, end } = group;
  if (!shape) return binder.error(group);
  const locals = shape.parameters.map((type, i) => binder.newLocal(`arg${i}`, type, { isParameter: true }));
  const values = locals.map((symbol): Bound => ({ kind: 'Local', symbol, type: symbol.type, start, end }));
  const mismatch = () =>
    binder.fail('CS0123', `No overload for '${group.name}' matches delegate '${display(to)}'`, group);
  let receiver = group.receiver;
  const temp = binder.temp();
  if (receiver) receiver = { kind: 'Temp', temp, type: receiver.type, start, end };
  let call: Bound;
  if (group.function) {
    if (methodGroupReturn(binder, group, shape.parameters) === undefined) return mismatch();
    call = callFunction(
      binder,
      group.function,
      values.map((value) => ({ name: null, mode: 'value', value, start, end })),
      group,
      group.typeArgs,
    );
  } else {
    const resolved = resolve(binder, group, values);
    if ('failure' in resolved) return mismatch();
    call = buildCall(
      binder,
      resolved.found,
      receiver,
      values.map((value) => ({ name: null, mode: 'value', value, start, end })),
      group,
    );
  }
  if (!resultFits(call.type, shape.returns)) {
    return binder.fail(
      'CS0407',
      `'${display(call.type)} ${group.name}' has the wrong return type for delegate '${display(to)}'`,
      group,
    );
  }
  const body = shape.returns === voidType ? call : convert(binder, call, shape.returns);
  const lambda: Bound = {
    kind: 'Lambda',
    type: to,
    parameters: locals,
    body,
    returns: shape.returns,
    hoisted: [],
    start,
    end,
  };
  if (!group.receiver) return lambda;
  return { kind: 'Sequence', type: to, temp, value: group.receiver, steps: [], result: lambda, start, end };
}
