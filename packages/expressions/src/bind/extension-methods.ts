import type { Binder } from './binder.ts';
import type { Bound, Candidate } from './bound.ts';
import { converts } from './convert.ts';
import { lookupTypes } from './member-lookup.ts';
import type { MethodSymbol } from './members.ts';
import { resolveOverload } from './overloads.ts';
import type { Type } from './types.ts';

export const hasExtensions = (binder: Binder, name: string) => binder.universe.extensions(name).length > 0;

/** The extension methods of the name as candidates. */
export function extensionLevels(binder: Binder, name: string): readonly (readonly Candidate[])[] {
  const methods = binder.universe.extensions(name);
  return methods.length === 0 ? [] : [methods.map((method) => ({ method, substitution: new Map() }))];
}

/** Could some extension method of the name take the receiver? */
export function extensionFits(binder: Binder, receiver: Bound, name: string): boolean {
  return binder.universe.extensions(name).some((method: MethodSymbol) => {
    const [self] = method.parameters;
    if (!self) return false;
    if (method.typeParameters.length === 0) return converts(binder, receiver, self.type);
    if (self.type.kind === 'parameter') return true;
    const group = {
      name,
      levels: [[{ method: { ...method, parameters: [self] }, substitution: new Map() }]],
      typeArgs: null,
      at: receiver,
    };
    const result = resolveOverload(binder, group, [
      { name: null, mode: 'value', value: receiver, start: receiver.start, end: receiver.end },
    ]);
    return 'found' in result || (result.failure.code === 'CS0411' && receiverMatches(binder, receiver, self.type));
  });
}

/** The receiver has the shape of the parameter although not all type arguments follow from it alone. */
function receiverMatches(binder: Binder, receiver: Bound, parameter: Type): boolean {
  if (parameter.kind !== 'named') return parameter.kind === 'array' && receiver.type.kind === 'array';
  const { fullName } = parameter.definition;
  return lookupTypes(binder, receiver.type).some((type) => type.definition.fullName === fullName);
}
