import { NetType } from '../../runtime/net-type.ts';
import { equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import { typeNameOf, type Uniform } from '../../runtime/values.ts';
import { declareType } from '../declare.ts';

const plain = Symbol('System.Object');

/** `new object()`: something that is equal only to itself. */
class PlainObject {
  readonly [plain] = true;
}

export const objectType = declareType({
  name: 'System.Object',
  kind: 'class',
  test: () => true,
  members: {
    'new()': () => new PlainObject(),
    'string ToString()': (self: Uniform) => toStringOf(self),
    'bool Equals(object obj)': (self: Uniform, other: Uniform) => equalsOf(self, other),
    'int GetHashCode()': (self: Uniform) => hashOf(self),
    'Type GetType()': (self: Uniform) => new NetType(typeNameOf(self) ?? 'System.Object'),
    'static bool Equals(object objA, object objB)': (a: Uniform, b: Uniform) => equalsOf(a, b),
    'static bool ReferenceEquals(object objA, object objB)': (a: Uniform, b: Uniform) =>
      a === b && (a === null || typeof a === 'object' || typeof a === 'string'),
  },
});

export const valueType = declareType({ name: 'System.ValueType', kind: 'class' });

export const typeType = declareType({
  name: 'System.Type',
  kind: 'class',
  test: (value) => value instanceof NetType,
  members: {
    'string Name { get; }': (self: NetType) => self.name,
    'string FullName { get; }': (self: NetType) => toStringOf(self),
    'string Namespace { get; }': (self: NetType) => {
      const name = self.fullName.split('<')[0] ?? '';
      return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : null;
    },
    'static bool operator ==(Type left, Type right)': (a: NetType | null, b: NetType | null) => equalsOf(a, b),
    'static bool operator !=(Type left, Type right)': (a: NetType | null, b: NetType | null) => !equalsOf(a, b),
  },
});
