import { compareOf, equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import { NetTuple } from '../../runtime/tuple.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, generic, type Implementation, type TypeDeclaration } from '../declare.ts';

const counts = [1, 2, 3, 4, 5, 6, 7] as const;
const types = (count: number) => Array.from({ length: count }, (_, i) => `T${i + 1}`);
const parameters = (count: number) =>
  types(count)
    .map((type, i) => `${type} item${i + 1}`)
    .join(', ');

function tuple(kind: 'Tuple' | 'ValueTuple', count: number): TypeDeclaration {
  const name = `${kind}<${types(count).join(', ')}>`;
  const typeName = `System.${kind}`;
  const members: Record<string, Implementation> = {
    [`new(${parameters(count)})`]: generic((_types, ...items: Uniform[]) => new NetTuple(typeName, items)),
    'string ToString()': (self: NetTuple) => toStringOf(self),
    'bool Equals(object obj)': (self: NetTuple, other: Uniform) => equalsOf(self, other),
    'int GetHashCode()': (self: NetTuple) => hashOf(self),
  };
  for (let i = 0; i < count; i++) {
    members[`T${i + 1} Item${i + 1} { get; }`] = (self: NetTuple) => self.items[i];
  }
  if (kind === 'ValueTuple') {
    const open = `(${types(count).join(', ')})`;
    if (count > 1) {
      members[`static bool operator ==(${open} a, ${open} b)`] = (a: NetTuple, b: NetTuple) => equalsOf(a, b);
      members[`static bool operator !=(${open} a, ${open} b)`] = (a: NetTuple, b: NetTuple) => !equalsOf(a, b);
    }
    members[`int CompareTo(${count > 1 ? open : name} other)`] = (self: NetTuple, other: NetTuple) =>
      compareOf(self, other);
  }
  return declareType({
    name: `System.${name}`,
    kind: kind === 'Tuple' ? 'class' : 'struct',
    interfaces: ['IComparable'],
    members,
  });
}

function factory(kind: 'Tuple' | 'ValueTuple'): TypeDeclaration {
  const members: Record<string, Implementation> = {};
  for (const count of counts) {
    const list = types(count).join(', ');
    members[`static ${kind}<${list}> Create<${list}>(${parameters(count)})`] = (...items: Uniform[]) =>
      new NetTuple(`System.${kind}`, items);
  }
  return declareType({ name: `System.${kind}`, kind: 'static', members });
}

/** Tuple and ValueTuple of one to seven items, and their Create. */
export const tupleTypes: readonly TypeDeclaration[] = (['Tuple', 'ValueTuple'] as const).flatMap((kind) => [
  factory(kind),
  ...counts.map((count) => tuple(kind, count)),
]);
