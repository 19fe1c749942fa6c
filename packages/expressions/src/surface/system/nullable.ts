import { invalidOperation } from '../../runtime/exceptions.ts';
import { equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, generic } from '../declare.ts';

/** `Nullable<T>`: its `self` is UNIFORM and may be null, unlike that of every other type. */
export const nullableType = declareType({
  name: 'System.Nullable<T>',
  kind: 'struct',
  members: {
    'new(T value)': generic((_types, value: Uniform) => value),
    'bool HasValue { get; }': (self: Uniform) => self !== null,
    'T Value { get; }': (self: Uniform) => {
      if (self === null) throw invalidOperation('Nullable object must have a value.');
      return self;
    },
    'T GetValueOrDefault()': generic(([type], self: Uniform) => self ?? type?.defaultValue ?? null),
    'T GetValueOrDefault(T defaultValue)': (self: Uniform, fallback: Uniform) => self ?? fallback,
    'string ToString()': (self: Uniform) => toStringOf(self),
    'bool Equals(object other)': (self: Uniform, other: Uniform) => equalsOf(self, other),
    'int GetHashCode()': (self: Uniform) => hashOf(self),
  },
});
