import type { ServiceBusError } from '../errors.ts';
import { maxNesting } from './limits.ts';
import { syntaxError } from './syntax-error.ts';
import { type Keyword, type Token, tokensOf } from './tokens.ts';

/** Walks over the tokens of one text; says what it met and what was expected, in the words of Azure. */
export class TokenReader {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  /** @throws {ServiceBusError} `BadRequest` */
  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokensOf(source);
  }

  get current(): Token {
    return this.#tokens[this.#index]!;
  }

  /** The token after the current one. */
  get following(): Token {
    return this.#tokens[this.#index + 1] ?? this.current;
  }

  get isAtEnd(): boolean {
    return this.current.kind === 'end';
  }

  next(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.#index++;
    return token;
  }

  isKeyword(keyword: Keyword, token = this.current): boolean {
    return token.kind === 'keyword' && token.keyword === keyword;
  }

  isSymbol(symbol: string, token = this.current): boolean {
    return token.kind === 'symbol' && token.symbol === symbol;
  }

  takesKeyword(keyword: Keyword): boolean {
    if (!this.isKeyword(keyword)) return false;
    this.#index++;
    return true;
  }

  takesSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#index++;
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.takesSymbol(symbol)) throw this.unexpected(`'${symbol}'`);
  }

  /** Runs `read` one level deeper. */
  nested<T>(read: () => T): T {
    if (++this.#depth > maxNesting) {
      throw this.refusal(this.current, `The expression is nested deeper than ${maxNesting} levels`);
    }
    const result = read();
    this.#depth--;
    return result;
  }

  /** An error at the current token. */
  unexpected(...expected: readonly string[]): ServiceBusError {
    return this.refusal(
      this.current,
      `syntax error, unexpected ${kindOf(this.current)}, expecting ${orList(expected)}`,
    );
  }

  refusal(where: { readonly at: number; readonly text?: string }, details: string): ServiceBusError {
    const token = where.text ?? this.#tokens.find(({ at }) => at >= where.at)?.text ?? '';
    return syntaxError(this.#source, where.at, token, details);
  }
}

function kindOf(token: Token): string {
  switch (token.kind) {
    case 'keyword':
      return token.keyword;
    case 'identifier':
      return token.delimited ? 'DELIMITED_IDENTIFIER' : 'IDENTIFIER';
    case 'integer':
      return 'INTEGER';
    case 'double':
      return 'DECIMAL';
    case 'string':
      return 'STRING';
    case 'parameter':
      return 'PARAMETER';
    case 'symbol':
      return `'${token.symbol}'`;
    default:
      return 'EOF';
  }
}

function orList(expected: readonly string[]): string {
  return expected.length < 2 ? (expected[0] ?? '') : `${expected.slice(0, -1).join(', ')}, or ${expected.at(-1)}`;
}
