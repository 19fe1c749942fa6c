import { type Test, unicodeProperty } from './char-set.ts';
import { RegexOptions } from './options.ts';
import type { PatternCursor } from './pattern-cursor.ts';

export function readOctal(cursor: PatternCursor): number {
  const digits = /[0-7]{1,3}/y;
  digits.lastIndex = cursor.at;
  const text = digits.exec(cursor.text)?.[0] ?? '0';
  cursor.at += text.length;
  return Number.parseInt(text, 8) & 0xff;
}

/** An escape that stands for one character, in and outside of a class. */
export function readCharEscape(cursor: PatternCursor): number {
  const c = cursor.peek();
  if (c === undefined) throw cursor.error('Illegal \\ at end of pattern.');
  if (c === '0') return readOctal(cursor);
  cursor.at++;
  switch (c) {
    case 'x':
      return readHex(cursor, 2);
    case 'u':
      return readHex(cursor, 4);
    case 'c': {
      const control = cursor.peek();
      if (control === undefined) throw cursor.error('Missing control character.');
      const unit = control.toUpperCase().charCodeAt(0) - 64;
      if (unit < 0 || unit > 31) throw cursor.error('Unrecognized control character.');
      cursor.at++;
      return unit;
    }
    default: {
      const unit = plainEscapes[c];
      if (unit !== undefined) return unit;
      if (!cursor.has(RegexOptions.ECMAScript) && /[\p{L}\p{Nd}_]/u.test(c)) {
        throw cursor.error(`Unrecognized escape sequence \\${c}.`);
      }
      return c.charCodeAt(0);
    }
  }
}

function readHex(cursor: PatternCursor, length: number): number {
  const digits = cursor.text.slice(cursor.at, cursor.at + length);
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) throw cursor.error('Insufficient hexadecimal digits.');
  cursor.at += length;
  return Number.parseInt(digits, 16);
}

export function readProperty(cursor: PatternCursor, negative: boolean): Test {
  const named = /\{([\w-]+)\}/y;
  named.lastIndex = cursor.at;
  const found = named.exec(cursor.text);
  if (!found) throw cursor.error('Malformed \\p{X} character escape.');
  cursor.at += found[0].length;
  const name = found[1] ?? '';
  const test = unicodeProperty(name);
  if (!test) throw cursor.error(`Unknown property '${name}'.`);
  return negative ? (unit) => !test(unit) : test;
}

const plainEscapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  e: 27,
};
