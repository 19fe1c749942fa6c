/** Closed types as the emitted code and the library see them: tests and defaults. */

import { referenceConvertible } from '../bind/conversions.ts';
import { baseTypes, derivesFrom, interfacesOf } from '../bind/hierarchy.ts';
import type { TypeDefinition } from '../bind/type-definition.ts';
import {
  arrayOf,
  fullName,
  isEnum,
  isInterface,
  isNullable,
  isReferenceType,
  isValueType,
  type NamedType,
  special,
  type Type,
} from '../bind/types.ts';
import type { Universe } from '../bind/universe.ts';
import { Boxed, box, elementTypeOf, typeNameOf, type Uniform } from '../runtime/values.ts';
import type { RuntimeType } from '../surface/declare.ts';

/** Primitives that are {@link Boxed} in UNIFORM form. */
const ambiguous: ReadonlySet<string> = new Set([
  'double',
  'float',
  'char',
  'byte',
  'sbyte',
  'short',
  'ushort',
  'uint',
  'ulong',
]);

/** Do RAW and UNIFORM differ for the type (or, nullable, for what it wraps)? */
export function needsBox(type: Type): boolean {
  const inner = isNullable(type) ? type.args[0] : type;
  return isEnum(inner) || ambiguous.has(special(inner) ?? '');
}

export class RuntimeTypes {
  readonly universe: Universe;
  readonly #made = new Map<Type, RuntimeType>();
  readonly #defaults = new Map<Type, unknown>();

  constructor(universe: Universe) {
    this.universe = universe;
  }

  of(type: Type): RuntimeType {
    let made = this.#made.get(type);
    if (!made) {
      const defaults = () => this.uniformDefault(type);
      made = {
        name: fullName(type),
        test: this.#testOf(type),
        get defaultValue() {
          return defaults();
        },
      };
      this.#made.set(type, made);
    }
    return made;
  }

  /** Can an array of the type with this name hold the value? One that is not declared here can. */
  readonly fitsElement = (name: string, value: Uniform): boolean => {
    const type = this.#typeNamed(name);
    return type === undefined || this.of(type).test(value);
  };

  uniformDefault(type: Type): Uniform {
    const raw = this.rawDefault(type);
    return needsBox(type) && !isNullable(type) ? box(fullName(type), raw, isEnum(type)) : raw;
  }

  /** `default(T)`, RAW. A structure's is what its `new()` makes, or its `Zero`, `Empty` or `MinValue`. */
  rawDefault(type: Type): unknown {
    if (isReferenceType(type) || isNullable(type) || type.kind !== 'named') return null;
    const keyword = special(type);
    if (keyword === 'bool') return false;
    if (keyword === 'long' || keyword === 'ulong') return 0n;
    if (isEnum(type) || (keyword !== undefined && keyword !== 'decimal')) return 0;
    let value = this.#defaults.get(type);
    if (value === undefined) {
      value = this.#filledStructure(type) ?? structureDefault(type);
      this.#defaults.set(type, value);
    }
    return value;
  }

  /** A generic structure whose constructor takes its parts (a tuple, a KeyValuePair): made of their defaults. */
  #filledStructure(type: NamedType): unknown {
    if (type.args.length === 0) return undefined;
    const made = type.definition.members('').find((m) => m.parameters.length === type.args.length);
    if (made?.kind !== 'constructor') return undefined;
    const defaults = type.args.map((arg) => this.uniformDefault(arg));
    const types = made.isGeneric ? [type.args.map((arg) => this.of(arg))] : [];
    return Reflect.apply(made.call, undefined, [...types, ...defaults]);
  }

  #testOf(type: Type): (value: unknown) => boolean {
    if (type.kind === 'array') return this.#arrayTest(type.element);
    if (type.kind !== 'named') return () => true;
    if (isNullable(type)) return this.of(type.args[0]).test;
    const name = fullName(type);
    switch (special(type)) {
      case 'object':
        return () => true;
      case 'string':
        return (value) => typeof value === 'string';
      case 'int':
        return (value) => typeof value === 'number';
      case 'long':
        return (value) => typeof value === 'bigint';
      case 'bool':
        return (value) => typeof value === 'boolean';
    }
    if (needsBox(type)) return (value) => value instanceof Boxed && value.type === name;
    if (type.definition.kind === 'delegate') return (value) => typeof value === 'function';
    return this.#namedTest(type);
  }

  #arrayTest(element: Type): (value: unknown) => boolean {
    if (special(element) === 'byte') return (value) => value instanceof Uint8Array;
    const name = fullName(element);
    return (value) => {
      if (!Array.isArray(value)) return false;
      const actual = elementTypeOf(value);
      if (actual === name || special(element) === 'object') return actual === name || this.#isReference(actual);
      const found = this.#typeNamed(actual);
      return (
        found !== undefined &&
        isReferenceType(element) &&
        isReferenceType(found) &&
        referenceConvertible(found, element)
      );
    };
  }

  #isReference(name: string): boolean {
    const type = this.#typeNamed(name);
    return type === undefined || !isValueType(type);
  }

  #namedTest(type: NamedType): (value: unknown) => boolean {
    const { definition } = type;
    const own = definition.declaration.test;
    const known = new Map<string, boolean>();
    const byName = (value: unknown): boolean => {
      const name = typeNameOf(value);
      if (name === undefined) return false;
      let fits = known.get(name);
      if (fits === undefined) {
        fits = this.#derives(name, type);
        if (known.size < 1000) known.set(name, fits);
      }
      return fits;
    };
    if (!own) return byName;
    // An interface that a declaration tests loosely is still one of an array by the array's element type.
    return isInterface(type) && type.args.length > 0
      ? (value) => (Array.isArray(value) || value instanceof Uint8Array ? byName(value) : own(value))
      : own;
  }

  #derives(name: string, target: NamedType): boolean {
    const type = this.#typeNamed(name);
    if (type && type.kind === 'array') return referenceConvertible(type, target);
    const plain = name.includes('<') ? name.slice(0, name.indexOf('<')) : name;
    for (const definition of this.#definitionsNamed(plain)) {
      if (derivesDefinition(definition.open, target.definition)) return true;
    }
    return type !== undefined && derivesFrom(type, target);
  }

  #definitionsNamed(name: string): TypeDefinition[] {
    const found: TypeDefinition[] = [];
    for (let arity = 0; arity <= 8; arity++) {
      const definition = this.universe.find(name, arity);
      if (definition && definition.fullName === name) found.push(definition);
    }
    return found;
  }

  /** The type of a run-time name, as far as it is closed and declared. */
  #typeNamed(name: string): Type | undefined {
    if (name.endsWith('[]')) {
      const element = this.#typeNamed(name.slice(0, -2));
      return element && arrayOf(element);
    }
    return name.includes('<') ? undefined : this.universe.find(name, 0)?.construct([]);
  }
}

function derivesDefinition(type: NamedType, target: TypeDefinition): boolean {
  for (let t: NamedType | null = type; t; t = baseTypes(t)) if (t.definition === target) return true;
  return interfacesOf(type).some((i) => i.definition === target);
}

function structureDefault(type: NamedType): unknown {
  const { definition } = type;
  const made = definition.members('').find((m) => m.kind === 'constructor' && m.parameters.length === 0);
  if (made?.kind === 'constructor' && !made.isGeneric) return made.call();
  for (const name of ['Zero', 'Empty', 'MinValue', 'Default']) {
    const property = definition.members(name).find((m) => m.kind === 'property' && m.isStatic);
    if (property?.kind === 'property' && property.get) return property.get();
  }
  return null;
}
