import type { Binder } from './binder.ts';
import type { Candidate } from './bound.ts';
import { baseTypes, interfacesOf } from './hierarchy.ts';
import type { Member, MethodSymbol, PropertySymbol } from './members.ts';
import { isNullable, type NamedType, type Substitution, substitutionOf, type Type } from './types.ts';

/** The types whose members a value of the type has, most derived first; interfaces count as one level each. */
export function lookupTypes(binder: Binder, type: Type): readonly NamedType[] {
  if (type.kind === 'array') {
    const array = binder.universe.find('System.Array', 0)?.construct([]);
    const list = binder.universe.find('System.Collections.Generic.IList', 1)?.construct([type.element]);
    return [array, list && [list, ...interfacesOf(list)], binder.object].flat().filter((t) => t !== undefined);
  }
  if (type.kind === 'parameter')
    return [...type.constraints.flatMap((constraint) => lookupTypes(binder, constraint)), binder.object];
  if (type.kind !== 'named') return [binder.object];
  const types: NamedType[] = [];
  for (let t: NamedType | null = type; t; t = baseTypes(t)) if (t.definition.keyword !== 'object') types.push(t);
  if (!isNullable(type)) types.push(...interfacesOf(type));
  types.push(binder.object);
  return types;
}

export interface FoundProperty {
  readonly property: PropertySymbol;
  readonly substitution: Substitution;
}

/** The property of the name, the most derived one. */
export function findProperty(types: readonly NamedType[], name: string, isStatic: boolean): FoundProperty | undefined {
  for (const type of types) {
    const property = type.definition.members(name).find((m) => m.kind === 'property' && m.isStatic === isStatic);
    if (property?.kind === 'property') return { property, substitution: substitutionOf(type) };
  }
  return undefined;
}

/** Methods of the name, a level for every type that has some. */
export function findMethods(types: readonly NamedType[], name: string, isStatic: boolean): Candidate[][] {
  const levels: Candidate[][] = [];
  for (const type of types) {
    const methods = type.definition
      .members(name)
      .filter((m): m is MethodSymbol => m.kind === 'method' && m.isStatic === isStatic);
    const substitution = substitutionOf(type);
    if (methods.length > 0) levels.push(methods.map((method) => ({ method, substitution })));
  }
  return levels;
}

export function findIndexers(
  types: readonly NamedType[],
): { property: PropertySymbol; substitution: Substitution }[][] {
  return types
    .map((type) => {
      const substitution = substitutionOf(type);
      const indexers = type.definition
        .members('this[]')
        .filter((m: Member): m is PropertySymbol => m.kind === 'indexer');
      return indexers.map((property) => ({ property, substitution }));
    })
    .filter((level) => level.length > 0);
}

export function memberNames(types: readonly NamedType[]): Set<string> {
  const names = new Set<string>();
  for (const type of types) for (const name of type.definition.memberNames) if (/^\w+$/.test(name)) names.add(name);
  return names;
}

export function refusalOf(types: readonly NamedType[], name: string): string | undefined {
  for (const type of types) {
    const reason = type.definition.refusal(name);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
