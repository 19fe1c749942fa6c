import { formatValue, isFormattable } from '../../runtime/format-composite.ts';
import { compareMember, compareOf, equalsOf } from '../../runtime/object.ts';
import { Boxed, type Uniform } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';

const isComparable = (value: unknown) =>
  value instanceof Boxed || typeof value !== 'object' || (value !== null && compareMember in value);

/** The interfaces of namespace System that values share. */
export const systemInterfaces: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.IComparable',
    kind: 'interface',
    test: isComparable,
    members: { 'int CompareTo(object obj)': (self: Uniform, other: Uniform) => compareOf(self, other) },
  }),
  declareType({
    name: 'System.IComparable<T>',
    kind: 'interface',
    test: isComparable,
    members: { 'int CompareTo(T other)': (self: Uniform, other: Uniform) => compareOf(self, other) },
  }),
  declareType({
    name: 'System.IEquatable<T>',
    kind: 'interface',
    test: () => true,
    members: { 'bool Equals(T other)': (self: Uniform, other: Uniform) => equalsOf(self, other) },
  }),
  declareType({
    name: 'System.IFormattable',
    kind: 'interface',
    test: (value) =>
      isFormattable(value) || value instanceof Boxed || typeof value === 'number' || typeof value === 'bigint',
    members: {
      'string ToString(string format, IFormatProvider formatProvider)': (self: Uniform, format: string | null) =>
        formatValue(self, format),
    },
  }),
  declareType({ name: 'System.IFormatProvider', kind: 'interface' }),
  declareType({
    name: 'System.IDisposable',
    kind: 'interface',
    members: {
      'void Dispose()': (self: Uniform) => {
        if (isDisposable(self)) self.dispose();
      },
    },
  }),
];

function isDisposable(value: Uniform): value is { dispose(): void } {
  return typeof value === 'object' && value !== null && 'dispose' in value && typeof value.dispose === 'function';
}
