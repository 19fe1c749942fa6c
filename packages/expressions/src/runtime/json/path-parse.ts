import { Boxed } from '../values.ts';
import { guardDepth } from './depth.ts';
import { shortEscapes } from './short-escapes.ts';
import { JValue, jsonException } from './token.ts';

/** One step of a JSONPath; `names` or `indexes` null is the wildcard. */
export type Filter =
  | { readonly kind: 'root' }
  | { readonly kind: 'field' | 'scan'; readonly names: readonly string[] | null }
  | { readonly kind: 'index'; readonly indexes: readonly number[] | null }
  | { readonly kind: 'slice'; readonly start: number | null; readonly end: number | null; readonly step: number | null }
  | { readonly kind: 'query' | 'query-scan'; readonly query: Query };

export type Operand = JValue | readonly Filter[];

export type Query =
  | { readonly kind: 'and'; readonly parts: readonly Query[] }
  | { readonly kind: 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'test'; readonly left: Operand; readonly operator: string; readonly right: Operand | null };

/**
 * Reads a JSONPath: `a.b`, `$..name`, `['quoted']`, `[0,1]`, `[1:5:2]`, `[*]`, `[?(@.x == 'y' && @.z)]`.
 * @throws {NetException} JsonException with Newtonsoft's message.
 */
export function parsePath(path: string): readonly Filter[] {
  return new PathParser(path).whole();
}

class PathParser {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  whole(): Filter[] {
    if (this.#text === '') return [];
    this.#space();
    if (this.#peek() === '$') {
      this.#at++;
      const next = this.#peek();
      if (next === undefined) return [];
      if (next !== '.' && next !== '[') throw this.#unexpected('path', next);
    }
    const filters = this.#path(false);
    this.#space();
    const rest = this.#peek();
    if (rest !== undefined) throw this.#unexpected('path', rest);
    return filters;
  }

  #path(inQuery: boolean): Filter[] {
    const filters: Filter[] = [];
    let scan = false;
    let afterIndexer = false;
    let afterDot = false;
    for (;;) {
      const c = this.#peek();
      if (c === undefined || c === ']' || c === ')' || c === ' ') break;
      if (inQuery && (/[=<>!&|,]/.test(c) || this.#text.startsWith('&&', this.#at))) break;
      if (c === '[' || c === '(') {
        filters.push(this.#indexer(c, scan));
        scan = false;
        afterIndexer = true;
        afterDot = false;
      } else if (c === '.') {
        this.#at++;
        afterDot = true;
        afterIndexer = false;
        if (this.#peek() === '.') {
          this.#at++;
          scan = true;
        }
      } else {
        if (afterIndexer) throw jsonException(`Unexpected character following indexer: ${c}`);
        const name = this.#member(inQuery);
        filters.push({ kind: scan ? 'scan' : 'field', names: name === '*' ? null : [name] });
        scan = false;
        afterDot = false;
      }
    }
    if (afterDot) {
      if (this.#peek() === undefined) throw jsonException('Unexpected end while parsing path.');
    }
    return filters;
  }

  #member(inQuery: boolean): string {
    const from = this.#at;
    for (;;) {
      const c = this.#peek();
      if (c === undefined || /[[\]().\s]/.test(c)) break;
      if (inQuery && /[=<>!&|]/.test(c)) break;
      this.#at++;
    }
    return this.#text.slice(from, this.#at);
  }

  #indexer(open: string, scan: boolean): Filter {
    const close = open === '[' ? ']' : ')';
    this.#at++;
    this.#ensure('Path ended with open indexer.');
    this.#space();
    const c = this.#peek();
    if (c === "'" || c === '"') return this.#quotedNames(close, scan);
    if (c === '?') return this.#queryIndexer(close, scan);
    return this.#arrayIndexer(close);
  }

  #quotedNames(close: string, scan: boolean): Filter {
    const names: string[] = [];
    for (;;) {
      names.push(this.#quoted());
      this.#space();
      this.#ensure('Path ended with open indexer.');
      const c = this.#peek() ?? '';
      this.#at++;
      if (c === close) return { kind: scan ? 'scan' : 'field', names };
      if (c !== ',') throw this.#unexpected('path indexer', c);
      this.#space();
      if (this.#peek() !== "'" && this.#peek() !== '"') throw this.#unexpected('path indexer', this.#peek() ?? '');
    }
  }

  #arrayIndexer(close: string): Filter {
    const end = this.#text.indexOf(close, this.#at);
    const body = end < 0 ? '' : this.#text.slice(this.#at, end);
    if (end < 0) throw jsonException('Path ended with open indexer.');
    const bad = /[^-\d\s,:*]/.exec(body)?.[0];
    if (bad !== undefined) throw this.#unexpected('path indexer', bad);
    this.#at = end + 1;
    if (body.trim() === '*') return { kind: 'index', indexes: null };
    if (body.includes(':')) {
      const parts = body.split(':').map((part) => (part.trim() === '' ? null : this.#integer(part)));
      return { kind: 'slice', start: parts[0] ?? null, end: parts[1] ?? null, step: parts[2] ?? null };
    }
    return { kind: 'index', indexes: body.split(',').map((part) => this.#integer(part)) };
  }
  #integer(text: string): number {
    const trimmed = text.trim();
    if (trimmed === '') throw jsonException('Array index expected.');
    if (!/^-?\d{1,10}$/.test(trimmed)) throw this.#unexpected('path indexer', trimmed[0] ?? '');
    return Number(trimmed);
  }

  #queryIndexer(close: string, scan: boolean): Filter {
    this.#at++;
    this.#ensure('Path ended with open indexer.');
    const c = this.#peek() ?? '';
    if (c !== '(') throw this.#unexpected('path indexer', c);
    this.#at++;
    const query = this.#alternatives(0);
    if (this.#peek() !== ')') throw jsonException('Path ended with open query.');
    this.#at++;
    this.#ensure('Path ended with open indexer.');
    this.#space();
    const end = this.#peek() ?? '';
    if (end !== close) throw this.#unexpected('path indexer', end);
    this.#at++;
    return { kind: scan ? 'query-scan' : 'query', query };
  }

  #alternatives(depth: number): Query {
    guardDepth(depth);
    const parts = [this.#conjunction(depth)];
    while (this.#take('||')) parts.push(this.#conjunction(depth));
    return parts.length === 1 ? (parts[0] as Query) : { kind: 'or', parts };
  }
  #conjunction(depth: number): Query {
    const parts = [this.#test(depth)];
    while (this.#take('&&')) parts.push(this.#test(depth));
    return parts.length === 1 ? (parts[0] as Query) : { kind: 'and', parts };
  }
  #test(depth: number): Query {
    this.#space();
    if (this.#peek() === '(') {
      this.#at++;
      const inner = this.#alternatives(depth + 1);
      this.#space();
      if (!this.#take(')')) throw jsonException('Path ended with open query.');
      return inner;
    }
    const left = this.#side();
    this.#space();
    this.#ensure('Path ended with open query.');
    const operator = operators.find((candidate) => this.#text.startsWith(candidate, this.#at));
    if (operator === undefined) {
      const c = this.#peek();
      if (c !== ')' && c !== '&' && c !== '|') throw jsonException('Could not read query operator.');
      return { kind: 'test', left, operator: 'exists', right: null };
    }
    this.#at += operator.length;
    this.#space();
    this.#ensure('Path ended with open query.');
    const right = this.#side();
    this.#space();
    this.#ensure('Path ended with open query.');
    return { kind: 'test', left, operator, right };
  }

  #side(): Operand {
    this.#space();
    const c = this.#peek();
    if (c === '@' || c === '$') {
      this.#at++;
      const filters = this.#path(true);
      return c === '$' ? [{ kind: 'root' }, ...filters] : filters;
    }
    if (c === "'" || c === '"') return new JValue(this.#quoted());
    if (c === '/') return new JValue(this.#pattern());
    const word = /[-\w.+]*/y;
    word.lastIndex = this.#at;
    const text = word.exec(this.#text)?.[0] ?? '';
    this.#at += text.length;
    if (text === 'true' || text === 'false') return new JValue(text === 'true');
    if (text === 'null') return new JValue(null);
    if (/^-?\d{1,18}$/.test(text)) return new JValue(BigInt(text));
    if (/^-?[\d.]+([eE][-+]?\d+)?$/.test(text)) return new JValue(new Boxed('System.Double', Number(text)));
    if (text === '' && c !== undefined) throw this.#unexpected('path query', c);
    throw jsonException('Could not read query operator.');
  }

  #pattern(): string {
    const found = /\/(?:\\.|[^/\\])*\/[imsx]*/y;
    found.lastIndex = this.#at;
    const text = found.exec(this.#text)?.[0];
    if (text === undefined) throw jsonException('Path ended with an open regex.');
    this.#at += text.length;
    return text;
  }

  #quoted(): string {
    const quote = this.#peek();
    this.#at++;
    let text = '';
    for (;;) {
      const c = this.#peek();
      if (c === undefined) throw jsonException('Path ended with an open string.');
      this.#at++;
      if (c === quote) return text;
      if (c !== '\\') text += c;
      else {
        const escaped = this.#peek();
        const plain = shortEscapes[escaped ?? ''];
        if (plain === undefined) throw jsonException(`Unknown escape character: \\${escaped ?? ''}`);
        text += plain;
        this.#at++;
      }
    }
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }
  #space(): void {
    while (this.#text[this.#at] === ' ') this.#at++;
  }
  #take(word: string): boolean {
    this.#space();
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }
  #ensure(message: string): void {
    if (this.#at >= this.#text.length) throw jsonException(message);
  }
  #unexpected(where: string, c: string) {
    return jsonException(`Unexpected character while parsing ${where}: ${c}`);
  }
}

const operators = ['===', '==', '!==', '!=', '<>', '<=', '<', '>=', '>', '=~'];
