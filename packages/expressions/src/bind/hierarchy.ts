import { arrayOf, isReferenceType, type NamedType, same, substitute, substitutionOf, type Type } from './types.ts';

/** Interfaces that `T[]` has, by `T`. */
export const arrayElementInterfaces: ReadonlySet<string> = new Set([
  'System.Collections.Generic.IEnumerable',
  'System.Collections.Generic.ICollection',
  'System.Collections.Generic.IList',
  'System.Collections.Generic.IReadOnlyCollection',
  'System.Collections.Generic.IReadOnlyList',
]);

/** The base class with its arguments, or null. */
export function baseTypes(type: NamedType): NamedType | null {
  const { base } = type.definition;
  if (!base) return null;
  const closed = substitute(base, substitutionOf(type));
  return closed.kind === 'named' ? closed : null;
}

const allInterfaces = new WeakMap<NamedType, readonly NamedType[]>();

/** Every interface of the type, its bases' and its interfaces' too, closed. */
export function interfacesOf(type: NamedType): readonly NamedType[] {
  let list = allInterfaces.get(type);
  if (!list) {
    const found = new Set<NamedType>();
    for (let t: NamedType | null = type; t; t = baseTypes(t)) {
      const map = substitutionOf(t);
      for (const declared of t.definition.interfaces) {
        const closed = substitute(declared, map);
        if (closed.kind !== 'named') continue;
        found.add(closed);
        for (const inherited of interfacesOf(closed)) found.add(inherited);
      }
    }
    list = [...found];
    allInterfaces.set(type, list);
  }
  return list;
}

/** Is `to` the type, one of its bases or interfaces, up to variance? Everything derives from object. */
export function derivesFrom(from: Type, to: Type): boolean {
  if (same(from, to)) return true;
  if (to.kind !== 'named') return false;
  if (to.definition.keyword === 'object') return true;
  if (from.kind !== 'named') return false;
  if (to.definition.kind === 'interface') {
    return variantOf(from, to) || interfacesOf(from).some((i) => variantOf(i, to));
  }
  for (let t: NamedType | null = from; t; t = baseTypes(t)) if (same(t, to) || variantOf(t, to)) return true;
  return false;
}

function variantOf(from: NamedType, to: NamedType): boolean {
  if (same(from, to)) return true;
  if (from.definition !== to.definition || (to.definition.kind !== 'interface' && to.definition.kind !== 'delegate'))
    return false;
  return to.definition.typeParameters.every((parameter, i) => {
    const a = from.args[i];
    const b = to.args[i];
    if (!a || !b) return false;
    if (same(a, b)) return true;
    if (parameter.variance === 'out') return isReferenceType(a) && referenceTo(a, b);
    if (parameter.variance === 'in') return isReferenceType(b) && referenceTo(b, a);
    return false;
  });
}

function referenceTo(from: Type, to: Type): boolean {
  if (from.kind === 'array' && to.kind === 'array') {
    return same(from.element, to.element) || (isReferenceType(from.element) && referenceTo(from.element, to.element));
  }
  if (from.kind === 'array' && to.kind === 'named') {
    if (to.definition.keyword === 'object' || to.definition.fullName === 'System.Array') return true;
    const [element] = to.args;
    return (
      arrayElementInterfaces.has(to.definition.fullName) &&
      element !== undefined &&
      referenceTo(arrayOf(from.element), arrayOf(element))
    );
  }
  return isReferenceType(to) && derivesFrom(from, to);
}

/** The closed `definition<...>` that the type is or has, for `foreach` and inference; undefined when none or several. */
export function instanceOf(type: Type, fullName: string): NamedType | undefined {
  if (type.kind !== 'named') return undefined;
  const all = new Set<NamedType>();
  for (let t: NamedType | null = type; t; t = baseTypes(t)) if (t.definition.fullName === fullName) all.add(t);
  for (const i of interfacesOf(type)) if (i.definition.fullName === fullName) all.add(i);
  const [only] = all;
  return all.size === 1 ? only : undefined;
}
