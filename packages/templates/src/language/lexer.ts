import { TemplateError } from '../errors.ts';

export interface Token {
  readonly kind: 'name' | 'string' | 'integer' | 'punctuation' | 'end';
  /** The value of a string, else the text. */
  readonly text: string;
  readonly at: number;
}

const name = /[A-Za-z_][\w$]*/y;
const integer = /[-+]?\d+/y;

/** The tokens of an expression without its outer brackets; the last one is `end`. */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < expression.length) {
    const next = expression[at]!;
    if (/\s/.test(next)) {
      at++;
    } else if (next === "'") {
      const end = stringEnd(expression, at);
      tokens.push({ kind: 'string', text: expression.slice(at + 1, end).replaceAll("''", "'"), at });
      at = end + 1;
    } else if ('()[],.'.includes(next)) {
      tokens.push({ kind: 'punctuation', text: next, at });
      at++;
    } else {
      const token = match(expression, at, name, 'name') ?? match(expression, at, integer, 'integer');
      if (!token) throw syntaxError(expression, at, `unexpected '${next}'`);
      tokens.push(token);
      at += token.text.length;
    }
  }
  tokens.push({ kind: 'end', text: 'the end', at });
  return tokens;
}

export function syntaxError(expression: string, at: number, reason: string): TemplateError {
  return new TemplateError('ExpressionSyntax', { expression, at: at + 1, reason });
}

function match(text: string, at: number, pattern: RegExp, kind: 'name' | 'integer'): Token | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text)?.[0];
  return found === undefined ? undefined : { kind, text: found, at };
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== "'") continue;
    if (text[at + 1] === "'") at++;
    else return at;
  }
  throw syntaxError(text, start, "the string has no closing quote (')");
}
