import { argumentException, argumentNull, argumentOutOfRange, formatException } from '../../runtime/exceptions.ts';
import { compareOf, equalsOf } from '../../runtime/object.ts';
import { boxChar, isWhite, lowerChar, upperChar } from '../../runtime/text.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type Out } from '../declare.ts';

type Test = (code: number) => boolean;
const matches =
  (pattern: RegExp): Test =>
  (code) =>
    pattern.test(String.fromCharCode(code));

/** The questions about a character, by Unicode category. */
const tests: Readonly<Record<string, Test>> = {
  IsLetter: matches(/\p{L}/u),
  IsDigit: matches(/\p{Nd}/u),
  IsNumber: matches(/\p{N}/u),
  IsLetterOrDigit: matches(/[\p{L}\p{Nd}]/u),
  IsUpper: matches(/\p{Lu}/u),
  IsLower: matches(/\p{Ll}/u),
  IsPunctuation: matches(/\p{P}/u),
  IsSymbol: matches(/\p{S}/u),
  IsSeparator: matches(/\p{Z}/u),
  IsControl: matches(/\p{Cc}/u),
  IsWhiteSpace: isWhite,
  IsSurrogate: (code) => code >= 0xd800 && code <= 0xdfff,
  IsHighSurrogate: (code) => code >= 0xd800 && code <= 0xdbff,
  IsLowSurrogate: (code) => code >= 0xdc00 && code <= 0xdfff,
};

const testMembers: Record<string, Implementation> = {};
for (const [name, test] of Object.entries(tests)) {
  testMembers[`static bool ${name}(char c)`] = test;
  testMembers[`static bool ${name}(string s, int index)`] = (text: string | null, index: number) =>
    test(codeAt(text, index));
}

function codeAt(text: string | null, index: number): number {
  if (text === null) throw argumentNull('s');
  if (index < 0 || index >= text.length) throw argumentOutOfRange('index');
  return text.charCodeAt(index);
}

function numericValue(code: number): number {
  const c = String.fromCharCode(code);
  if (/\p{Nd}/u.test(c)) {
    // Digits of a script stand in a row of ten, so the zero is the last one before that is still one of them.
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCharCode(zero - 1))) zero--;
    return code - zero;
  }
  return fractions[c] ?? -1;
}

const fractions: Readonly<Record<string, number>> = {
  '¼': 0.25,
  '½': 0.5,
  '¾': 0.75,
  '²': 2,
  '³': 3,
  '¹': 1,
  '⅓': 1 / 3,
  '⅔': 2 / 3,
  '⅛': 0.125,
  '⅜': 0.375,
  '⅝': 0.625,
  '⅞': 0.875,
};

function parse(text: string | null): number {
  if (text === null) throw argumentNull('s');
  if (text.length !== 1) throw formatException('String must be exactly one character long.');
  return text.charCodeAt(0);
}

export const charType = declareType({
  name: 'System.Char',
  kind: 'struct',
  interfaces: ['IComparable', 'IComparable<char>', 'IEquatable<char>'],
  members: {
    'const char MaxValue': () => 0xffff,
    'const char MinValue': () => 0,
    ...testMembers,
    'static bool IsSurrogatePair(char highSurrogate, char lowSurrogate)': (high: number, low: number) =>
      high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff,
    'static char ToUpper(char c)': upperChar,
    'static char ToUpper(char c, CultureInfo culture)': upperChar,
    'static char ToUpperInvariant(char c)': upperChar,
    'static char ToLower(char c)': lowerChar,
    'static char ToLower(char c, CultureInfo culture)': lowerChar,
    'static char ToLowerInvariant(char c)': lowerChar,
    'static double GetNumericValue(char c)': numericValue,
    'static double GetNumericValue(string s, int index)': (text: string | null, index: number) =>
      numericValue(codeAt(text, index)),
    'static char Parse(string s)': parse,
    'static bool TryParse(string s, out char result)': (text: string | null, result: Out<number>) => {
      result.value = text?.length === 1 ? text.charCodeAt(0) : 0;
      return text?.length === 1;
    },
    'static string ConvertFromUtf32(int utf32)': (point: number) => {
      if (point < 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
        throw argumentOutOfRange(
          'utf32',
          'A valid UTF32 value is between 0x000000 and 0x10ffff, inclusive, and should not include surrogate codepoint values (0x00d800 ~ 0x00dfff).',
        );
      }
      return String.fromCodePoint(point);
    },
    'static int ConvertToUtf32(string s, int index)': (text: string | null, index: number) => {
      codeAt(text, index);
      const point = text?.codePointAt(index) ?? 0;
      if (point >= 0xd800 && point <= 0xdfff) {
        throw argumentException(`Found a surrogate char without its pair at index: ${index}.`, 's');
      }
      return point;
    },
    'static string ToString(char c)': (c: number) => String.fromCharCode(c),
    'string ToString()': (self: number) => String.fromCharCode(self),
    'string ToString(IFormatProvider provider)': (self: number) => String.fromCharCode(self),
    'int CompareTo(char value)': (self: number, other: number) => self - other,
    'int CompareTo(object value)': (self: number, other: Uniform) => compareOf(boxChar(self), other),
    'bool Equals(char obj)': (self: number, other: number) => self === other,
    'bool Equals(object obj)': (self: number, other: Uniform) => equalsOf(boxChar(self), other),
    'int GetHashCode()': (self: number) => self | (self << 16),
  },
});
