import { argumentNull, invalidOperation } from '../../runtime/exceptions.ts';
import { NetType } from '../../runtime/net-type.ts';
import { compareOf, equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, generic, type TypeDeclaration } from '../declare.ts';

/** `Nullable<T>`: its `self` is UNIFORM and may be null, unlike that of every other type. */
const nullable = declareType({
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

const comparisons = declareType({
  name: 'System.Nullable',
  kind: 'static',
  members: {
    'static int Compare<T>(T? n1, T? n2)': (a: Uniform, b: Uniform) => {
      if (a === null || b === null) return Number(a !== null) - Number(b !== null);
      return compareOf(a, b);
    },
    'static bool Equals<T>(T? n1, T? n2)': (a: Uniform, b: Uniform) => equalsOf(a, b),
    'static Type GetUnderlyingType(Type nullableType)': (type: NetType | null) => {
      if (type === null) throw argumentNull('nullableType');
      const inner = /^System\.Nullable<(.+)>$/.exec(type.fullName)?.[1];
      return inner === undefined ? null : new NetType(inner);
    },
  },
});

export const nullableTypes: readonly TypeDeclaration[] = [nullable, comparisons];
