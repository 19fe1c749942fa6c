/** Strings and characters as .NET's String and Char see them: UTF-16 code units, its own set of white space. */
import { charge, chargeMemory } from './budget.ts';
import { toLowerInvariant, toUpperInvariant } from './compare-string.ts';
import { Boxed, netArray, type Uniform } from './values.ts';

export const boxChar = (code: number): Boxed => new Boxed('System.Char', code);

/** `char[]` of a text. */
export function toCharArray(text: string): Uniform[] {
  chargeMemory(text.length * 24);
  return netArray(
    'System.Char',
    Array.from({ length: text.length }, (_, i) => boxChar(text.charCodeAt(i))),
  );
}

/** The text of a `char[]`, or of any enumerable of characters. */
export function fromChars(chars: Iterable<Uniform>): string {
  const parts: string[] = [];
  for (const c of chars) parts.push(c instanceof Boxed ? String.fromCharCode(Number(c.value)) : String(c));
  charge(parts.length >> 4);
  return parts.join('');
}

/** Charges for a scan of a text. */
export function scan(text: string): string {
  charge(text.length >> 6);
  return text;
}

/** Charges for a text that is made. */
export function made(text: string): string {
  chargeMemory(text.length);
  return text;
}

/** `char.IsWhiteSpace`. */
export function isWhite(code: number): boolean {
  return (
    code === 0x20 ||
    (code >= 9 && code <= 13) ||
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Trims the characters that `drop` accepts from the start, the end, or both. */
export function trim(text: string, drop: (code: number) => boolean, start = true, end = true): string {
  let from = 0;
  let to = text.length;
  if (start) while (from < to && drop(text.charCodeAt(from))) from++;
  if (end) while (to > from && drop(text.charCodeAt(to - 1))) to--;
  charge((text.length - (to - from)) >> 4);
  return text.slice(from, to);
}

export const upperChar = (code: number) => toUpperInvariant(String.fromCharCode(code)).charCodeAt(0);
export const lowerChar = (code: number) => toLowerInvariant(String.fromCharCode(code)).charCodeAt(0);
