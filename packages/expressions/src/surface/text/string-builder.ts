import { stepThrough } from '../../runtime/enumerate.ts';
import { argumentNull, argumentOutOfRange } from '../../runtime/exceptions.ts';
import { formatComposite } from '../../runtime/format-composite.ts';
import { keywordTypes } from '../../runtime/keyword-types.ts';
import { toStringOf } from '../../runtime/object.ts';
import { StringBuilder } from '../../runtime/string-builder.ts';
import { fromChars } from '../../runtime/text.ts';
import { box, type Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation } from '../declare.ts';

/** What Append and Insert take beside strings; the full names make them UNIFORM. */
const { string: _, ...values } = keywordTypes;

const appends: Record<string, Implementation> = {
  'StringBuilder Append(string value)': (self: StringBuilder, text: string | null) => self.append(text),
  'StringBuilder Append(char[] value)': (self: StringBuilder, chars: readonly Uniform[] | null) =>
    self.append(fromChars(chars ?? [])),
  'StringBuilder Append(char value, int repeatCount)': (self: StringBuilder, code: number, count: number) =>
    self.repeat(String.fromCharCode(code), count),
  'StringBuilder Append(string value, int startIndex, int count)': (
    self: StringBuilder,
    text: string | null,
    start: number,
    count: number,
  ) => {
    const whole = text ?? '';
    if (start < 0 || count < 0 || start + count > whole.length) throw argumentOutOfRange('startIndex');
    return self.append(whole.slice(start, start + count));
  },
  'StringBuilder Append(StringBuilder value)': (self: StringBuilder, other: StringBuilder | null) =>
    self.append(other?.text ?? null),
  'StringBuilder Insert(int index, string value)': (self: StringBuilder, index: number, text: string | null) =>
    self.insert(index, text),
  'StringBuilder Insert(int index, char[] value)': (
    self: StringBuilder,
    index: number,
    chars: readonly Uniform[] | null,
  ) => self.insert(index, fromChars(chars ?? [])),
  'StringBuilder Insert(int index, string value, int count)': (
    self: StringBuilder,
    index: number,
    text: string | null,
    count: number,
  ) => self.insert(index, new StringBuilder().repeat(text ?? '', count).text),
};
for (const [keyword, type] of Object.entries(values)) {
  appends[`StringBuilder Append(${keyword} value)`] = (self: StringBuilder, value: unknown) =>
    self.append(toStringOf(box(type, value)));
  appends[`StringBuilder Insert(int index, ${keyword} value)`] = (self: StringBuilder, index: number, value: unknown) =>
    self.insert(index, toStringOf(box(type, value)));
}

function join(self: StringBuilder, separator: string | null, items: Uniform): StringBuilder {
  let first = true;
  for (const item of stepThrough(items, 'values')) {
    if (!first) self.append(separator);
    self.append(toStringOf(item));
    first = false;
  }
  return self;
}

const format = (self: StringBuilder, text: string | null, ...args: Uniform[]) =>
  self.append(formatComposite(text, args));

function replaceText(self: StringBuilder, from: string | null, to: string | null, start = 0, count = self.length) {
  if (from === null) throw argumentNull('oldValue');
  return self.replace(from, to, start, count);
}

const code = (c: number) => String.fromCharCode(c);

export const stringBuilderType = declareType({
  name: 'System.Text.StringBuilder',
  kind: 'class',
  members: {
    'new()': () => new StringBuilder(),
    'new(int capacity)': (capacity: number) => {
      if (capacity < 0) throw argumentOutOfRange('capacity', "'capacity' must be greater than zero.");
      return new StringBuilder('', capacity);
    },
    'new(string value)': (text: string | null) => new StringBuilder(text),
    'new(string value, int capacity)': (text: string | null, capacity: number) => new StringBuilder(text, capacity),
    'int Length { get; set; }': {
      get: (self: StringBuilder) => self.length,
      set: (self: StringBuilder, value: number) => {
        self.length = value;
      },
    },
    'int Capacity { get; set; }': {
      get: (self: StringBuilder) => self.capacity,
      set: (self: StringBuilder, value: number) => {
        self.capacity = value;
      },
    },
    'char this[int index] { get; set; }': {
      get: (self: StringBuilder, index: number) => self.charAt(index),
      set: (self: StringBuilder, index: number, value: number) => self.setChar(index, value),
    },
    ...appends,
    'StringBuilder AppendLine()': (self: StringBuilder) => self.append('\r\n'),
    'StringBuilder AppendLine(string value)': (self: StringBuilder, text: string | null) =>
      self.append(text).append('\r\n'),
    'StringBuilder AppendFormat(string format, object arg0)': format,
    'StringBuilder AppendFormat(string format, object arg0, object arg1)': format,
    'StringBuilder AppendFormat(string format, object arg0, object arg1, object arg2)': format,
    'StringBuilder AppendFormat(string format, params object[] args)': (
      self: StringBuilder,
      text: string | null,
      args: readonly Uniform[] | null,
    ) => format(self, text, ...(args ?? [])),
    'StringBuilder AppendFormat(IFormatProvider provider, string format, params object[] args)': (
      self: StringBuilder,
      _provider: unknown,
      text: string | null,
      args: readonly Uniform[] | null,
    ) => format(self, text, ...(args ?? [])),
    'StringBuilder AppendJoin(string separator, params string[] values)': join,
    'StringBuilder AppendJoin(string separator, params object[] values)': join,
    'StringBuilder AppendJoin<T>(string separator, IEnumerable<T> values)': join,
    'StringBuilder Remove(int startIndex, int length)': (self: StringBuilder, start: number, length: number) =>
      self.remove(start, length),
    'StringBuilder Replace(string oldValue, string newValue)': replaceText,
    'StringBuilder Replace(string oldValue, string newValue, int startIndex, int count)': replaceText,
    'StringBuilder Replace(char oldChar, char newChar)': (self: StringBuilder, from: number, to: number) =>
      self.replace(code(from), code(to)),
    'StringBuilder Replace(char oldChar, char newChar, int startIndex, int count)': (
      self: StringBuilder,
      from: number,
      to: number,
      start: number,
      count: number,
    ) => self.replace(code(from), code(to), start, count),
    'StringBuilder Clear()': (self: StringBuilder) => {
      self.length = 0;
      return self;
    },
    'int EnsureCapacity(int capacity)': (self: StringBuilder, capacity: number) => {
      if (capacity > self.capacity) self.capacity = capacity;
      return self.capacity;
    },
    'bool Equals(StringBuilder sb)': (self: StringBuilder, other: StringBuilder | null) => self.text === other?.text,
    'string ToString()': (self: StringBuilder) => self.text,
    'string ToString(int startIndex, int length)': (self: StringBuilder, start: number, length: number) =>
      self.slice(start, length),
  },
});
