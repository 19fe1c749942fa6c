import type { Identifier } from './ast.ts';
import { type Problems, type Span, SyntaxProblem } from './problems.ts';
import type { Token } from './token.ts';

/** Deeper nesting than this is refused: the passes over the tree recurse. */
const deepestNesting = 200;

/** A cursor over tokens, with the questions that a recursive-descent parser asks. */
export class TokenReader {
  readonly tokens: readonly Token[];
  readonly problems: Problems;
  position = 0;
  /** `yield` statements since the function that is being read began. */
  yields = 0;
  #depth = 0;
  #closers: Int32Array | undefined;

  constructor(tokens: readonly Token[], problems: Problems) {
    this.tokens = tokens;
    this.problems = problems;
  }

  get current(): Token {
    return this.tokens[this.position] ?? this.#last;
  }

  get previousEnd(): number {
    return this.tokens[this.position - 1]?.end ?? this.current.start;
  }

  peek(ahead = 1): Token {
    return this.tokens[this.position + ahead] ?? this.#last;
  }

  get #last(): Token {
    const last = this.tokens.at(-1);
    if (!last) throw new SyntaxProblem('CS1733', 'Expected expression', { start: 0, end: 0 });
    return last;
  }

  /** Is the current token this punctuator or keyword? */
  at(text: string): boolean {
    return is(this.current, text);
  }

  /** Is the current token an identifier with this contextual meaning (`when`, `var`)? */
  atContextual(text: string): boolean {
    return this.current.kind === 'identifier' && this.current.text === text && !this.#escaped(this.current);
  }

  #escaped(token: Token): boolean {
    return token.end - token.start > token.text.length;
  }

  take(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.position++;
    return token;
  }

  accept(text: string): boolean {
    if (!this.at(text)) return false;
    this.position++;
    return true;
  }

  expect(text: string, code = 'CS1003', message = `Syntax error, '${text}' expected`): Token {
    if (this.at(text)) return this.take();
    throw new SyntaxProblem(code, message, this.#here());
  }

  /** A missing `;` is reported where it should stand and taken as given. */
  expectSemicolon(): void {
    if (this.accept(';')) return;
    const end = this.previousEnd;
    throw new SyntaxProblem('CS1002', '; expected', { start: Math.max(0, end - 1), end });
  }

  expectIdentifier(): Identifier {
    const token = this.current;
    if (token.kind === 'identifier') {
      this.position++;
      return { text: token.text, start: token.start, end: token.end };
    }
    if (token.kind === 'keyword') {
      throw new SyntaxProblem('CS1041', `Identifier expected; '${token.text}' is a keyword`, token);
    }
    throw new SyntaxProblem('CS1001', 'Identifier expected', this.#here());
  }

  unexpected(): SyntaxProblem {
    const token = this.current;
    if (token.kind === 'end' || [')', ']', '}', ';', ','].includes(token.text)) {
      return new SyntaxProblem('CS1525', `Invalid expression term '${token.text}'`, this.#here());
    }
    return new SyntaxProblem('CS1525', `Invalid expression term '${token.text || '...'}'`, token);
  }

  #here(): Span {
    const token = this.current;
    return token.kind === 'end' ? { start: Math.max(0, token.start - 1), end: token.start } : token;
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    if (++this.#depth > deepestNesting) {
      throw new SyntaxProblem('EXPR0003', 'The expression is too deeply nested.', this.current);
    }
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  /** Index of the bracket that closes the one at `index`; -1 when none does. */
  closerOf(index: number): number {
    this.#closers ??= matchBrackets(this.tokens);
    return this.#closers[index] ?? -1;
  }
}

export function is(token: Token, text: string): boolean {
  return token.text === text && (token.kind === 'punctuator' || token.kind === 'keyword');
}

function matchBrackets(tokens: readonly Token[]): Int32Array {
  const closers = new Int32Array(tokens.length).fill(-1);
  const open: number[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'punctuator') return;
    if (token.text === '(' || token.text === '[' || token.text === '{') open.push(index);
    else if (token.text === ')' || token.text === ']' || token.text === '}') {
      const start = open.pop();
      if (start !== undefined) closers[start] = index;
    }
  });
  return closers;
}
