import { classEscape, ignoringCase, type Test } from './char-set.ts';
import { RegexOptions } from './options.ts';
import { readCharEscape, readOctal, readProperty } from './parse-escape.ts';
import type { PatternCursor } from './pattern-cursor.ts';

/** A class, after its `[`. */
export function readClass(cursor: PatternCursor): Test {
  return cursor.nested(() => readClassHere(cursor));
}

function readClassHere(cursor: PatternCursor): Test {
  const negative = cursor.peek() === '^';
  if (negative) cursor.at++;
  const tests: Test[] = [];
  let minus: Test | undefined;
  for (let first = true; ; first = false) {
    const c = cursor.peek();
    if (c === undefined) throw cursor.error('Unterminated [] set.');
    if (c === ']' && !first) break;
    if (c === '-' && !first && cursor.text[cursor.at + 1] === '[') {
      cursor.at += 2;
      minus = readClass(cursor);
      if (cursor.peek() !== ']') throw cursor.error('A subtraction must be the last element in a character class.');
      break;
    }
    tests.push(readItem(cursor, c));
  }
  cursor.at++;
  const positive: Test = (unit) => tests.some((test) => test(unit));
  const cased = cursor.has(RegexOptions.IgnoreCase) ? ignoringCase(positive) : positive;
  const whole: Test = negative ? (unit) => !cased(unit) : cased;
  const less = minus;
  return less ? (unit) => whole(unit) && !less(unit) : whole;
}

function readItem(cursor: PatternCursor, c: string): Test {
  if (c === '[' && cursor.text[cursor.at + 1] === ':') {
    const posix = /\[:\w+:\]/y;
    posix.lastIndex = cursor.at;
    if (posix.test(cursor.text)) throw cursor.error('POSIX classes such as [:alpha:] do not exist in .NET.');
  }
  const set = readSet(cursor, c);
  if (set) {
    if (cursor.peek() === '-' && cursor.text[cursor.at + 1] !== ']' && cursor.text[cursor.at + 1] !== '[') {
      throw cursor.error('Cannot include class in character range.');
    }
    return set;
  }
  const from = readCharacter(cursor);
  const next = cursor.text[cursor.at + 1];
  if (cursor.peek() !== '-' || next === undefined || next === ']' || next === '[') return (unit) => unit === from;
  cursor.at++;
  if (readSet(cursor, cursor.peek() ?? '')) throw cursor.error('Cannot include class in character range.');
  const to = readCharacter(cursor);
  if (from > to) throw cursor.error('[x-y] range in reverse order.');
  return (unit) => unit >= from && unit <= to;
}

function readSet(cursor: PatternCursor, c: string): Test | undefined {
  if (c !== '\\') return undefined;
  const letter = cursor.text[cursor.at + 1] ?? '';
  const test = classEscape(letter, cursor.has(RegexOptions.ECMAScript));
  if (test) {
    cursor.at += 2;
    return test;
  }
  if (letter !== 'p' && letter !== 'P') return undefined;
  cursor.at += 2;
  return readProperty(cursor, letter === 'P');
}

function readCharacter(cursor: PatternCursor): number {
  const c = cursor.peek() ?? '';
  cursor.at++;
  if (c !== '\\') return c.charCodeAt(0);
  if (cursor.peek() === 'b') {
    cursor.at++;
    return 8;
  }
  return /[1-7]/.test(cursor.peek() ?? '') ? readOctal(cursor) : readCharEscape(cursor);
}
