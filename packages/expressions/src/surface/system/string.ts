import { charge, chargeMemory } from '../../runtime/budget.ts';
import { toLowerInvariant, toUpperInvariant } from '../../runtime/compare-string.ts';
import { comparerFor } from '../../runtime/comparers.ts';
import { argumentException, argumentNull, argumentOutOfRange, indexOutOfRange } from '../../runtime/exceptions.ts';
import { compareOf, equalsOf, hashOf } from '../../runtime/object.ts';
import { fromChars, isWhite, made, scan, toCharArray, trim } from '../../runtime/text.ts';
import { Boxed, type Uniform } from '../../runtime/values.ts';
import { declareType } from '../declare.ts';
import { stringCompareMembers } from './string-compare.ts';
import { stringComposeMembers } from './string-compose.ts';
import { stringSearchMembers } from './string-search.ts';
import { stringSplitMembers } from './string-split.ts';

function substring(self: string, start: number, length: number): string {
  if (start < 0) throw argumentOutOfRange('startIndex', 'StartIndex cannot be less than zero.');
  if (start > self.length) {
    throw argumentOutOfRange('startIndex', 'startIndex cannot be larger than length of string.');
  }
  if (length < 0) throw argumentOutOfRange('length', 'Length cannot be less than zero.');
  if (start + length > self.length) {
    throw argumentOutOfRange('length', 'Index and length must refer to a location within the string.');
  }
  charge(length >> 6);
  return self.slice(start, start + length);
}

const dropper = (chars: readonly Uniform[] | null) => {
  if (chars === null || chars.length === 0) return isWhite;
  const codes = new Set(chars.map((c) => (c instanceof Boxed ? Number(c.value) : -1)));
  return (code: number) => codes.has(code);
};
const only = (code: number) => (other: number) => other === code;

function pad(self: string, width: number, code: number, left: boolean): string {
  if (width < 0) throw argumentOutOfRange('totalWidth', 'Non-negative number required.');
  if (width <= self.length) return self;
  chargeMemory(width);
  const c = String.fromCharCode(code);
  return left ? self.padStart(width, c) : self.padEnd(width, c);
}

function repeat(code: number, count: number): string {
  if (count < 0) throw argumentOutOfRange('count', "'count' must be non-negative.");
  chargeMemory(count);
  return String.fromCharCode(code).repeat(count);
}

function charsBetween(chars: readonly Uniform[] | null, start: number, length: number): string {
  if (chars === null) throw argumentNull('value');
  if (start < 0) throw argumentOutOfRange('startIndex', 'StartIndex cannot be less than zero.');
  if (length < 0) throw argumentOutOfRange('length', 'Length cannot be less than zero.');
  if (start + length > chars.length) {
    throw argumentOutOfRange(
      'startIndex',
      'Index was out of range. Must be non-negative and less than the size of the collection.',
    );
  }
  return fromChars(chars.slice(start, start + length));
}

function remove(self: string, start: number, count: number): string {
  if (start < 0) throw argumentOutOfRange('startIndex', 'StartIndex cannot be less than zero.');
  if (count < 0) throw argumentOutOfRange('count', 'Count cannot be less than zero.');
  if (start + count > self.length) {
    throw argumentOutOfRange('count', 'Index and count must refer to a location within the string.');
  }
  return made(self.slice(0, start) + self.slice(start + count));
}

const forms: Readonly<Record<number, string>> = { 1: 'NFC', 2: 'NFD', 5: 'NFKC', 6: 'NFKD' };

function normalForm(form: number): string {
  const name = forms[form];
  if (name === undefined) throw argumentException('Invalid or unsupported normalization form.', 'normalizationForm');
  return name;
}

/** `System.String`. Messages are .NET Framework's. */
export const stringType = declareType({
  name: 'System.String',
  kind: 'class',
  interfaces: [
    'IComparable',
    'IComparable<string>',
    'IEquatable<string>',
    'System.Collections.Generic.IEnumerable<char>',
  ],
  members: {
    'new(char c, int count)': repeat,
    'new(char[] value)': (chars: readonly Uniform[] | null) => (chars === null ? '' : made(fromChars(chars))),
    'new(char[] value, int startIndex, int length)': charsBetween,
    'const string Empty': () => '',
    'int Length { get; }': (self: string) => self.length,
    'char this[int index] { get; }': (self: string, index: number) => {
      if (index < 0 || index >= self.length) throw indexOutOfRange();
      return self.charCodeAt(index);
    },
    'string Substring(int startIndex)': (self: string, start: number) =>
      substring(self, start, Math.max(self.length - start, 0)),
    'string Substring(int startIndex, int length)': substring,
    'string Trim()': (self: string) => trim(self, isWhite),
    'string Trim(char trimChar)': (self: string, c: number) => trim(self, only(c)),
    'string Trim(params char[] trimChars)': (self: string, chars: readonly Uniform[] | null) =>
      trim(self, dropper(chars)),
    'string TrimStart()': (self: string) => trim(self, isWhite, true, false),
    'string TrimStart(char trimChar)': (self: string, c: number) => trim(self, only(c), true, false),
    'string TrimStart(params char[] trimChars)': (self: string, chars: readonly Uniform[] | null) =>
      trim(self, dropper(chars), true, false),
    'string TrimEnd()': (self: string) => trim(self, isWhite, false),
    'string TrimEnd(char trimChar)': (self: string, c: number) => trim(self, only(c), false),
    'string TrimEnd(params char[] trimChars)': (self: string, chars: readonly Uniform[] | null) =>
      trim(self, dropper(chars), false),
    'string PadLeft(int totalWidth)': (self: string, width: number) => pad(self, width, 32, true),
    'string PadLeft(int totalWidth, char paddingChar)': (self: string, width: number, c: number) =>
      pad(self, width, c, true),
    'string PadRight(int totalWidth)': (self: string, width: number) => pad(self, width, 32, false),
    'string PadRight(int totalWidth, char paddingChar)': (self: string, width: number, c: number) =>
      pad(self, width, c, false),
    'string ToUpper()': (self: string) => made(toUpperInvariant(scan(self))),
    'string ToUpper(CultureInfo culture)': (self: string) => made(toUpperInvariant(scan(self))),
    'string ToUpperInvariant()': (self: string) => made(toUpperInvariant(scan(self))),
    'string ToLower()': (self: string) => made(toLowerInvariant(scan(self))),
    'string ToLower(CultureInfo culture)': (self: string) => made(toLowerInvariant(scan(self))),
    'string ToLowerInvariant()': (self: string) => made(toLowerInvariant(scan(self))),
    'string Insert(int startIndex, string value)': (self: string, start: number, value: string | null) => {
      if (value === null) throw argumentNull('value');
      if (start < 0 || start > self.length) throw argumentOutOfRange('startIndex');
      return made(self.slice(0, start) + value + self.slice(start));
    },
    'string Remove(int startIndex)': (self: string, start: number) => {
      if (start < 0) throw argumentOutOfRange('startIndex', 'StartIndex cannot be less than zero.');
      if (start >= self.length) {
        throw argumentOutOfRange('startIndex', 'startIndex must be less than length of string.');
      }
      return self.slice(0, start);
    },
    'string Remove(int startIndex, int count)': remove,
    'char[] ToCharArray()': (self: string) => toCharArray(self),
    'char[] ToCharArray(int startIndex, int length)': (self: string, start: number, length: number) => {
      if (start < 0 || start > self.length || start + length > self.length) throw argumentOutOfRange('startIndex');
      if (length < 0) throw argumentOutOfRange('length');
      return toCharArray(self.slice(start, start + length));
    },
    'string Normalize()': (self: string) => made(scan(self).normalize()),
    'string Normalize(NormalizationForm normalizationForm)': (self: string, form: number) =>
      made(scan(self).normalize(normalForm(form))),
    'bool IsNormalized()': (self: string) => scan(self).normalize() === self,
    'string ToString()': (self: string) => self,
    'string ToString(IFormatProvider provider)': (self: string) => self,
    'string Clone()': (self: string) => self,
    'int GetHashCode()': (self: string) => hashOf(scan(self)),
    'int CompareTo(string strB)': (self: string, other: string | null) => compareOf(scan(self), other),
    'int CompareTo(object value)': (self: string, other: Uniform) => {
      if (other !== null && typeof other !== 'string') throw argumentException('Object must be of type String.');
      return compareOf(scan(self), other);
    },
    'bool Equals(string value)': (self: string, other: string | null) => self === other,
    'bool Equals(object obj)': (self: string, other: Uniform) => equalsOf(self, other),
    'bool Equals(string value, StringComparison comparisonType)': (
      self: string,
      other: string | null,
      comparison: number,
    ) => comparerFor(comparison).equals(scan(self), other),
    'static bool IsNullOrEmpty(string value)': (value: string | null) => value === null || value === '',
    'static bool IsNullOrWhiteSpace(string value)': (value: string | null) =>
      value === null || trim(value, isWhite) === '',
    'static string Copy(string str)': (value: string | null) => {
      if (value === null) throw argumentNull('str');
      return value;
    },
    'static string Intern(string str)': (value: string | null) => {
      if (value === null) throw argumentNull('str');
      return value;
    },
    'static bool operator ==(string a, string b)': (a: string | null, b: string | null) => a === b,
    'static bool operator !=(string a, string b)': (a: string | null, b: string | null) => a !== b,
    ...stringCompareMembers,
    ...stringSearchMembers,
    ...stringSplitMembers,
    ...stringComposeMembers,
  },
});
