import { arrayElementInterfaces, baseTypes, derivesFrom } from './hierarchy.ts';
import type { MethodSymbol } from './members.ts';
import { isIntegral, isNumeric, widens } from './primitives.ts';
import {
  type ArrayType,
  errorType,
  isDelegate,
  isEnum,
  isInterface,
  isNullable,
  isReferenceType,
  isTuple,
  isValueType,
  type NamedType,
  nullType,
  same,
  special,
  substitute,
  substitutionOf,
  type Type,
  type TypeParameter,
} from './types.ts';

/** How a value of one static type becomes one of another. */
export type Conversion =
  | { readonly kind: 'identity' }
  | { readonly kind: 'numeric'; readonly from: string; readonly to: string }
  /** To a class or interface that the type is known to have. */
  | { readonly kind: 'reference' }
  | { readonly kind: 'null' }
  | { readonly kind: 'box'; readonly from: Type }
  | { readonly kind: 'unbox'; readonly to: Type }
  | { readonly kind: 'cast'; readonly to: Type }
  /** `T` to `T?` after `inner`, or `T?` to `U?`. */
  | {
      readonly kind: 'toNullable';
      readonly inner: Conversion;
      readonly lifted: boolean;
      readonly from: Type;
      readonly to: Type;
    }
  | { readonly kind: 'fromNullable'; readonly inner: Conversion; readonly from: Type; readonly to: Type }
  | {
      readonly kind: 'user';
      readonly method: MethodSymbol;
      readonly before: Conversion;
      readonly after: Conversion;
      readonly parameter: Type;
      readonly result: Type;
      readonly from: Type;
      readonly to: Type;
    }
  | { readonly kind: 'tuple'; readonly parts: readonly Conversion[]; readonly from: NamedType; readonly to: NamedType };

export const identity: Conversion = { kind: 'identity' };
const reference: Conversion = { kind: 'reference' };

/** An implicit conversion from type to type, user-defined ones included; undefined when there is none. */
export function implicitConversion(from: Type, to: Type): Conversion | undefined {
  return standardImplicit(from, to) ?? userDefined(from, to, 'implicit');
}

/** What `(T)x` can do. */
export function explicitConversion(from: Type, to: Type): Conversion | undefined {
  return (
    standardImplicit(from, to) ??
    userDefined(from, to, 'implicit') ??
    standardExplicit(from, to) ??
    userDefined(from, to, 'explicit')
  );
}

/** C# specification, "Standard implicit conversions". */
export function standardImplicit(from: Type, to: Type): Conversion | undefined {
  if (same(from, to) || from === errorType || to === errorType) return identity;
  if (to.kind === 'pseudo' || (from.kind === 'pseudo' && from !== nullType)) return undefined;
  if (from === nullType) return isReferenceType(to) || isNullable(to) ? { kind: 'null' } : undefined;
  const a = special(from);
  const b = special(to);
  if (isNumeric(a) && isNumeric(b)) {
    return widens(a, b) ? { kind: 'numeric', from: a, to: b } : undefined;
  }
  if (isNullable(to)) return implicitToNullable(from, to);
  if (isValueType(from)) {
    if (isTuple(from) && isTuple(to)) return tupleConversion(from, to, implicitConversion);
    return isReferenceType(to) && derivesFrom(isNullable(from) ? (from.args[0] ?? from) : from, to)
      ? { kind: 'box', from }
      : undefined;
  }
  if (isReferenceType(from) && isReferenceType(to) && referenceConvertible(from, to)) return reference;
  return from.kind === 'parameter' ? ofParameter(from, to) : undefined;
}

/** A type parameter of a local function is an object, and what its constraints say. */
function ofParameter(from: TypeParameter, to: Type): Conversion | undefined {
  const fits = special(to) === 'object' || from.constraints.some((type) => referenceConvertible(type, to));
  return fits ? { kind: 'box', from } : undefined;
}

function implicitToNullable(from: Type, to: NamedType): Conversion | undefined {
  const target = to.args[0] ?? errorType;
  const source = isNullable(from) ? (from.args[0] ?? errorType) : from;
  const inner = standardImplicit(source, target);
  if (!inner || !isValueType(source) || !['identity', 'numeric'].includes(inner.kind)) return undefined;
  return { kind: 'toNullable', inner, lifted: isNullable(from), from: source, to: target };
}

function tupleConversion(from: NamedType, to: NamedType, convert: typeof implicitConversion): Conversion | undefined {
  if (from.args.length !== to.args.length) return undefined;
  const parts = from.args.map((arg, i) => convert(arg, to.args[i] ?? errorType));
  return parts.every((part) => part !== undefined) ? { kind: 'tuple', parts, from, to } : undefined;
}

/** Identity or an implicit reference conversion, with variance and arrays. */
export function referenceConvertible(from: Type, to: Type): boolean {
  if (same(from, to)) return true;
  if (from.kind === 'array') return arrayConvertible(from, to);
  if (from.kind !== 'named' || to.kind !== 'named') return false;
  return derivesFrom(from, to);
}

function arrayConvertible(from: ArrayType, to: Type): boolean {
  if (to.kind === 'array') {
    return (
      isReferenceType(from.element) && isReferenceType(to.element) && referenceConvertible(from.element, to.element)
    );
  }
  if (to.kind !== 'named') return false;
  const { fullName } = to.definition;
  if (
    [
      'System.Object',
      'System.Array',
      'System.Collections.IEnumerable',
      'System.Collections.ICollection',
      'System.Collections.IList',
    ].includes(fullName)
  )
    return true;
  const [element] = to.args;
  if (!arrayElementInterfaces.has(fullName) || !element) return false;
  return (
    same(from.element, element) ||
    (isReferenceType(from.element) && isReferenceType(element) && referenceConvertible(from.element, element))
  );
}

function standardExplicit(from: Type, to: Type): Conversion | undefined {
  if (to.kind === 'parameter' && (special(from) === 'object' || isInterface(from))) return { kind: 'unbox', to };
  if (from.kind === 'parameter' && isInterface(to)) return { kind: 'box', from };
  const a = special(from);
  const b = special(to);
  if (isNumeric(a) && isNumeric(b)) return { kind: 'numeric', from: a, to: b };
  if (isEnum(from) && isNumeric(b)) return { kind: 'numeric', from: 'int', to: b };
  if (isEnum(to) && isNumeric(a)) return { kind: 'numeric', from: a, to: 'int' };
  if (isEnum(from) && isEnum(to)) return identity;
  if (isNullable(from)) return explicitFromNullable(from, to);
  if (isNullable(to)) {
    const target = to.args[0] ?? errorType;
    if (isReferenceType(from))
      return special(from) === 'object' || isInterface(from) ? { kind: 'unbox', to } : undefined;
    const inner = standardImplicit(from, target) ?? standardExplicit(from, target);
    return inner && { kind: 'toNullable', inner, lifted: false, from, to: target };
  }
  if (isReferenceType(from) && isValueType(to)) {
    return derivesFrom(to, from) || isInterface(from) ? { kind: 'unbox', to } : undefined;
  }
  if (isTuple(from) && isTuple(to)) return tupleConversion(from, to, explicitConversion);
  if (isReferenceType(from) && isReferenceType(to))
    return explicitReference(from, to) ? { kind: 'cast', to } : undefined;
  return undefined;
}

function explicitFromNullable(from: NamedType, to: Type): Conversion | undefined {
  const source = from.args[0] ?? errorType;
  if (isNullable(to)) {
    const target = to.args[0] ?? errorType;
    const inner = standardImplicit(source, target) ?? standardExplicit(source, target);
    return inner && { kind: 'toNullable', inner, lifted: true, from: source, to: target };
  }
  const inner = standardImplicit(source, to) ?? standardExplicit(source, to);
  return inner && { kind: 'fromNullable', inner, from: source, to };
}

function explicitReference(from: Type, to: Type): boolean {
  if (referenceConvertible(to, from)) return true;
  if (from.kind === 'array' && to.kind === 'array') {
    return isReferenceType(from.element) && isReferenceType(to.element) && explicitReference(from.element, to.element);
  }
  // Any class that is not sealed may have a subclass with the interface; sealed classes are not told apart here, but
  // for those that everybody knows.
  const sealed = (type: Type) => special(type) === 'string' || type.kind === 'array' || isDelegate(type);
  if (isInterface(from)) return isInterface(to) || !sealed(to) || referenceConvertible(to, from);
  if (isInterface(to)) return !sealed(from);
  return false;
}

/** C# specification, "User-defined implicit conversions" and "explicit". */
function userDefined(from: Type, to: Type, which: 'implicit' | 'explicit'): Conversion | undefined {
  if (from.kind === 'pseudo' || to.kind === 'pseudo' || isInterface(from) || isInterface(to)) return undefined;
  if (special(from) === 'object' || special(to) === 'object') return undefined;
  const source = isNullable(from) ? (from.args[0] ?? from) : from;
  const target = isNullable(to) ? (to.args[0] ?? to) : to;
  const kinds = which === 'implicit' ? (['implicit'] as const) : (['implicit', 'explicit'] as const);
  const found: (Conversion & { kind: 'user' })[] = [];
  for (const type of new Set([...classes(source), ...classes(target)])) {
    if (type.kind !== 'named' || isNumeric(type.definition.keyword)) continue;
    for (const kind of kinds) {
      for (const member of type.definition.members(kind)) {
        if (member.kind !== 'implicit' && member.kind !== 'explicit') continue;
        const made = applyOperator(member, type, from, to, which);
        if (made) found.push(made);
      }
    }
  }
  if (found.length === 0) return undefined;
  const parameter = mostSpecific(
    found.map((c) => c.parameter),
    from,
    'source',
  );
  const result = mostSpecific(
    found.map((c) => c.result),
    to,
    'target',
  );
  return found.find((c) => same(c.parameter, parameter) && same(c.result, result)) ?? undefined;
}

function* classes(type: Type): Generator<Type> {
  for (let t: Type | null = type; t?.kind === 'named'; t = baseTypes(t)) yield t;
}

function applyOperator(
  method: MethodSymbol,
  owner: NamedType,
  from: Type,
  to: Type,
  which: 'implicit' | 'explicit',
): (Conversion & { kind: 'user' }) | undefined {
  const map = substitutionOf(owner);
  const parameter = substitute(method.parameters[0]?.type ?? errorType, map);
  const result = substitute(method.returnType, map);
  const standard = (a: Type, b: Type) =>
    standardImplicit(a, b) ?? (which === 'explicit' ? numericOrReferenceExplicit(a, b) : undefined);
  const before = standard(from, parameter);
  const after = standard(result, to);
  return before && after ? { kind: 'user', method, before, after, parameter, result, from, to } : undefined;
}

/** A standard explicit conversion exists where the opposite implicit one does. */
function numericOrReferenceExplicit(from: Type, to: Type): Conversion | undefined {
  return standardImplicit(to, from) ? standardExplicit(from, to) : undefined;
}

/** The type nearest to `wanted`: itself, else the most encompassed (source) or most encompassing (target). */
function mostSpecific(types: readonly Type[], wanted: Type, side: 'source' | 'target'): Type {
  const exact = types.find((type) => same(type, wanted));
  if (exact) return exact;
  const encompassing = types.filter((type) =>
    side === 'source' ? standardImplicit(wanted, type) : standardImplicit(type, wanted),
  );
  const pool = encompassing.length > 0 ? encompassing : types;
  const inward = (side === 'source') === encompassing.length > 0;
  return (
    pool.find((type) =>
      pool.every((other) => (inward ? standardImplicit(type, other) : standardImplicit(other, type))),
    ) ??
    pool[0] ??
    errorType
  );
}

/** The implicit conversions of a constant that its value allows: `byte b = 1`, `DayOfWeek d = 0`. */
export function constantConversion(
  value: unknown,
  from: Type,
  to: Type,
  range: (keyword: string) => readonly [bigint, bigint] | undefined,
): Conversion | undefined {
  const a = special(from);
  const target = isNullable(to) ? (to.args[0] ?? to) : to;
  if (isEnum(target) && isNumeric(a) && (value === 0 || value === 0n)) {
    return nullableOf({ kind: 'numeric', from: a, to: 'int' }, from, to, target);
  }
  const b = special(target);
  if ((a !== 'int' && a !== 'long') || !isIntegral(b) || b === 'char') return undefined;
  if (a === 'long' && b !== 'ulong') return undefined;
  const limits = range(b);
  if (!limits || (typeof value !== 'number' && typeof value !== 'bigint')) return undefined;
  const big = BigInt(value);
  if (big < limits[0] || big > limits[1]) return undefined;
  return nullableOf({ kind: 'numeric', from: a, to: b }, from, to, target);
}

function nullableOf(inner: Conversion, from: Type, to: Type, target: Type): Conversion {
  return isNullable(to) ? { kind: 'toNullable', inner, lifted: false, from, to: target } : inner;
}
