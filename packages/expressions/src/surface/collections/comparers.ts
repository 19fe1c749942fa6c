import {
  type EqualityComparer,
  isEqualityComparer,
  isOrderComparer,
  type OrderComparer,
} from '../../runtime/collection-protocol.ts';
import { ComparisonComparer, DefaultComparer, defaultComparer } from '../../runtime/comparers.ts';
import { argumentNull } from '../../runtime/exceptions.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';

/** `IComparer<T>`, `IEqualityComparer<T>` and their defaults. */
export const comparerTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Collections.Generic.IComparer<T>',
    kind: 'interface',
    test: isOrderComparer,
    members: {
      'int Compare(T x, T y)': (self: OrderComparer, a: Uniform, b: Uniform) => self.compare(a, b),
    },
  }),
  declareType({
    name: 'System.Collections.Generic.IEqualityComparer<T>',
    kind: 'interface',
    test: isEqualityComparer,
    members: {
      'bool Equals(T x, T y)': (self: EqualityComparer, a: Uniform, b: Uniform) => self.equals(a, b),
      'int GetHashCode(T obj)': (self: EqualityComparer, value: Uniform) => self.hash(value),
    },
  }),
  declareType({
    name: 'System.Collections.Generic.Comparer<T>',
    kind: 'class',
    interfaces: ['IComparer<T>'],
    test: (value) => value instanceof DefaultComparer || value instanceof ComparisonComparer,
    members: {
      'static Comparer<T> Default { get; }': () => defaultComparer,
      'static Comparer<T> Create(Comparison<T> comparison)': (
        comparison: ((a: Uniform, b: Uniform) => unknown) | null,
      ) => {
        if (comparison === null) throw argumentNull('comparison');
        return new ComparisonComparer(comparison);
      },
    },
  }),
  declareType({
    name: 'System.Collections.Generic.EqualityComparer<T>',
    kind: 'class',
    interfaces: ['IEqualityComparer<T>'],
    test: (value) => value instanceof DefaultComparer,
    members: { 'static EqualityComparer<T> Default { get; }': () => defaultComparer },
  }),
];
