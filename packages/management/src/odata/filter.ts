import type { JsonValue } from '@lazuli/store';
import { FilterSyntaxError, type Token, tokenize } from './lexer.ts';

/**
 * A `$filter` of OData, as far as Azure's clients use it: `eq ne gt ge lt le in`, `and or not`, parentheses, `contains`,
 * `substringof`, `startswith`, `endswith`, `tolower`, `toupper`, `length`, `indexof`, `concat`, `any`/`all` over arrays, and
 * the bare functions of some providers (`atScope()`, `assignedTo('…')`).
 */
export type FilterNode =
  | { readonly kind: 'or' | 'and'; readonly left: FilterNode; readonly right: FilterNode }
  | { readonly kind: 'not'; readonly operand: FilterNode }
  | {
      readonly kind: 'compare';
      readonly operator: CompareOperator;
      readonly left: FilterNode;
      readonly right: FilterNode;
    }
  | { readonly kind: 'in'; readonly operand: FilterNode; readonly values: readonly FilterNode[] }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly FilterNode[] }
  | {
      readonly kind: 'quantifier';
      readonly name: 'any' | 'all';
      readonly path: string;
      readonly variable: string;
      readonly body: FilterNode;
    }
  | { readonly kind: 'field'; readonly path: string }
  | { readonly kind: 'literal'; readonly value: JsonValue; readonly isDate?: boolean };

export type CompareOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

/** Reads a field of the item; undefined where it has none. */
export type FieldReader = (path: string) => JsonValue | undefined;

const longest = 8192;
const deepest = 100;
/** Functions of OData with the numbers of arguments that they take. */
export const functions: Readonly<Record<string, readonly [least: number, most: number]>> = {
  contains: [2, 2],
  substringof: [2, 2],
  startswith: [2, 2],
  endswith: [2, 2],
  tolower: [1, 1],
  toupper: [1, 1],
  trim: [1, 1],
  length: [1, 1],
  indexof: [2, 2],
  concat: [2, 2],
};

export interface ParseFilterOptions {
  /** Functions of a provider beside OData's, in lower case, that {@link matches} is told about through `extra`. */
  readonly extraFunctions?: readonly string[];
}

/** @throws {FilterSyntaxError} saying what is wrong. */
export function parseFilter(text: string, options: ParseFilterOptions = {}): FilterNode {
  if (text.length > longest) throw new FilterSyntaxError(`it is longer than ${longest} characters`);
  const parser = new Parser(tokenize(text), options.extraFunctions ?? []);
  const node = parser.or(0);
  parser.end();
  return node;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #extra: readonly string[];
  #at = 0;

  constructor(tokens: readonly Token[], extra: readonly string[]) {
    this.#tokens = tokens;
    this.#extra = extra;
  }

  or(depth: number): FilterNode {
    let left = this.#and(depth);
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#and(depth) };
    return left;
  }

  end(): void {
    const token = this.#tokens[this.#at];
    if (token !== undefined) throw new FilterSyntaxError(`unexpected ${show(token)}`);
  }

  #and(depth: number): FilterNode {
    let left = this.#unary(depth);
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#unary(depth) };
    return left;
  }

  #unary(depth: number): FilterNode {
    if (depth > deepest) throw new FilterSyntaxError(`it is nested more than ${deepest} levels deep`);
    if (this.#takeWord('not')) return { kind: 'not', operand: this.#unary(depth + 1) };
    const left = this.#primary(depth);
    const word = this.#peekWord();
    if (word === 'in') {
      this.#at++;
      this.#expect('(');
      return { kind: 'in', operand: left, values: this.#arguments(depth) };
    }
    if (isCompareOperator(word)) {
      this.#at++;
      return { kind: 'compare', operator: word, left, right: this.#primary(depth) };
    }
    return left;
  }

  #primary(depth: number): FilterNode {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new FilterSyntaxError('it ends too early');
    switch (token.kind) {
      case 'string':
      case 'guid':
        return { kind: 'literal', value: token.text };
      case 'number':
        return { kind: 'literal', value: token.value };
      case 'date':
        return { kind: 'literal', value: token.text, isDate: true };
      case 'punctuation':
        if (token.text !== '(') break;
        return this.#closed(this.or(depth + 1));
      case 'word':
        return this.#word(token.text, depth);
    }
    throw new FilterSyntaxError(`unexpected ${show(token)}`);
  }

  #word(word: string, depth: number): FilterNode {
    const lower = word.toLowerCase();
    if (lower === 'true' || lower === 'false') return { kind: 'literal', value: lower === 'true' };
    if (lower === 'null') return { kind: 'literal', value: null };
    if (this.#take('(')) {
      const operands = this.#arguments(depth);
      const arity = functions[lower];
      if (arity === undefined && !this.#extra.includes(lower))
        throw new FilterSyntaxError(`the function '${word}' is not supported`);
      if (arity !== undefined && (operands.length < arity[0] || operands.length > arity[1]))
        throw new FilterSyntaxError(`the function '${word}' takes ${arity[1]} arguments`);
      return { kind: 'call', name: lower, operands };
    }
    let path = word;
    while (this.#take('/')) {
      const next = this.#tokens[this.#at++];
      if (next?.kind !== 'word') throw new FilterSyntaxError(`expected a name after '${path}/'`);
      const quantifier = next.text.toLowerCase();
      if ((quantifier === 'any' || quantifier === 'all') && this.#take('('))
        return this.#quantifier(quantifier, path, depth);
      path += `/${next.text}`;
    }
    return { kind: 'field', path };
  }

  #quantifier(name: 'any' | 'all', path: string, depth: number): FilterNode {
    const variable = this.#tokens[this.#at++];
    if (variable?.kind !== 'word' || !this.#take(':'))
      throw new FilterSyntaxError(`expected '${name}(x: …)' after '${path}/'`);
    const body = this.#closed(this.or(depth + 1));
    return { kind: 'quantifier', name, path, variable: variable.text, body };
  }

  /** What stands between parentheses, the opening one already taken. */
  #arguments(depth: number): FilterNode[] {
    const operands: FilterNode[] = [];
    if (this.#take(')')) return operands;
    do operands.push(this.or(depth + 1));
    while (this.#take(','));
    this.#expect(')');
    return operands;
  }

  #closed(node: FilterNode): FilterNode {
    this.#expect(')');
    return node;
  }

  #expect(text: string): void {
    if (this.#take(text)) return;
    const token = this.#tokens[this.#at];
    throw new FilterSyntaxError(`expected '${text}'${token === undefined ? ' at the end' : ` before ${show(token)}`}`);
  }

  #take(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'punctuation' || token.text !== text) return false;
    this.#at++;
    return true;
  }

  #peekWord(): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === 'word' ? token.text.toLowerCase() : undefined;
  }

  #takeWord(word: string): boolean {
    if (this.#peekWord() !== word) return false;
    this.#at++;
    return true;
  }
}

function isCompareOperator(word: string | undefined): word is CompareOperator {
  return word !== undefined && ['eq', 'ne', 'gt', 'ge', 'lt', 'le'].includes(word);
}

function show(token: Token): string {
  return `'${token.kind === 'number' || token.kind === 'date' ? token.value : token.text}'`;
}
