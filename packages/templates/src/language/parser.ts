import { TemplateError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Call, Expression } from './ast.ts';
import { syntaxError, type Token, tokenize } from './lexer.ts';

/**
 * Parses the inside of `[...]`. Source: "ARM template syntax", section "Expressions". Throws `TemplateError` that names
 * the position in the expression.
 */
export function parseExpression(text: string): Expression {
  if (text.length > limits.expressionLength) {
    throw new TemplateError('ExpressionTooLong', { limit: limits.expressionLength, actual: text.length });
  }
  const parser = new Parser(text);
  return parser.whole();
}

class Parser {
  readonly #text: string;
  readonly #tokens: Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  whole(): Expression {
    const expression = this.#expression(0);
    const rest = this.#tokens[this.#next]!;
    if (rest.kind !== 'end') throw this.#unexpected(rest, 'the end of the expression');
    return expression;
  }

  #expression(depth: number): Expression {
    let expression = this.#operand(depth);
    for (let accesses = 1; ; accesses++) {
      const token = this.#tokens[this.#next]!;
      if (token.text === '.' && token.kind === 'punctuation') {
        this.#next++;
        const member = this.#take('name', 'a property name');
        expression = { kind: 'access', target: expression, key: literal(member.text, member.at), at: member.at };
      } else if (token.text === '[' && token.kind === 'punctuation') {
        this.#next++;
        const key = this.#expression(depth + accesses);
        this.#punctuation(']');
        expression = { kind: 'access', target: expression, key, at: token.at };
      } else {
        return expression;
      }
      this.#bound(depth + accesses);
    }
  }

  #operand(depth: number): Expression {
    this.#bound(depth);
    const token = this.#tokens[this.#next++]!;
    if (token.kind === 'string') return literal(token.text, token.at);
    if (token.kind === 'integer') {
      const value = Number(token.text);
      if (!Number.isSafeInteger(value))
        throw syntaxError(this.#text, token.at, `the number '${token.text}' is too large`);
      return literal(value, token.at);
    }
    if (token.kind !== 'name') throw this.#unexpected(token, 'a function call, a string or a number');
    if (this.#is('(')) return this.#call(token, undefined, depth);
    if (this.#is('.') && this.#tokens[this.#next + 1]?.kind === 'name' && this.#tokens[this.#next + 2]?.text === '(') {
      this.#next++;
      return this.#call(this.#tokens[this.#next++]!, token, depth);
    }
    const word = token.text.toLowerCase();
    if (word === 'true' || word === 'false') return literal(word === 'true', token.at);
    if (word === 'null') return { kind: 'literal', value: null, at: token.at };
    throw this.#unexpected(this.#tokens[this.#next]!, `'(' after '${token.text}'`);
  }

  #call(name: Token, namespace: Token | undefined, depth: number): Call {
    this.#next++;
    const args: Expression[] = [];
    if (!this.#is(')')) {
      args.push(this.#expression(depth + 1));
      while (this.#is(',')) {
        this.#next++;
        args.push(this.#expression(depth + 1));
      }
    }
    this.#punctuation(')');
    const at = (namespace ?? name).at;
    return { kind: 'call', ...(namespace ? { namespace: namespace.text } : {}), name: name.text, args, at };
  }

  #is(text: string): boolean {
    const token = this.#tokens[this.#next]!;
    return token.kind === 'punctuation' && token.text === text;
  }

  #punctuation(text: string): void {
    if (!this.#is(text)) throw this.#unexpected(this.#tokens[this.#next]!, `'${text}'`);
    this.#next++;
  }

  #take(kind: Token['kind'], what: string): Token {
    const token = this.#tokens[this.#next]!;
    if (token.kind !== kind) throw this.#unexpected(token, what);
    this.#next++;
    return token;
  }

  #bound(depth: number): void {
    if (depth > limits.expressionDepth) throw new TemplateError('ExpressionTooDeep', { limit: limits.expressionDepth });
  }

  #unexpected(token: Token, expected: string): TemplateError {
    const actual = token.kind === 'end' ? 'the end' : `'${token.text}'`;
    return syntaxError(this.#text, token.at, `expected ${expected} and found ${actual}`);
  }
}

function literal(value: string | number | boolean, at: number): Expression {
  return { kind: 'literal', value, at };
}
