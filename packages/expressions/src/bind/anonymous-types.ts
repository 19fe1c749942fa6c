import { AnonymousObject } from '../runtime/anonymous-object.ts';
import type { Implementation } from '../surface/declare.ts';
import { TypeDefinition } from './type-definition.ts';
import type { NamedType, Type } from './types.ts';
import type { Universe } from './universe.ts';

const byNames = new WeakMap<Universe, Map<string, TypeDefinition>>();

/** More shapes than this are not kept: the next compilation makes them anew. */
const mostShapes = 1000;

/** The type of `new { a = ..., b = ... }`: one per list of names, generic in the types of the values. */
export function anonymousType(universe: Universe, names: readonly string[], types: readonly Type[]): NamedType {
  let definitions = byNames.get(universe);
  if (!definitions || definitions.size > mostShapes) {
    definitions = new Map();
    byNames.set(universe, definitions);
  }
  const key = names.join();
  let definition = definitions.get(key);
  if (!definition) {
    const members: Record<string, Implementation> = {};
    names.forEach((name, i) => {
      members[`T${i} @${name} { get; }`] = (self: AnonymousObject) => self.values[i];
    });
    const parameters = names.length === 0 ? '' : `<${names.map((_, i) => `T${i}`).join(', ')}>`;
    definition = new TypeDefinition(universe, {
      name: `AnonymousType${parameters}`,
      kind: 'class',
      test: (value) => value instanceof AnonymousObject,
      members,
    });
    definitions.set(key, definition);
  }
  return definition.construct(types);
}
