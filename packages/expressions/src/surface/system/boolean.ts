import { argumentNull, formatException } from '../../runtime/exceptions.ts';
import { compareOf, comparePrimitive, equalsOf, toStringOf } from '../../runtime/object.ts';
import { isWhite, trim } from '../../runtime/text.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type Out } from '../declare.ts';

/** `bool.Parse`: True or False in any case, among white space and null characters. */
export function readBoolean(text: string | null): boolean | undefined {
  const word = trim(text ?? '', (code) => isWhite(code) || code === 0).toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

export function parseBoolean(text: string | null): boolean {
  if (text === null) throw argumentNull('value');
  const value = readBoolean(text);
  if (value === undefined) throw formatException('String was not recognized as a valid Boolean.');
  return value;
}

export const booleanType = declareType({
  name: 'System.Boolean',
  kind: 'struct',
  interfaces: ['IComparable', 'IComparable<bool>', 'IEquatable<bool>'],
  members: {
    'static string TrueString { get; }': () => 'True',
    'static string FalseString { get; }': () => 'False',
    'static bool Parse(string value)': parseBoolean,
    'static bool TryParse(string value, out bool result)': (text: string | null, result: Out<boolean>) => {
      const value = readBoolean(text);
      result.value = value ?? false;
      return value !== undefined;
    },
    'string ToString()': (self: boolean) => toStringOf(self),
    'string ToString(IFormatProvider provider)': (self: boolean) => toStringOf(self),
    'int CompareTo(bool value)': (self: boolean, other: boolean) => comparePrimitive(self, other),
    'int CompareTo(object obj)': (self: boolean, other: Uniform) => compareOf(self, other),
    'bool Equals(bool obj)': (self: boolean, other: boolean) => self === other,
    'bool Equals(object obj)': (self: boolean, other: Uniform) => equalsOf(self, other),
    'int GetHashCode()': (self: boolean) => Number(self),
  },
});
