/** A JSON value with its place in the text; numbers as written, so that nothing is lost. */
export type JsonNode = (
  | {
      readonly kind: 'object';
      readonly members: ReadonlyMap<string, JsonNode>;
      /** Offset behind the colon of each name. */
      readonly nameEnds: ReadonlyMap<string, number>;
    }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
) & {
  /** Offset behind the value's first token (an object's `{`, the whole of a string). */
  readonly end: number;
};

/** The text is not JSON. `offset` is where it stops being so. */
export class JsonSyntaxError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const deepest = 64;

/**
 * Reads strict JSON (RFC 8259). Of two members with one name the last one wins. Nesting goes 64 deep, as Newtonsoft's
 * reader allows.
 * @throws {JsonSyntaxError}
 */
export function readJson(text: string): JsonNode {
  return new Reader(text).document();
}

/** The plain value. */
export function jsonValueOf(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      // `fromEntries` defines properties: `__proto__` is a name like any other.
      return Object.fromEntries([...node.members].map(([name, value]) => [name, jsonValueOf(value)]));
    case 'array':
      return node.items.map(jsonValueOf);
    case 'number':
      return Number(node.text);
    case 'null':
      return null;
    default:
      return node.value;
  }
}

/** Line and position (both from 1; the position is that of the last character of the token) of an offset. */
export function lineAndPosition(text: string, offset: number): { readonly line: number; readonly position: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, position: offset - start };
}

const space = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Everything from the blank on, but the quote and the backslash. */
const plain = /[ !#-[\]-\uffff]*/y;
const literals = [
  ['true', { kind: 'boolean', value: true }],
  ['false', { kind: 'boolean', value: false }],
  ['null', { kind: 'null' }],
] as const;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    const node = this.#value(1);
    this.#skip(space);
    if (this.#at < this.#text.length) this.#fail('Additional text after the JSON value');
    return node;
  }

  #value(depth: number): JsonNode {
    this.#skip(space);
    const c = this.#text[this.#at];
    if (c === '{' || c === '[') {
      if (depth > deepest) this.#fail(`The reader's MaxDepth of ${deepest} has been exceeded`);
      this.#at++;
      return c === '{' ? this.#object(depth) : this.#array(depth);
    }
    if (c === '"') {
      const value = this.#string();
      return { kind: 'string', value, end: this.#at };
    }
    for (const [word, node] of literals)
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return { ...node, end: this.#at };
      }
    const digits = this.#skip(number);
    if (digits === '') this.#fail(c === undefined ? 'Unexpected end of the JSON text' : `Unexpected character '${c}'`);
    return { kind: 'number', text: digits, end: this.#at };
  }

  #object(depth: number): JsonNode {
    const end = this.#at;
    const members = new Map<string, JsonNode>();
    const nameEnds = new Map<string, number>();
    this.#skip(space);
    if (this.#take('}')) return { kind: 'object', members, nameEnds, end };
    do {
      this.#skip(space);
      if (this.#text[this.#at] !== '"') this.#fail('Expected a property name in double quotes');
      const name = this.#string();
      this.#skip(space);
      if (!this.#take(':')) this.#fail("Expected ':' after the property name");
      nameEnds.set(name, this.#at);
      members.set(name, this.#value(depth + 1));
      this.#skip(space);
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail("Expected ',' or '}'");
    return { kind: 'object', members, nameEnds, end };
  }

  #array(depth: number): JsonNode {
    const end = this.#at;
    const items: JsonNode[] = [];
    this.#skip(space);
    if (this.#take(']')) return { kind: 'array', items, end };
    do {
      items.push(this.#value(depth + 1));
      this.#skip(space);
    } while (this.#take(','));
    if (!this.#take(']')) this.#fail("Expected ',' or ']'");
    return { kind: 'array', items, end };
  }

  #string(): string {
    this.#at++;
    let value = '';
    for (;;) {
      value += this.#skip(plain);
      const c = this.#text[this.#at];
      if (c === '"') {
        this.#at++;
        return value;
      }
      if (c !== '\\') this.#fail(c === undefined ? 'Unterminated string' : 'A control character in a string');
      value += this.#escape();
    }
  }

  #escape(): string {
    const c = this.#text[this.#at + 1] ?? '';
    if (c === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('Expected four hexadecimal digits after \\u');
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = escapes[c];
    if (character === undefined) this.#fail(`Unknown escape '\\${c}'`);
    this.#at += 2;
    return character;
  }

  #take(c: string): boolean {
    if (this.#text[this.#at] !== c) return false;
    this.#at++;
    return true;
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #fail(message: string): never {
    throw new JsonSyntaxError(message, this.#at);
  }
}
