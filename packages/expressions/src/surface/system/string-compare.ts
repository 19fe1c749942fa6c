import { compareCulture, compareCultureIgnoreCase, compareOrdinal } from '../../runtime/compare-string.ts';
import { comparerFor } from '../../runtime/comparers.ts';
import { argumentOutOfRange } from '../../runtime/exceptions.ts';
import { scan } from '../../runtime/text.ts';
import type { Implementation } from '../declare.ts';

type Text = string | null;
type Compare = (a: string, b: string) => number;

/** Null is less than every string. */
function compare(a: Text, b: Text, by: Compare): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return by(scan(a), b);
}

function compareParts(a: Text, at: number, b: Text, otherAt: number, length: number, by: Compare): number {
  if (length < 0) throw argumentOutOfRange('length', 'Length cannot be less than zero.');
  if (a === null || b === null) return compare(a, b, by);
  if (at < 0 || at > a.length) throw argumentOutOfRange('indexA');
  if (otherAt < 0 || otherAt > b.length) throw argumentOutOfRange('indexB');
  return by(scan(a).slice(at, at + length), b.slice(otherAt, otherAt + length));
}

const byCulture = (ignoreCase: boolean) => (ignoreCase ? compareCultureIgnoreCase : compareCulture);
const byComparison = (comparison: number): Compare => {
  const comparer = comparerFor(comparison);
  return (a, b) => comparer.compare(a, b);
};

/** The static comparisons of String. Without a StringComparison they are those of the invariant culture. */
export const stringCompareMembers: Readonly<Record<string, Implementation>> = {
  'static bool Equals(string a, string b)': (a: Text, b: Text) => a === b,
  'static bool Equals(string a, string b, StringComparison comparisonType)': (a: Text, b: Text, comparison: number) =>
    comparerFor(comparison).equals(a, b),
  'static int Compare(string strA, string strB)': (a: Text, b: Text) => compare(a, b, compareCulture),
  'static int Compare(string strA, string strB, bool ignoreCase)': (a: Text, b: Text, ignoreCase: boolean) =>
    compare(a, b, byCulture(ignoreCase)),
  'static int Compare(string strA, string strB, bool ignoreCase, CultureInfo culture)': (
    a: Text,
    b: Text,
    ignoreCase: boolean,
  ) => compare(a, b, byCulture(ignoreCase)),
  'static int Compare(string strA, string strB, StringComparison comparisonType)': (
    a: Text,
    b: Text,
    comparison: number,
  ) => compare(a, b, byComparison(comparison)),
  'static int Compare(string strA, int indexA, string strB, int indexB, int length)': (
    a: Text,
    at: number,
    b: Text,
    otherAt: number,
    length: number,
  ) => compareParts(a, at, b, otherAt, length, compareCulture),
  'static int Compare(string strA, int indexA, string strB, int indexB, int length, bool ignoreCase)': (
    a: Text,
    at: number,
    b: Text,
    otherAt: number,
    length: number,
    ignoreCase: boolean,
  ) => compareParts(a, at, b, otherAt, length, byCulture(ignoreCase)),
  'static int Compare(string strA, int indexA, string strB, int indexB, int length, StringComparison comparisonType)': (
    a: Text,
    at: number,
    b: Text,
    otherAt: number,
    length: number,
    comparison: number,
  ) => compareParts(a, at, b, otherAt, length, byComparison(comparison)),
  'static int CompareOrdinal(string strA, string strB)': (a: Text, b: Text) => compare(a, b, compareOrdinal),
  'static int CompareOrdinal(string strA, int indexA, string strB, int indexB, int length)': (
    a: Text,
    at: number,
    b: Text,
    otherAt: number,
    length: number,
  ) => compareParts(a, at, b, otherAt, length, compareOrdinal),
};
