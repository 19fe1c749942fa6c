import type { TypeDefinition } from './type-definition.ts';

/** A static type. Types are interned: two equal types are one object, but for tuples that differ in element names. */
export type Type = NamedType | ArrayType | TypeParameter | PseudoType;

let nextId = 1;

/** A declared type with its arguments: `string`, `List<int>`, `int?`. */
export class NamedType {
  readonly kind = 'named';
  readonly id: number = nextId++;
  readonly definition: TypeDefinition;
  readonly args: readonly Type[];
  /** Names of tuple elements. */
  readonly names: readonly (string | null)[] | null;
  /** The same type without tuple element names anywhere. */
  readonly erased: NamedType;
  array: ArrayType | undefined;
  constructor(
    definition: TypeDefinition,
    args: readonly Type[],
    names: readonly (string | null)[] | null,
    erased?: NamedType,
  ) {
    this.definition = definition;
    this.args = args;
    this.names = names;
    this.erased = erased ?? this;
  }
}

export class ArrayType {
  readonly kind = 'array';
  readonly id: number = nextId++;
  readonly element: Type;
  array: ArrayType | undefined;
  constructor(element: Type) {
    this.element = element;
  }
  get erased(): ArrayType {
    return this.element.erased === this.element ? this : arrayOf(this.element.erased);
  }
}

export class TypeParameter {
  readonly kind = 'parameter';
  readonly id: number = nextId++;
  readonly name: string;
  readonly variance: 'in' | 'out' | 'none';
  array: ArrayType | undefined;
  /** Types of its `where`, and the keywords; only those of local functions have some. */
  constraints: readonly Type[] = [];
  keywords: readonly ('class' | 'struct' | 'new')[] = [];
  constructor(name: string, variance: 'in' | 'out' | 'none' = 'none') {
    this.name = name;
    this.variance = variance;
  }
  get erased(): TypeParameter {
    return this;
  }
}

/** What an expression has when it has no type of its own. */
export class PseudoType {
  readonly kind = 'pseudo';
  readonly id: number = nextId++;
  readonly name:
    | 'void'
    | 'null'
    | 'error'
    | 'lambda'
    | 'method group'
    | 'default'
    | 'throw'
    | 'tuple'
    | 'out'
    | 'type'
    | 'namespace';
  array: ArrayType | undefined;
  constructor(name: PseudoType['name']) {
    this.name = name;
  }
  get erased(): PseudoType {
    return this;
  }
}

export const voidType = new PseudoType('void');
export const nullType = new PseudoType('null');
/** The type of what is already reported: everything converts to and from it, silently. */
export const errorType = new PseudoType('error');
export const lambdaType = new PseudoType('lambda');
export const methodGroupType = new PseudoType('method group');
export const defaultType = new PseudoType('default');
export const throwType = new PseudoType('throw');
export const tupleLiteralType = new PseudoType('tuple');
export const outType = new PseudoType('out');
export const typeNameType = new PseudoType('type');
export const namespaceType = new PseudoType('namespace');

export function arrayOf(element: Type): ArrayType {
  element.array ??= new ArrayType(element);
  return element.array;
}

export const same = (a: Type, b: Type): boolean => a === b || a.erased === b.erased;

/** The C# keyword of a primitive type, else undefined. */
export function special(type: Type): string | undefined {
  return type.kind === 'named' ? type.definition.keyword : undefined;
}

export const isNullable = (type: Type): type is NamedType & { readonly args: readonly [Type] } =>
  type.kind === 'named' && type.definition.fullName === 'System.Nullable';

type OfKind<K> = NamedType & { readonly definition: TypeDefinition & { readonly kind: K } };

export const isEnum = (type: Type): type is OfKind<'enum'> => type.kind === 'named' && type.definition.kind === 'enum';

export const isDelegate = (type: Type): type is OfKind<'delegate'> =>
  type.kind === 'named' && type.definition.kind === 'delegate';

export const isInterface = (type: Type): boolean => type.kind === 'named' && type.definition.kind === 'interface';

export const isTuple = (type: Type): type is OfKind<'struct'> =>
  type.kind === 'named' && type.definition.fullName === 'System.ValueTuple';

export function isValueType(type: Type): boolean {
  return type.kind === 'named' && (type.definition.kind === 'struct' || type.definition.kind === 'enum');
}

/** Can it be null? A type parameter may be anything. */
export function isReferenceType(type: Type): boolean {
  if (type.kind === 'array') return true;
  return type.kind === 'named' && !isValueType(type);
}

/** As people write it: `int`, `Dictionary<string, int>`, `int?`, `string[]`. */
export function display(type: Type): string {
  switch (type.kind) {
    case 'parameter':
      return type.name;
    case 'array':
      return `${display(type.element)}[]`;
    case 'pseudo':
      return type.name === 'null' ? '<null>' : type.name === 'lambda' ? 'lambda expression' : type.name;
    case 'named':
      break;
  }
  const [first] = type.args;
  if (isNullable(type) && first) return `${display(first)}?`;
  if (isTuple(type)) {
    const parts = type.args.map((arg, i) => display(arg) + (type.names?.[i] ? ` ${type.names[i]}` : ''));
    return `(${parts.join(', ')})`;
  }
  const name = type.definition.keyword ?? type.definition.shortName;
  return type.args.length === 0 ? name : `${name}<${type.args.map(display).join(', ')}>`;
}

/** `System.Collections.Generic.List<System.String>`, arrays as `System.Byte[]`. */
export function fullName(type: Type): string {
  switch (type.kind) {
    case 'array':
      return `${fullName(type.element)}[]`;
    case 'named':
      if (type.args.length === 0) return type.definition.fullName;
      return `${type.definition.fullName}<${type.args.map(fullName).join(', ')}>`;
    case 'parameter':
      return type.name;
    case 'pseudo':
      return type.name === 'void' ? 'System.Void' : type.name;
  }
}

export type Substitution = ReadonlyMap<TypeParameter, Type>;

export const emptySubstitution: Substitution = new Map();

export function substitute(type: Type, map: Substitution): Type {
  if (map.size === 0) return type;
  switch (type.kind) {
    case 'parameter':
      return map.get(type) ?? type;
    case 'array': {
      const element = substitute(type.element, map);
      return element === type.element ? type : arrayOf(element);
    }
    case 'named': {
      if (type.args.length === 0) return type;
      const args = type.args.map((arg) => substitute(arg, map));
      return args.every((arg, i) => arg === type.args[i]) ? type : type.definition.construct(args, type.names);
    }
    case 'pseudo':
      return type;
  }
}

/** The substitution of the definition's parameters by the arguments of a constructed type. */
export function substitutionOf(type: NamedType): Substitution {
  if (type.args.length === 0) return emptySubstitution;
  return new Map(type.definition.typeParameters.map((p, i) => [p, type.args[i] ?? errorType]));
}

export function mentions(type: Type, parameters: ReadonlySet<TypeParameter>): boolean {
  switch (type.kind) {
    case 'parameter':
      return parameters.has(type);
    case 'array':
      return mentions(type.element, parameters);
    case 'named':
      return type.args.some((arg) => mentions(arg, parameters));
    case 'pseudo':
      return false;
  }
}
