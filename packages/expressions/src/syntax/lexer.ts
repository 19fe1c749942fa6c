import { readNumber } from './number-literal.ts';
import { SyntaxProblem } from './problems.ts';
import { readEscape } from './string-escape.ts';
import { type InterpolationPart, keywords, type Token } from './token.ts';

/** Longest first. `>` is always alone, so that `List<List<int>>` closes; the parser joins shifts. */
const punctuators = [
  '<<=',
  '??=',
  '=>',
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '??',
  '?.',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '<<',
  '::',
  '->',
  '..',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '.',
  ':',
  '?',
  '+',
  '-',
  '*',
  '/',
  '%',
  '=',
  '<',
  '>',
  '!',
  '&',
  '|',
  '^',
  '~',
] as const;
const punctuatorsByFirst = new Map<string, string[]>();
for (const p of punctuators) {
  const list = punctuatorsByFirst.get(p.charAt(0));
  if (list) list.push(p);
  else punctuatorsByFirst.set(p.charAt(0), [p]);
}

/** Interpolated strings can hold interpolated strings; the reading recurses. */
const deepestInterpolation = 16;

/**
 * The tokens of `source` from `start` to `end`, with an `end` token.
 * @throws {SyntaxProblem} at the first thing that is no token.
 */
export function tokenize(source: string, start: number, end: number): Token[] {
  const lexer = new Lexer(source, start, end);
  const tokens: Token[] = [];
  for (;;) {
    const token = lexer.next();
    tokens.push(token);
    if (token.kind === 'end') return tokens;
  }
}

export class Lexer {
  readonly source: string;
  readonly end: number;
  position: number;
  #depth: number;

  constructor(source: string, start: number, end: number, depth = 0) {
    this.source = source;
    this.position = start;
    this.end = end;
    this.#depth = depth;
  }

  next(): Token {
    this.#skipTrivia();
    const start = this.position;
    if (start >= this.end) return { kind: 'end', text: '', start: this.end, end: this.end };
    const c = this.source.charCodeAt(start);
    if (isIdentifierStart(c)) return this.#word(start, start);
    if (isDigit(c) || (c === 46 && isDigit(this.#code(start + 1)))) return this.#number(start);
    if (c === 34) return this.#string(start, start, false);
    if (c === 39) return this.#char(start);
    if (c === 64) return this.#at(start);
    if (c === 36) return this.#dollar(start);
    return this.#punctuator(start);
  }

  #code(at: number): number {
    return at < this.end ? this.source.charCodeAt(at) : -1;
  }

  #skipTrivia(): void {
    for (;;) {
      const c = this.#code(this.position);
      if (c === 32 || (c >= 9 && c <= 13) || c === 0xa0 || c === 0xfeff || c === 0x85 || c === 0x2028 || c === 0x2029) {
        this.position++;
      } else if (c === 47 && this.#code(this.position + 1) === 47) {
        while (this.position < this.end && !isNewLine(this.#code(this.position))) this.position++;
      } else if (c === 47 && this.#code(this.position + 1) === 42) {
        const close = this.source.indexOf('*/', this.position + 2);
        if (close < 0 || close + 2 > this.end) {
          throw new SyntaxProblem('CS1035', "End-of-file found, '*/' expected", {
            start: this.position,
            end: this.end,
          });
        }
        this.position = close + 2;
      } else return;
    }
  }

  #word(start: number, textStart: number): Token {
    let at = textStart;
    while (isIdentifierPart(this.#code(at))) at++;
    this.position = at;
    const text = this.source.slice(textStart, at);
    const kind = textStart === start && keywords.has(text) ? 'keyword' : 'identifier';
    return { kind, text, start, end: at };
  }

  #number(start: number): Token {
    const { end, value } = readNumber(this.source, start, this.end);
    this.position = end;
    return { kind: 'number', text: this.source.slice(start, end), value, start, end };
  }

  #at(start: number): Token {
    const next = this.#code(start + 1);
    if (next === 34) return this.#string(start, start + 1, true);
    if (next === 36 && this.#code(start + 2) === 34) {
      throw new SyntaxProblem(
        'CS8401',
        "C# 8 interpolated verbatim string '@$\"' is not available in policy expressions: write '$@\"'",
        {
          start,
          end: start + 3,
        },
      );
    }
    if (isIdentifierStart(next)) return this.#word(start, start + 1);
    throw unexpected(this.source, start);
  }

  #string(start: number, quote: number, verbatim: boolean): Token {
    const value = verbatim ? this.#verbatimText(start, quote + 1) : this.#plainText(start, quote + 1);
    return {
      kind: 'string',
      text: '',
      value: { type: 'string', value },
      start,
      end: this.position,
    };
  }

  #plainText(start: number, from: number): string {
    if (this.#code(from) === 34 && this.#code(from + 1) === 34) {
      throw new SyntaxProblem('CS8652', 'C# 11 raw string literals are not available in policy expressions', {
        start,
        end: from + 2,
      });
    }
    let text = '';
    let run = from;
    for (let at = from; ; ) {
      const c = this.#code(at);
      if (c === 34) {
        this.position = at + 1;
        return text + this.source.slice(run, at);
      }
      if (c === -1 || isNewLine(c)) throw new SyntaxProblem('CS1010', 'Newline in constant', { start, end: at });
      if (c === 92) {
        text += this.source.slice(run, at);
        const sequence = readEscape(this.source, at, this.end);
        text += sequence.text;
        at = sequence.end;
        run = at;
      } else at++;
    }
  }

  #verbatimText(start: number, from: number): string {
    let text = '';
    let run = from;
    for (;;) {
      const quote = this.source.indexOf('"', run);
      if (quote < 0 || quote >= this.end) {
        throw new SyntaxProblem('CS1039', 'Unterminated string literal', { start, end: this.end });
      }
      text += this.source.slice(run, quote);
      if (this.#code(quote + 1) !== 34) {
        this.position = quote + 1;
        return text;
      }
      text += '"';
      run = quote + 2;
    }
  }

  #char(start: number): Token {
    const c = this.#code(start + 1);
    if (c === 39) throw new SyntaxProblem('CS1011', 'Empty character literal', { start, end: start + 2 });
    if (c === -1 || isNewLine(c)) throw new SyntaxProblem('CS1010', 'Newline in constant', { start, end: start + 1 });
    const { text, end } =
      c === 92 ? readEscape(this.source, start + 1, this.end) : { text: this.source.charAt(start + 1), end: start + 2 };
    if (this.#code(end) !== 39 || text.length !== 1) {
      const close = this.source.indexOf("'", end);
      throw new SyntaxProblem(
        'CS1012',
        'Too many characters in character literal: strings are written in double quotes',
        {
          start,
          end: close < 0 || close >= this.end ? end : close + 1,
        },
      );
    }
    this.position = end + 1;
    return { kind: 'char', text: '', value: { type: 'char', value: text.charCodeAt(0) }, start, end: end + 1 };
  }

  #dollar(start: number): Token {
    const next = this.#code(start + 1);
    const verbatim = next === 64 && this.#code(start + 2) === 34;
    if (next !== 34 && !verbatim) throw unexpected(this.source, start);
    if (this.#depth >= deepestInterpolation) {
      throw new SyntaxProblem('EXPR0003', 'The expression is too deeply nested.', { start, end: start + 2 });
    }
    this.position = start + (verbatim ? 3 : 2);
    const parts = this.#interpolation(start, verbatim);
    return { kind: 'interpolated', text: '', parts, start, end: this.position };
  }

  #interpolation(start: number, verbatim: boolean): InterpolationPart[] {
    const parts: InterpolationPart[] = [];
    let text = '';
    for (;;) {
      const at = this.position;
      const c = this.#code(at);
      const doubled = this.#code(at + 1) === c;
      if (c === -1 || (!verbatim && isNewLine(c))) {
        throw new SyntaxProblem(
          verbatim ? 'CS1039' : 'CS1010',
          verbatim ? 'Unterminated string literal' : 'Newline in constant',
          { start, end: at },
        );
      }
      if (c === 34 && !(verbatim && doubled)) {
        this.position = at + 1;
        if (text) parts.push({ kind: 'text', text });
        return parts;
      }
      if (c === 92 && !verbatim) {
        const sequence = readEscape(this.source, at, this.end);
        text += sequence.text;
        this.position = sequence.end;
      } else if (c === 34 || ((c === 123 || c === 125) && doubled)) {
        text += this.source.charAt(at);
        this.position = at + 2;
      } else if (c === 125) {
        throw new SyntaxProblem('CS8086', "A '}' character must be escaped (by doubling) in an interpolated string.", {
          start: at,
          end: at + 1,
        });
      } else if (c === 123) {
        if (text) parts.push({ kind: 'text', text });
        text = '';
        this.position = at + 1;
        parts.push(this.#hole(at, verbatim));
      } else {
        text += this.source.charAt(at);
        this.position = at + 1;
      }
    }
  }

  #hole(open: number, verbatim: boolean): InterpolationPart {
    const inner = new Lexer(this.source, this.position, this.end, this.#depth + 1);
    const { tokens, stop } = readUntil(inner, open, ',', ':', '}');
    if (tokens.length === 1) {
      throw new SyntaxProblem('CS1733', 'Expected expression', { start: open, end: inner.position });
    }
    let closer = stop;
    let alignment: Token[] | null = null;
    if (closer === ',') ({ tokens: alignment, stop: closer } = readUntil(inner, open, ':', '}'));
    this.position = inner.position;
    const format = closer === ':' ? this.#format(open, verbatim) : null;
    return { kind: 'hole', tokens, alignment, format };
  }

  /** The text between `:` and `}`; it may hold escapes and doubled braces. */
  #format(open: number, verbatim: boolean): string {
    let text = '';
    for (;;) {
      const at = this.position;
      const c = this.#code(at);
      if (c === -1 || (c === 34 && !verbatim) || (!verbatim && isNewLine(c))) {
        throw new SyntaxProblem('CS8076', "Missing close delimiter '}' for interpolated expression started with '{'.", {
          start: open,
          end: at,
        });
      }
      if (c === 125 && this.#code(at + 1) !== 125) {
        this.position = at + 1;
        return text;
      }
      if (c === 92 && !verbatim) {
        const sequence = readEscape(this.source, at, this.end);
        text += sequence.text;
        this.position = sequence.end;
      } else {
        const doubled = (c === 125 || c === 123 || c === 34) && this.#code(at + 1) === c;
        text += this.source.charAt(at);
        this.position = at + (doubled ? 2 : 1);
      }
    }
  }

  #punctuator(start: number): Token {
    for (const p of punctuatorsByFirst.get(this.source.charAt(start)) ?? []) {
      if (!this.source.startsWith(p, start) || start + p.length > this.end) continue;
      // `a?.5:1` is a conditional with the number .5
      if (p === '?.' && isDigit(this.#code(start + 2))) continue;
      this.position = start + p.length;
      return { kind: 'punctuator', text: p, start, end: this.position };
    }
    throw unexpected(this.source, start);
  }
}

function readUntil(lexer: Lexer, open: number, ...stops: readonly string[]): { tokens: Token[]; stop: string } {
  const tokens: Token[] = [];
  let depth = 0;
  for (;;) {
    const token = lexer.next();
    if (token.kind === 'end') {
      throw new SyntaxProblem('CS8076', "Missing close delimiter '}' for interpolated expression started with '{'.", {
        start: open,
        end: token.end,
      });
    }
    if (token.kind === 'punctuator') {
      if (depth === 0 && stops.includes(token.text)) {
        tokens.push({ kind: 'end', text: '', start: token.start, end: token.start });
        return { tokens, stop: token.text };
      }
      if (token.text === '(' || token.text === '[' || token.text === '{') depth++;
      else if (token.text === ')' || token.text === ']' || token.text === '}') depth--;
    }
    tokens.push(token);
  }
}

const isNewLine = (c: number) => c === 10 || c === 13 || c === 0x85 || c === 0x2028 || c === 0x2029;
const isDigit = (c: number) => c >= 48 && c <= 57;
const letter = /[\p{L}\p{Nl}]/u;
const part = /[\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}\p{Cf}]/u;

function isIdentifierStart(c: number): boolean {
  if (c < 128) return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95;
  return letter.test(String.fromCharCode(c));
}

function isIdentifierPart(c: number): boolean {
  if (c < 128) return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || isDigit(c);
  return c !== 0xfeff && part.test(String.fromCharCode(c));
}

function unexpected(source: string, at: number): SyntaxProblem {
  const directive = /^#[a-z]+/.exec(source.slice(at, at + 20))?.[0];
  if (directive !== undefined) {
    return new SyntaxProblem('EXPR0009', `'${directive}' is not available in policy expressions`, {
      start: at,
      end: at + directive.length,
    });
  }
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  return new SyntaxProblem('CS1056', `Unexpected character '${character}'`, { start: at, end: at + character.length });
}
