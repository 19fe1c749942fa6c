import { SyntaxProblem } from './problems.ts';

const simple: Readonly<Record<string, string>> = {
  "'": "'",
  '"': '"',
  '\\': '\\',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The escape sequence at the backslash `at`. @throws {SyntaxProblem} CS1009 */
export function readEscape(source: string, at: number, limit: number): { text: string; end: number } {
  const c = at + 1 < limit ? source.charAt(at + 1) : '';
  const plain = Object.hasOwn(simple, c) ? simple[c] : undefined;
  if (plain !== undefined) return { text: plain, end: at + 2 };
  if (c === 'x') return hex(source, at, limit, 1, 4);
  if (c === 'u') return hex(source, at, limit, 4, 4);
  if (c === 'U') return hex(source, at, limit, 8, 8);
  throw unrecognized(at);
}

function hex(source: string, at: number, limit: number, least: number, most: number): { text: string; end: number } {
  let end = at + 2;
  while (end < limit && end < at + 2 + most && /[0-9a-fA-F]/.test(source.charAt(end))) end++;
  const code = Number.parseInt(source.slice(at + 2, end), 16);
  if (end - at - 2 < least || code > 0x10ffff) throw unrecognized(at);
  return { text: code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code), end };
}

const unrecognized = (at: number) =>
  new SyntaxProblem('CS1009', 'Unrecognized escape sequence', { start: at, end: at + 2 });
