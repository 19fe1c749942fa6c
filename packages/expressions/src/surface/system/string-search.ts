import { charge } from '../../runtime/budget.ts';
import { toUpperInvariant } from '../../runtime/compare-string.ts';
import { comparerFor, ignoresCase } from '../../runtime/comparers.ts';
import { argumentNull, argumentOutOfRange } from '../../runtime/exceptions.ts';
import { fromChars, scan } from '../../runtime/text.ts';
import type { Uniform } from '../../runtime/values.ts';
import type { Implementation } from '../declare.ts';

/** Upper case keeps the length, so positions in the folded text are positions in the text. */
function fold(text: string, comparison: number): string {
  comparerFor(comparison);
  return ignoresCase(comparison) ? toUpperInvariant(scan(text)) : scan(text);
}

const ordinal = 4;

function indexOf(self: string, value: string | null, start: number, count: number, comparison: number): number {
  if (value === null) throw argumentNull('value');
  checkRange(self, start, count);
  const part = fold(self.slice(start, start + count), comparison);
  const at = part.indexOf(fold(value, comparison));
  return at < 0 ? -1 : at + start;
}

function checkRange(self: string, start: number, count: number): void {
  if (start < 0 || start > self.length) {
    throw argumentOutOfRange(
      'startIndex',
      'Index was out of range. Must be non-negative and less than the size of the collection.',
    );
  }
  if (count < 0 || start + count > self.length) {
    throw argumentOutOfRange(
      'count',
      'Count must be positive and count must refer to a location within the string/array/collection.',
    );
  }
}

/** Searches backwards from `start` over `count` characters. */
function lastIndexOf(self: string, value: string | null, start: number, count: number, comparison: number): number {
  if (value === null) throw argumentNull('value');
  if (self === '') return value === '' ? 0 : -1;
  if (start < 0 || start > self.length) {
    throw argumentOutOfRange(
      'startIndex',
      'Index was out of range. Must be non-negative and less than the size of the collection.',
    );
  }
  const end = Math.min(start + 1, self.length);
  const from = start - count + 1;
  if (count < 0 || from < 0) {
    throw argumentOutOfRange(
      'count',
      'Count must be positive and count must refer to a location within the string/array/collection.',
    );
  }
  const at = fold(self.slice(from, end), comparison).lastIndexOf(fold(value, comparison));
  return at < 0 ? -1 : at + from;
}

const charText = (code: number) => String.fromCharCode(code);

function indexOfAny(self: string, chars: readonly Uniform[] | null, start: number, count: number): number {
  if (chars === null) throw argumentNull('anyOf');
  checkRange(self, start, count);
  charge(count >> 4);
  const wanted = fromChars(chars);
  for (let i = start; i < start + count; i++) if (wanted.includes(self[i] ?? '')) return i;
  return -1;
}

function lastIndexOfAny(self: string, chars: readonly Uniform[] | null, start: number, count: number): number {
  if (chars === null) throw argumentNull('anyOf');
  if (self === '') return -1;
  if (start < 0 || start >= self.length) throw argumentOutOfRange('startIndex');
  if (count < 0 || count - 1 > start) throw argumentOutOfRange('count');
  charge(count >> 4);
  const wanted = fromChars(chars);
  for (let i = start; i > start - count; i--) if (wanted.includes(self[i] ?? '')) return i;
  return -1;
}

function startsWith(self: string, value: string | null, comparison: number): boolean {
  if (value === null) throw argumentNull('value');
  return fold(self.slice(0, value.length), comparison) === fold(value, comparison);
}

function endsWith(self: string, value: string | null, comparison: number): boolean {
  if (value === null) throw argumentNull('value');
  if (value.length > self.length) return false;
  return fold(self.slice(self.length - value.length), comparison) === fold(value, comparison);
}

/**
 * Contains, IndexOf, StartsWith and their kin. The culture-sensitive ones compare as ordinal: they differ only for
 * ignorable characters and for combining marks that are composed differently.
 */
export const stringSearchMembers: Readonly<Record<string, Implementation>> = {
  'bool Contains(string value)': (self: string, value: string | null) => {
    if (value === null) throw argumentNull('value');
    return scan(self).includes(value);
  },
  'bool Contains(char value)': (self: string, value: number) => scan(self).includes(charText(value)),
  'bool Contains(string value, StringComparison comparisonType)': (
    self: string,
    value: string | null,
    comparison: number,
  ) => indexOf(self, value, 0, self.length, comparison) >= 0,
  'bool StartsWith(string value)': (self: string, value: string | null) => startsWith(self, value, ordinal),
  'bool StartsWith(char value)': (self: string, value: number) => self.startsWith(charText(value)),
  'bool StartsWith(string value, StringComparison comparisonType)': startsWith,
  'bool StartsWith(string value, bool ignoreCase, CultureInfo culture)': (
    self: string,
    value: string | null,
    ignoreCase: boolean,
  ) => startsWith(self, value, ignoreCase ? 5 : ordinal),
  'bool EndsWith(string value)': (self: string, value: string | null) => endsWith(self, value, ordinal),
  'bool EndsWith(char value)': (self: string, value: number) => self.endsWith(charText(value)),
  'bool EndsWith(string value, StringComparison comparisonType)': endsWith,
  'bool EndsWith(string value, bool ignoreCase, CultureInfo culture)': (
    self: string,
    value: string | null,
    ignoreCase: boolean,
  ) => endsWith(self, value, ignoreCase ? 5 : ordinal),
  'int IndexOf(char value)': (self: string, value: number) => scan(self).indexOf(charText(value)),
  'int IndexOf(char value, int startIndex)': (self: string, value: number, start: number) =>
    indexOf(self, charText(value), start, self.length - start, ordinal),
  'int IndexOf(char value, int startIndex, int count)': (self: string, value: number, start: number, count: number) =>
    indexOf(self, charText(value), start, count, ordinal),
  'int IndexOf(char value, StringComparison comparisonType)': (self: string, value: number, comparison: number) =>
    indexOf(self, charText(value), 0, self.length, comparison),
  'int IndexOf(string value)': (self: string, value: string | null) => indexOf(self, value, 0, self.length, ordinal),
  'int IndexOf(string value, int startIndex)': (self: string, value: string | null, start: number) =>
    indexOf(self, value, start, self.length - start, ordinal),
  'int IndexOf(string value, int startIndex, int count)': (
    self: string,
    value: string | null,
    start: number,
    count: number,
  ) => indexOf(self, value, start, count, ordinal),
  'int IndexOf(string value, StringComparison comparisonType)': (
    self: string,
    value: string | null,
    comparison: number,
  ) => indexOf(self, value, 0, self.length, comparison),
  'int IndexOf(string value, int startIndex, StringComparison comparisonType)': (
    self: string,
    value: string | null,
    start: number,
    comparison: number,
  ) => indexOf(self, value, start, self.length - start, comparison),
  'int IndexOf(string value, int startIndex, int count, StringComparison comparisonType)': indexOf,
  'int IndexOfAny(char[] anyOf)': (self: string, chars: readonly Uniform[] | null) =>
    indexOfAny(self, chars, 0, self.length),
  'int IndexOfAny(char[] anyOf, int startIndex)': (self: string, chars: readonly Uniform[] | null, start: number) =>
    indexOfAny(self, chars, start, self.length - start),
  'int IndexOfAny(char[] anyOf, int startIndex, int count)': indexOfAny,
  'int LastIndexOf(char value)': (self: string, value: number) => scan(self).lastIndexOf(charText(value)),
  'int LastIndexOf(char value, int startIndex)': (self: string, value: number, start: number) =>
    lastIndexOf(self, charText(value), start, start + 1, ordinal),
  'int LastIndexOf(char value, int startIndex, int count)': (
    self: string,
    value: number,
    start: number,
    count: number,
  ) => lastIndexOf(self, charText(value), start, count, ordinal),
  'int LastIndexOf(string value)': (self: string, value: string | null) =>
    lastIndexOf(self, value, Math.max(self.length - 1, 0), self.length, ordinal),
  'int LastIndexOf(string value, int startIndex)': (self: string, value: string | null, start: number) =>
    lastIndexOf(self, value, start, start + 1, ordinal),
  'int LastIndexOf(string value, int startIndex, int count)': (
    self: string,
    value: string | null,
    start: number,
    count: number,
  ) => lastIndexOf(self, value, start, count, ordinal),
  'int LastIndexOf(string value, StringComparison comparisonType)': (
    self: string,
    value: string | null,
    comparison: number,
  ) => lastIndexOf(self, value, Math.max(self.length - 1, 0), self.length, comparison),
  'int LastIndexOf(string value, int startIndex, StringComparison comparisonType)': (
    self: string,
    value: string | null,
    start: number,
    comparison: number,
  ) => lastIndexOf(self, value, start, start + 1, comparison),
  'int LastIndexOfAny(char[] anyOf)': (self: string, chars: readonly Uniform[] | null) =>
    lastIndexOfAny(self, chars, self.length - 1, self.length),
  'int LastIndexOfAny(char[] anyOf, int startIndex)': (self: string, chars: readonly Uniform[] | null, start: number) =>
    lastIndexOfAny(self, chars, start, start + 1),
};
