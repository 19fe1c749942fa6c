import { charge, chargeMemory } from '../budget.ts';
import { NetException } from '../exceptions.ts';
import { Boxed, type Uniform } from '../values.ts';
import { BigInteger } from './big-integer.ts';
import { readDate } from './dates.ts';
import { JArray, JConstructor, type JContainer, JObject, JProperty, type JToken, JValue } from './token.ts';
import { joinPath } from './token-path.ts';
import { JTokenType } from './token-type.ts';

/** What the document must start with: `JObject.Parse`, `JArray.Parse`, `JToken.Parse`. */
export type Wanted = 'JObject' | 'JArray' | 'JToken';

export interface ReadOptions {
  /** DateParseHandling.None: texts that look like dates stay texts. */
  readonly keepDates?: boolean;
}

/**
 * Reads JSON as Newtonsoft.Json 13's JsonTextReader does: comments, single quotes, unquoted names, trailing commas,
 * hexadecimal and octal integers and `NaN` are accepted, the last of two properties of one name wins, texts in ISO 8601
 * become dates, nesting goes 64 deep.
 * @throws {NetException} Newtonsoft.Json.JsonReaderException with Newtonsoft's message, path, line and position.
 */
export function parseJson(text: string, wanted: Wanted = 'JToken', options: ReadOptions = {}): JToken {
  charge(text.length / 8);
  chargeMemory(text.length * 8);
  return new JsonReader(text, options).document(wanted);
}

const maxDepth = 64;

interface Position {
  readonly kind: 'Object' | 'Array' | 'Constructor';
  readonly container: JContainer;
  key: string | number | null;
}

class JsonReader {
  readonly #text: string;
  readonly #keepDates: boolean;
  readonly #stack: Position[] = [];
  #at = 0;
  #line = 1;
  #lineStart = 0;
  #started = false;

  constructor(text: string, options: ReadOptions) {
    this.#text = text;
    this.#keepDates = options.keepDates ?? false;
  }

  document(wanted: Wanted): JToken {
    this.#space(true);
    if (this.#at >= this.#text.length) throw this.#error(`Error reading ${wanted} from JsonReader.`);
    const first = this.#text[this.#at];
    const token = this.#value(first ?? '');
    if (wanted === 'JObject' && !(token instanceof JObject)) throw this.#wrongStart(wanted, token, 'an object');
    if (wanted === 'JArray' && !(token instanceof JArray)) throw this.#wrongStart(wanted, token, 'an array');
    if (token instanceof JObject || token instanceof JArray || token instanceof JConstructor) this.#fill(token, wanted);
    this.#space(true);
    const rest = this.#text[this.#at];
    if (rest !== undefined) {
      throw this.#error(`Additional text encountered after finished reading JSON content: ${rest}.`);
    }
    return token;
  }

  /** Reads the content of the container that was just opened, and of all containers in it, without recursion. */
  #fill(root: JContainer, wanted: Wanted): void {
    this.#push(root);
    while (this.#stack.length > 0) {
      charge();
      const top = this.#stack[this.#stack.length - 1] as Position;
      if (top.kind === 'Object') this.#member(top, wanted);
      else this.#element(top, wanted);
    }
  }

  /** One property of an object, or its end. */
  #member(top: Position, wanted: Wanted): void {
    this.#space(true);
    const c = this.#text[this.#at];
    if (c === undefined) throw this.#unexpectedEnd(wanted);
    if (c === '}') {
      this.#close('}');
      return;
    }
    const name = this.#name(c);
    this.#space(false);
    const colon = this.#text[this.#at];
    if (colon === undefined) throw this.#unexpectedEnd(wanted);
    if (colon !== ':') {
      throw this.#error(`Invalid character after parsing property name. Expected ':' but got: ${colon}.`);
    }
    this.#at++;
    top.key = name;
    this.#space(true);
    const start = this.#text[this.#at];
    if (start === undefined) throw this.#unexpectedEnd(wanted);
    if (start === ']' || start === ')') throw this.#wrongClose(start, top);
    const value = start === '}' ? this.#unexpectedValue(start) : this.#value(start);
    this.#store(top.container as JObject, name, value);
    this.#afterValue(top, value, wanted);
  }

  #element(top: Position, wanted: Wanted): void {
    this.#space(true);
    const c = this.#text[this.#at];
    if (c === undefined) throw this.#unexpectedEnd(wanted);
    if (c === ']' || c === ')' || c === '}') {
      if (c === '}') throw this.#unexpected(c);
      this.#close(c);
      return;
    }
    const value = this.#value(c);
    // Newtonsoft counts an element when it is there: an error in the second one is reported at [0].
    top.key = typeof top.key === 'number' ? top.key + 1 : 0;
    top.container.place(value);
    this.#afterValue(top, value, wanted);
  }

  /** The comma or the end that follows a value; the value's own content first when it is a container. */
  #afterValue(top: Position, value: JToken, wanted: Wanted): void {
    if (value instanceof JObject || value instanceof JArray || value instanceof JConstructor) {
      this.#push(value);
      return;
    }
    this.#separator(top, wanted);
  }
  #separator(top: Position, wanted: Wanted): void {
    this.#space(true);
    const c = this.#text[this.#at];
    if (c === undefined) throw this.#unexpectedEnd(wanted);
    if (c === ',') this.#at++;
    else if (c === '}' || c === ']' || c === ')') {
      if (closers[top.kind] !== c) throw this.#wrongClose(c, top);
    } else throw this.#error(`After parsing a value an unexpected character was encountered: ${c}.`);
  }
  #close(c: string): void {
    const top = this.#stack[this.#stack.length - 1] as Position;
    if (closers[top.kind] !== c) throw this.#wrongClose(c, top);
    this.#at++;
    this.#stack.pop();
    const outer = this.#stack[this.#stack.length - 1];
    if (outer) this.#separator(outer, 'JToken');
  }
  #push(container: JContainer): void {
    const kind = container instanceof JObject ? 'Object' : container instanceof JArray ? 'Array' : 'Constructor';
    if (this.#stack.length >= maxDepth) throw this.#error(`The reader's MaxDepth of ${maxDepth} has been exceeded.`);
    this.#stack.push({ kind, container, key: null });
  }
  /** DuplicatePropertyNameHandling.Replace: the last value, in the place of the first. */
  #store(object: JObject, name: string, value: JToken): void {
    const existing = object.property(name);
    if (existing) existing.value = value;
    else object.place(new JProperty(name, value));
  }

  /** A value that starts with `c`; containers come back empty, their content follows. */
  #value(c: string): JToken {
    this.#started = true;
    switch (c) {
      case '"':
      case "'":
        return this.#stringValue(c);
      case '{':
        this.#at++;
        return new JObject();
      case '[':
        this.#at++;
        return new JArray();
      case 't':
        return this.#word('true', 'boolean', true);
      case 'f':
        return this.#word('false', 'boolean', false);
      case 'n':
        return this.#text[this.#at + 1] === 'e' ? this.#constructorValue() : this.#word('null', 'null', null);
      case 'N':
        return this.#word('NaN', 'NaN', new Boxed('System.Double', Number.NaN));
      case 'I':
        return this.#word('Infinity', 'Infinity', new Boxed('System.Double', Number.POSITIVE_INFINITY));
      case 'u':
        this.#word('undefined', 'undefined', null);
        return new JValue(null, JTokenType.Undefined);
      case ',':
        // A value is missing, as in [,1]: Newtonsoft reads it as undefined.
        return new JValue(null, JTokenType.Undefined);
      case '-':
        if (this.#text[this.#at + 1] === 'I') {
          return this.#word('-Infinity', '-Infinity', new Boxed('System.Double', Number.NEGATIVE_INFINITY));
        }
        return this.#number();
      default:
        if (c === '.' || (c >= '0' && c <= '9')) return this.#number();
        this.#started = this.#stack.length > 0 || this.#at > 0;
        throw this.#unexpected(c);
    }
  }
  #unexpectedValue(c: string): JToken {
    throw this.#unexpected(c);
  }

  #word(word: string, what: string, value: Uniform): JToken {
    const end = this.#at + word.length;
    if (!this.#text.startsWith(word, this.#at)) {
      let matched = 0;
      while (this.#text[this.#at + matched] === word[matched]) matched++;
      this.#at += matched;
      if (this.#at >= this.#text.length) throw this.#error('Unexpected end when reading JSON.');
      throw this.#error(`Error parsing ${what} value.`);
    }
    const after = this.#text[end];
    this.#at = end;
    if (after !== undefined && !isSeparator(after)) throw this.#error(`Error parsing ${what} value.`);
    return new JValue(value, what === 'null' ? JTokenType.Null : undefined);
  }

  #constructorValue(): JToken {
    const match = /new\s+([A-Za-z0-9_]+)\s*\(/y;
    match.lastIndex = this.#at;
    const found = match.exec(this.#text);
    if (!found) {
      this.#at += 2;
      throw this.#error('Unexpected content while parsing JSON.');
    }
    this.#at += found[0].length;
    return new JConstructor(found[1] ?? '');
  }

  #stringValue(quote: string): JToken {
    const text = this.#string(quote);
    const date = this.#keepDates ? undefined : readDate(text);
    return new JValue(date ?? text);
  }

  #string(quote: string): string {
    this.#at++;
    let result = '';
    let from = this.#at;
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined) throw this.#error(`Unterminated string. Expected delimiter: ${quote}.`);
      if (c === quote) break;
      if (c === '\\') {
        result += this.#text.slice(from, this.#at) + this.#escape(quote);
        from = this.#at;
      } else if (c === '\n' || c === '\r') this.#newLine(c);
      else this.#at++;
    }
    result += this.#text.slice(from, this.#at);
    this.#at++;
    return result;
  }
  #escape(quote: string): string {
    const c = this.#text[this.#at + 1];
    if (c === undefined) {
      this.#at++;
      throw this.#error(`Unterminated string. Expected delimiter: ${quote}.`);
    }
    this.#at += 2;
    if (c === 'u') return this.#unicodeEscape();
    const plain = escapes[c];
    if (plain === undefined) throw this.#error(`Bad JSON escape sequence: \\${c}.`);
    return plain;
  }
  #unicodeEscape(): string {
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (digits.length < 4) {
      this.#at = this.#text.length;
      throw this.#error('Unexpected end while parsing Unicode escape sequence.');
    }
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#error(`Invalid Unicode escape sequence: \\u${digits}.`);
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #name(c: string): string {
    if (c === '"' || c === "'") return this.#string(c);
    if (!identifier.test(c)) throw this.#error(`Invalid property identifier character: ${c}.`);
    const from = this.#at;
    while (this.#at < this.#text.length && identifier.test(this.#text[this.#at] ?? '')) this.#at++;
    const after = this.#text[this.#at];
    if (after === undefined) throw this.#error('Unexpected end while parsing unquoted property name.');
    if (!/\s/.test(after) && after !== ':') {
      throw this.#error(`Invalid JavaScript property identifier character: ${after}.`);
    }
    return this.#text.slice(from, this.#at);
  }

  #number(): JToken {
    const from = this.#at;
    while (/[-+a-fA-FxX.0-9]/.test(this.#text[this.#at] ?? '')) this.#at++;
    const after = this.#text[this.#at];
    if (after !== undefined && !isSeparator(after)) {
      throw this.#error(`Unexpected character encountered while parsing number: ${after}.`);
    }
    const text = this.#text.slice(from, this.#at);
    const value = numberValue(text);
    if (value === 'large') throw this.#error(`JSON integer ${text} is too large to parse.`);
    if (value === undefined) throw this.#error(`Input string '${text}' is not a valid number.`);
    return new JValue(value);
  }

  /** Skips white space, and comments where a token may stand. */
  #space(comments: boolean): void {
    for (;;) {
      const c = this.#text[this.#at];
      if (c === '\n' || c === '\r') this.#newLine(c);
      else if (c !== undefined && (c === ' ' || c === '\t' || /\s/.test(c))) this.#at++;
      else if (c === '/' && comments) this.#comment();
      else return;
    }
  }
  #newLine(c: string): void {
    this.#at += c === '\r' && this.#text[this.#at + 1] === '\n' ? 2 : 1;
    this.#line++;
    this.#lineStart = this.#at;
  }
  #comment(): void {
    this.#at++;
    const kind = this.#text[this.#at];
    if (kind === undefined) throw this.#error('Unexpected end while parsing comment.');
    if (kind !== '*' && kind !== '/') throw this.#error(`Error parsing comment. Expected: *, got ${kind}.`);
    this.#at++;
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined) {
        if (kind === '/') return;
        throw this.#error('Unexpected end while parsing comment.');
      }
      if (c === '\n' || c === '\r') {
        if (kind === '/') return;
        this.#newLine(c);
      } else if (kind === '*' && c === '*' && this.#text[this.#at + 1] === '/') {
        this.#at += 2;
        return;
      } else this.#at++;
    }
  }

  #unexpected(c: string): NetException {
    return this.#error(`Unexpected character encountered while parsing value: ${c}.`);
  }
  #unexpectedEnd(wanted: Wanted): NetException {
    const top = this.#stack[0]?.kind;
    const loading = wanted === 'JToken' ? (top === 'Array' ? 'JArray' : 'JObject') : wanted;
    return this.#error(`Unexpected end of content while loading ${loading}.`);
  }
  #wrongClose(c: string, top: Position): NetException {
    const token = c === '}' ? 'EndObject' : c === ']' ? 'EndArray' : 'EndConstructor';
    this.#at++;
    return this.#error(`JsonToken ${token} is not valid for closing JsonType ${top.kind}.`);
  }
  #wrongStart(wanted: Wanted, token: JToken, expected: string): NetException {
    const found = token instanceof JValue ? primitiveTokens[token.type] : containerTokens[token.type];
    return this.#error(
      `Error reading ${wanted} from JsonReader. Current JsonReader item is not ${expected}: ${found ?? 'None'}.`,
    );
  }

  #error(message: string): NetException {
    const column = this.#at - this.#lineStart;
    const line = !this.#started && column === 0 ? 0 : this.#line;
    const path = joinPath(this.#stack.flatMap((position) => position.key ?? []));
    return new NetException(
      'Newtonsoft.Json.JsonReaderException',
      `${message} Path '${path}', line ${line}, position ${column}.`,
      null,
      { Path: path, LineNumber: line, LinePosition: column },
    );
  }
}

const closers = { Object: '}', Array: ']', Constructor: ')' } as const;
const identifier = /[\p{L}\p{Nd}_$]/u;
const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '/': '/',
};
const primitiveTokens: Readonly<Record<number, string>> = {
  [JTokenType.Integer]: 'Integer',
  [JTokenType.Float]: 'Float',
  [JTokenType.String]: 'String',
  [JTokenType.Boolean]: 'Boolean',
  [JTokenType.Null]: 'Null',
  [JTokenType.Undefined]: 'Undefined',
  [JTokenType.Date]: 'Date',
};
const containerTokens: Readonly<Record<number, string>> = {
  [JTokenType.Object]: 'StartObject',
  [JTokenType.Array]: 'StartArray',
  [JTokenType.Constructor]: 'StartConstructor',
};

function isSeparator(c: string): boolean {
  return c === ',' || c === '}' || c === ']' || c === ')' || c === '/' || /\s/.test(c);
}

/** Digits as a long, a BigInteger or a double; `0x` is hexadecimal and a leading zero octal, as in JsonTextReader. */
function numberValue(text: string): Uniform {
  if (text.length > 1 && text[0] === '0' && !/[.eE]/.test(text[1] ?? '')) {
    const digits = /^0[xX]([0-9a-fA-F]+)$/.exec(text)?.[1];
    const octal = /^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : undefined;
    const literal = digits === undefined ? octal : `0x${digits}`;
    if (literal === undefined || literal.length > 24) return undefined;
    const value = BigInt(literal);
    return value > 0xffff_ffff_ffff_ffffn ? undefined : BigInt.asIntN(64, value);
  }
  if (/^-?\d+$/.test(text)) {
    if (text.length > 380) return 'large';
    const value = BigInt(text);
    return BigInt.asIntN(64, value) === value ? value : new BigInteger(value);
  }
  if (!/^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  // .NET Framework's double.TryParse refuses what overflows.
  return Number.isFinite(value) ? new Boxed('System.Double', value) : undefined;
}
