import { TemplateError } from '../errors.ts';
import { limits } from '../limits.ts';
import { type Position, Positions } from './positions.ts';
import { type JsonObject, type JsonValue, newObject } from './values.ts';

export interface JsonDocument {
  readonly value: JsonValue;
  readonly positions: Positions;
}

/**
 * Reads JSON as leniently as Newtonsoft does, for Azure takes what it takes and `az` sends it: comments, single quotes,
 * names without quotes, line breaks in strings, commas before a closing bracket, hexadecimal numbers. Of a name that
 * stands twice in an object the last value counts. Throws `TemplateError` with line and column.
 */
export function readJson(text: string): JsonDocument {
  const reader = new Reader(text);
  const value = reader.document();
  return { value, positions: reader.positions };
}

/** A copy of a parsed document in our objects; what JSON cannot hold is an error. */
export function copyJson(value: unknown, depth = 0): JsonValue {
  if (depth > limits.jsonDepth) throw new TemplateError('NestedTooDeep', { limit: limits.jsonDepth });
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item) => copyJson(item, depth + 1));
  if (typeof value !== 'object') {
    throw new TemplateError('NotATemplate', { what: 'A value', actual: `a ${typeof value}`, expected: 'JSON' });
  }
  const copy = newObject();
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) copy[key] = copyJson(item, depth + 1);
  }
  return copy;
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
};
const bareName = /[\p{L}\p{N}_$][\p{L}\p{N}_$-]*/uy;
const number = /[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/y;
const word = /[A-Za-z]+/y;

class Reader {
  readonly positions = new Positions();
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  /** Up to where lines are counted. */
  #counted = 0;

  constructor(text: string) {
    this.#text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  document(): JsonValue {
    this.#space();
    if (this.#at >= this.#text.length) this.#fail('the content is empty');
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#fail(`unexpected '${this.#text[this.#at]}' after the end`);
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > limits.jsonDepth) throw new TemplateError('NestedTooDeep', { limit: limits.jsonDepth });
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    if (next === '"' || next === "'") return this.#string(next);
    if (next !== undefined && /[-+.\d]/.test(next)) return this.#number();
    word.lastIndex = this.#at;
    const name = word.exec(this.#text)?.[0];
    if (name === 'true' || name === 'false' || name === 'null' || name === 'undefined') {
      this.#at += name.length;
      return name === 'true' ? true : name === 'false' ? false : null;
    }
    this.#fail(next === undefined ? 'unexpected end' : `unexpected '${name ?? next}'; expected a value`);
  }

  #object(depth: number): JsonObject {
    const object = newObject();
    this.positions.setStart(object, this.#position());
    this.#at++;
    this.#space();
    while (this.#text[this.#at] !== '}') {
      const place = this.#position();
      const key = this.#key();
      this.positions.set(object, key, place);
      this.#space();
      if (this.#text[this.#at] !== ':') this.#fail(`expected ':' after the name '${key}'`);
      this.#at++;
      this.#space();
      object[key] = this.#value(depth + 1);
      this.#separator('}');
    }
    this.#at++;
    return object;
  }

  #array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.positions.setStart(array, this.#position());
    this.#at++;
    this.#space();
    while (this.#text[this.#at] !== ']') {
      this.positions.set(array, array.length, this.#position());
      array.push(this.#value(depth + 1));
      this.#separator(']');
    }
    this.#at++;
    return array;
  }

  #separator(end: string): void {
    this.#space();
    if (this.#text[this.#at] === ',') {
      this.#at++;
      this.#space();
    } else if (this.#text[this.#at] !== end) {
      const next = this.#text[this.#at];
      this.#fail(
        next === undefined ? `unexpected end; expected '${end}'` : `unexpected '${next}'; expected ',' or '${end}'`,
      );
    }
  }

  #key(): string {
    const next = this.#text[this.#at];
    if (next === '"' || next === "'") return this.#string(next);
    bareName.lastIndex = this.#at;
    const name = bareName.exec(this.#text)?.[0];
    if (name === undefined)
      this.#fail(next === undefined ? "unexpected end; expected '}'" : `unexpected '${next}'; expected a name`);
    this.#at += name.length;
    return name;
  }

  #string(quote: string): string {
    const start = this.#at++;
    let value = '';
    let from = this.#at;
    for (;;) {
      const next = this.#text[this.#at];
      if (next === undefined) {
        this.#at = start;
        this.#fail('the string has no end');
      }
      if (next === quote) break;
      if (next === '\\') {
        value += this.#text.slice(from, this.#at) + this.#escape();
        from = this.#at;
      } else {
        this.#at++;
      }
    }
    value += this.#text.slice(from, this.#at++);
    return value;
  }

  #escape(): string {
    const kind = this.#text[this.#at + 1];
    if (kind === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail(`'\\u${digits}' is no escape`);
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const value = kind === undefined ? undefined : escapes[kind];
    if (value === undefined) this.#fail(`'\\${kind ?? ''}' is no escape`);
    this.#at += 2;
    return value;
  }

  #number(): number {
    number.lastIndex = this.#at;
    const text = number.exec(this.#text)?.[0];
    if (text === undefined) this.#fail(`unexpected '${this.#text[this.#at]}'`);
    this.#at += text.length;
    const hexadecimal = /^([-+]?)(0[xX].+)$/.exec(text);
    const value = hexadecimal ? Number(hexadecimal[2]) * (hexadecimal[1] === '-' ? -1 : 1) : Number(text);
    if (!Number.isFinite(value)) this.#fail(`the number '${text.slice(0, 40)}' is too large`);
    return value;
  }

  #space(): void {
    for (;;) {
      const next = this.#text[this.#at];
      if (next === ' ' || next === '\t' || next === '\n' || next === '\r' || next === '\u00a0' || next === '\ufeff') {
        this.#at++;
      } else if (next === '/' && this.#text[this.#at + 1] === '/') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end === -1 ? this.#text.length : end;
      } else if (next === '/' && this.#text[this.#at + 1] === '*') {
        const end = this.#text.indexOf('*/', this.#at + 2);
        if (end === -1) this.#fail('the comment has no end');
        this.#at = end + 2;
      } else {
        return;
      }
    }
  }

  #position(): Position {
    for (; this.#counted < this.#at; this.#counted++) {
      if (this.#text.charCodeAt(this.#counted) !== 10) continue;
      this.#line++;
      this.#lineStart = this.#counted + 1;
    }
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  #fail(reason: string): never {
    const position = this.#position();
    throw new TemplateError('TemplateSyntax', { reason, line: position.line, column: position.column }, { position });
  }
}
