import { charge, chargeMemory } from '../../runtime/budget.ts';
import { toUpperInvariant } from '../../runtime/compare-string.ts';
import { comparerFor, ignoresCase } from '../../runtime/comparers.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { argumentException, argumentNull, argumentOutOfRange } from '../../runtime/exceptions.ts';
import { formatComposite } from '../../runtime/format-composite.ts';
import { toStringOf } from '../../runtime/object.ts';
import { scan } from '../../runtime/text.ts';
import type { Uniform } from '../../runtime/values.ts';
import type { Implementation } from '../declare.ts';

type Items = readonly Uniform[] | null;

function join(separator: string | null, values: Iterable<Uniform>): string {
  const glue = separator ?? '';
  let text = '';
  let first = true;
  for (const value of values) {
    const part = (first ? '' : glue) + toStringOf(value);
    chargeMemory(part.length);
    text += part;
    first = false;
  }
  return text;
}

function joinArray(separator: string | null, values: Items, parameter = 'values'): string {
  if (values === null) throw argumentNull(parameter);
  charge(values.length);
  return join(separator, values);
}

function joinPart(separator: string | null, values: Items, start: number, count: number): string {
  if (values === null) throw argumentNull('value');
  if (start < 0) throw argumentOutOfRange('startIndex', 'StartIndex cannot be less than zero.');
  if (count < 0) throw argumentOutOfRange('count', 'Count cannot be less than zero.');
  if (start + count > values.length) {
    throw argumentOutOfRange('startIndex', 'Index and count must refer to a location within the buffer.');
  }
  return join(separator, values.slice(start, start + count));
}

function format(text: string | null, args: Items): string {
  if (args === null) throw argumentNull(text === null ? 'format' : 'args');
  return formatComposite(text, args);
}

const code = (c: number) => String.fromCharCode(c);

function replace(self: string, from: string | null, to: string | null, comparison: number): string {
  if (from === null) throw argumentNull('oldValue');
  if (from === '') throw argumentException('String cannot be of zero length.', 'oldValue');
  comparerFor(comparison);
  const folded = ignoresCase(comparison) ? toUpperInvariant(scan(self)) : scan(self);
  const wanted = ignoresCase(comparison) ? toUpperInvariant(from) : from;
  const growth = (to ?? '').length - from.length;
  const parts: string[] = [];
  let start = 0;
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, start)) {
    charge();
    if (growth > 0) chargeMemory(growth);
    parts.push(self.slice(start, at));
    start = at + from.length;
  }
  if (start === 0) return self;
  chargeMemory(self.length);
  parts.push(self.slice(start));
  return parts.join(to ?? '');
}

const concat = (...values: Uniform[]) => join('', values);

/** Join, Concat, Format and Replace. */
export const stringComposeMembers: Readonly<Record<string, Implementation>> = {
  'static string Join(string separator, params string[] value)': (separator: string | null, values: Items) =>
    joinArray(separator, values, 'value'),
  'static string Join(string separator, params object[] values)': (separator: string | null, values: Items) =>
    joinArray(separator, values),
  'static string Join(string separator, string[] value, int startIndex, int count)': joinPart,
  'static string Join(string separator, IEnumerable<string> values)': (separator: string | null, values: Uniform) =>
    join(separator, stepThrough(values, 'values')),
  'static string Join<T>(string separator, IEnumerable<T> values)': (separator: string | null, values: Uniform) =>
    join(separator, stepThrough(values, 'values')),
  'static string Join(char separator, params string[] value)': (separator: number, values: Items) =>
    joinArray(code(separator), values, 'value'),
  'static string Join(char separator, params object[] values)': (separator: number, values: Items) =>
    joinArray(code(separator), values),
  'static string Join<T>(char separator, IEnumerable<T> values)': (separator: number, values: Uniform) =>
    join(code(separator), stepThrough(values, 'values')),
  'static string Concat(object arg0)': concat,
  'static string Concat(object arg0, object arg1)': concat,
  'static string Concat(object arg0, object arg1, object arg2)': concat,
  'static string Concat(params object[] args)': (args: Items) => joinArray('', args, 'args'),
  'static string Concat(string str0, string str1)': concat,
  'static string Concat(string str0, string str1, string str2)': concat,
  'static string Concat(string str0, string str1, string str2, string str3)': concat,
  'static string Concat(params string[] values)': (values: Items) => joinArray('', values),
  'static string Concat(IEnumerable<string> values)': (values: Uniform) => join('', stepThrough(values, 'values')),
  'static string Concat<T>(IEnumerable<T> values)': (values: Uniform) => join('', stepThrough(values, 'values')),
  'static string Format(string format, object arg0)': (text: string | null, a: Uniform) => format(text, [a]),
  'static string Format(string format, object arg0, object arg1)': (text: string | null, a: Uniform, b: Uniform) =>
    format(text, [a, b]),
  'static string Format(string format, object arg0, object arg1, object arg2)': (
    text: string | null,
    a: Uniform,
    b: Uniform,
    c: Uniform,
  ) => format(text, [a, b, c]),
  'static string Format(string format, params object[] args)': format,
  'static string Format(IFormatProvider provider, string format, object arg0)': (
    _provider: unknown,
    text: string | null,
    a: Uniform,
  ) => format(text, [a]),
  'static string Format(IFormatProvider provider, string format, object arg0, object arg1)': (
    _provider: unknown,
    text: string | null,
    a: Uniform,
    b: Uniform,
  ) => format(text, [a, b]),
  'static string Format(IFormatProvider provider, string format, params object[] args)': (
    _provider: unknown,
    text: string | null,
    args: Items,
  ) => format(text, args),
  'string Replace(char oldChar, char newChar)': (self: string, from: number, to: number) =>
    replace(self, code(from), code(to), 4),
  'string Replace(string oldValue, string newValue)': (self: string, from: string | null, to: string | null) =>
    replace(self, from, to, 4),
  'string Replace(string oldValue, string newValue, StringComparison comparisonType)': replace,
};
