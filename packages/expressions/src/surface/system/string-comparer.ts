import {
  comparerFor,
  invariantCulture,
  invariantCultureIgnoreCase,
  ordinal,
  ordinalIgnoreCase,
  StringComparer,
} from '../../runtime/comparers.ts';
import { argumentNull } from '../../runtime/exceptions.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType } from '../declare.ts';

type Text = string | null;
const compare = (self: StringComparer, a: Uniform, b: Uniform) => {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return self.compare(a, b);
};
const hash = (self: StringComparer, value: Uniform) => {
  if (value === null) throw argumentNull('obj');
  return self.hash(value);
};

export const stringComparerType = declareType({
  name: 'System.StringComparer',
  kind: 'class',
  interfaces: ['System.Collections.Generic.IComparer<string>', 'System.Collections.Generic.IEqualityComparer<string>'],
  test: (value) => value instanceof StringComparer,
  members: {
    'static StringComparer Ordinal { get; }': () => ordinal,
    'static StringComparer OrdinalIgnoreCase { get; }': () => ordinalIgnoreCase,
    'static StringComparer InvariantCulture { get; }': () => invariantCulture,
    'static StringComparer InvariantCultureIgnoreCase { get; }': () => invariantCultureIgnoreCase,
    'static StringComparer CurrentCulture { get; }': () => invariantCulture,
    'static StringComparer CurrentCultureIgnoreCase { get; }': () => invariantCultureIgnoreCase,
    'static StringComparer Create(CultureInfo culture, bool ignoreCase)': (_culture: Uniform, ignoreCase: boolean) =>
      ignoreCase ? invariantCultureIgnoreCase : invariantCulture,
    'static StringComparer FromComparison(StringComparison comparisonType)': comparerFor,
    'int Compare(string x, string y)': (self: StringComparer, a: Text, b: Text) => compare(self, a, b),
    'int Compare(object x, object y)': compare,
    'bool Equals(string x, string y)': (self: StringComparer, a: Text, b: Text) => self.equals(a, b),
    'bool Equals(object x, object y)': (self: StringComparer, a: Uniform, b: Uniform) => self.equals(a, b),
    'int GetHashCode(string obj)': hash,
    'int GetHashCode(object obj)': hash,
  },
});
