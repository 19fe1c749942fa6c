import { ServiceBusError } from '../errors.ts';
import { maxStatementLength } from './limits.ts';
import { syntaxError } from './syntax-error.ts';

export type Token = { readonly at: number; readonly text: string } & (
  | { readonly kind: 'keyword'; readonly keyword: Keyword }
  /** A name; `delimited`: in brackets or double quotes, so that it is never a scope or a function. */
  | { readonly kind: 'identifier'; readonly name: string; readonly delimited: boolean }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  /** With its `@`. */
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'symbol'; readonly symbol: string }
  | { readonly kind: 'end' }
);

const keywords = [
  'AND',
  'ESCAPE',
  'EXISTS',
  'FALSE',
  'IN',
  'IS',
  'LIKE',
  'NOT',
  'NULL',
  'OR',
  'REMOVE',
  'SET',
  'TRUE',
] as const;
export type Keyword = (typeof keywords)[number];
const keywordOf: ReadonlyMap<string, Keyword> = new Map(keywords.map((keyword) => [keyword, keyword]));

/** A regular identifier of the documentation: letters and digits of Unicode, and underscores. */
const identifier = /\p{L}[_\p{L}\p{Nd}]*/uy;
const parameter = /@[_\p{L}\p{Nd}]+/uy;
/** A digit or a letter right behind it would be a number that was written wrongly. */
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const symbol = /<>|!=|<=|>=|[=<>+\-*/%(),.;]/y;
const space = /\s+/uy;
const partOfNumber = /[_.\p{L}\p{Nd}]/uy;

/**
 * The tokens of a filter or of an action, the last one being `end`.
 * @throws {ServiceBusError} `BadRequest`, with line and column
 */
export function tokensOf(source: string): Token[] {
  if (source.length > maxStatementLength) {
    throw new ServiceBusError('BadRequest', {
      reason: `The SQL expression has ${source.length} characters. The maximum allowed length is ${maxStatementLength}.`,
    });
  }
  const tokens: Token[] = [];
  let at = 0;
  while (true) {
    at += match(space, source, at)?.length ?? 0;
    if (at >= source.length) break;
    const token = tokenAt(source, at);
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: 'end', at: source.length, text: '' });
  return tokens;
}

function tokenAt(source: string, at: number): Token {
  const first = source[at];
  if (first === "'") {
    const text = delimited(source, at, "'", 'string constant');
    return { kind: 'string', at, text, value: text.slice(1, -1).replaceAll("''", "'") };
  }
  if (first === '[' || first === '"') return delimitedIdentifier(source, at, first === '[' ? ']' : '"');
  const word = match(identifier, source, at);
  if (word !== undefined) {
    const keyword = /^[A-Za-z]+$/.test(word) ? keywordOf.get(word.toUpperCase()) : undefined;
    return keyword === undefined
      ? { kind: 'identifier', at, text: word, name: word, delimited: false }
      : { kind: 'keyword', at, text: word, keyword };
  }
  const digits = match(number, source, at);
  if (digits !== undefined) return numberToken(source, at, digits);
  const name = match(parameter, source, at);
  if (name !== undefined) return { kind: 'parameter', at, text: name, name };
  const sign = match(symbol, source, at);
  if (sign !== undefined) return { kind: 'symbol', at, text: sign, symbol: sign };
  const unknown = String.fromCodePoint(source.codePointAt(at) ?? 0);
  throw syntaxError(source, at, unknown, `Unrecognized character. '${unknown}'`);
}

function delimitedIdentifier(source: string, at: number, close: string): Token {
  const text = delimited(source, at, close, 'delimited identifier');
  const name = text.slice(1, -1).replaceAll(close + close, close);
  if (name === '') throw syntaxError(source, at, text, 'A delimited identifier has at least one character.');
  return { kind: 'identifier', at, text, name, delimited: true };
}

/** From the opening character to the closing one, which stands twice where it means itself. */
function delimited(source: string, at: number, close: string, what: string): string {
  let end = at + 1;
  while (true) {
    end = source.indexOf(close, end);
    if (end < 0) throw syntaxError(source, at, source.slice(at), `Unterminated ${what}: ${close} is missing`);
    if (source[end + 1] !== close) return source.slice(at, end + 1);
    end += 2;
  }
}

/** `-9223372036854775808` is a sign and a number that alone is too large: the parser looks at it again. */
export const largestInt64 = 0x7fff_ffff_ffff_ffffn;

function numberToken(source: string, at: number, text: string): Token {
  const after = match(partOfNumber, source, at + text.length);
  if (after !== undefined) throw syntaxError(source, at, text + after, `Invalid number: '${after}' cannot follow it`);
  if (!/^\d+$/.test(text)) {
    const value = Number(text);
    if (!Number.isFinite(value)) throw syntaxError(source, at, text, 'The number is out of the range of Double');
    return { kind: 'double', at, text, value };
  }
  const value = BigInt(text);
  if (value > largestInt64 + 1n) throw syntaxError(source, at, text, 'The number is out of the range of Int64');
  return { kind: 'integer', at, text, value };
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
