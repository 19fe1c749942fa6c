import { NetException } from '../exceptions.ts';
import { Boxed, type Uniform } from '../values.ts';
import { BigInteger } from './big-integer.ts';
import { shortEscapes } from './short-escapes.ts';

/** The characters of a JSON document, and what stands between its brackets. */
export class JsonScanner {
  readonly text: string;
  at = 0;
  /** Has a value begun? Errors before it are in line 0. */
  started = false;
  readonly #path: () => string;
  #line = 1;
  #lineStart = 0;

  /** `path` says where in the document the reader is, for errors. */
  constructor(text: string, path: () => string) {
    this.text = text;
    this.#path = path;
  }

  /** The character here; undefined at the end. */
  get current(): string | undefined {
    return this.text[this.at];
  }

  /** `true`, `null` and the like. */
  word(word: string, what: string): void {
    const end = this.at + word.length;
    if (!this.text.startsWith(word, this.at)) {
      let matched = 0;
      while (this.text[this.at + matched] === word[matched]) matched++;
      this.at += matched;
      if (this.at >= this.text.length) throw this.error('Unexpected end when reading JSON.');
      throw this.error(`Error parsing ${what} value.`);
    }
    const after = this.text[end];
    this.at = end;
    if (after !== undefined && !isSeparator(after)) throw this.error(`Error parsing ${what} value.`);
  }

  string(quote: string): string {
    this.at++;
    let result = '';
    let from = this.at;
    for (;;) {
      const c = this.current;
      if (c === undefined) throw this.error(`Unterminated string. Expected delimiter: ${quote}.`);
      if (c === quote) break;
      if (c === '\\') {
        result += this.text.slice(from, this.at) + this.#escape(quote);
        from = this.at;
      } else if (c === '\n' || c === '\r') this.#newLine(c);
      else this.at++;
    }
    result += this.text.slice(from, this.at);
    this.at++;
    return result;
  }
  #escape(quote: string): string {
    const c = this.text[this.at + 1];
    if (c === undefined) {
      this.at++;
      throw this.error(`Unterminated string. Expected delimiter: ${quote}.`);
    }
    this.at += 2;
    if (c === 'u') return this.#unicodeEscape();
    const plain = shortEscapes[c];
    if (plain === undefined) throw this.error(`Bad JSON escape sequence: \\${c}.`);
    return plain;
  }
  #unicodeEscape(): string {
    const digits = this.text.slice(this.at, this.at + 4);
    if (digits.length < 4) {
      this.at = this.text.length;
      throw this.error('Unexpected end while parsing Unicode escape sequence.');
    }
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.error(`Invalid Unicode escape sequence: \\u${digits}.`);
    this.at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  /** The name of a property, with or without quotes. */
  name(c: string): string {
    if (c === '"' || c === "'") return this.string(c);
    if (!identifier.test(c)) throw this.error(`Invalid property identifier character: ${c}.`);
    const from = this.at;
    while (this.at < this.text.length && identifier.test(this.current ?? '')) this.at++;
    const after = this.current;
    if (after === undefined) throw this.error('Unexpected end while parsing unquoted property name.');
    if (!/\s/.test(after) && after !== ':') {
      throw this.error(`Invalid JavaScript property identifier character: ${after}.`);
    }
    return this.text.slice(from, this.at);
  }

  /** A long, a BigInteger or a double. */
  number(): Uniform {
    const from = this.at;
    while (/[-+a-fA-FxX.0-9]/.test(this.current ?? '')) this.at++;
    const after = this.current;
    if (after !== undefined && !isSeparator(after)) {
      throw this.error(`Unexpected character encountered while parsing number: ${after}.`);
    }
    const text = this.text.slice(from, this.at);
    const value = numberValue(text);
    if (value === 'large') throw this.error(`JSON integer ${text} is too large to parse.`);
    if (value === undefined) throw this.error(`Input string '${text}' is not a valid number.`);
    return value;
  }

  /** Skips white space, and comments where a token may stand. */
  space(comments: boolean): void {
    for (;;) {
      const c = this.current;
      if (c === '\n' || c === '\r') this.#newLine(c);
      else if (c !== undefined && (c === ' ' || c === '\t' || /\s/.test(c))) this.at++;
      else if (c === '/' && comments) this.#comment();
      else return;
    }
  }
  #newLine(c: string): void {
    this.at += c === '\r' && this.text[this.at + 1] === '\n' ? 2 : 1;
    this.#line++;
    this.#lineStart = this.at;
  }
  #comment(): void {
    this.at++;
    const kind = this.current;
    if (kind === undefined) throw this.error('Unexpected end while parsing comment.');
    if (kind !== '*' && kind !== '/') throw this.error(`Error parsing comment. Expected: *, got ${kind}.`);
    this.at++;
    for (;;) {
      const c = this.current;
      if (c === undefined) {
        if (kind === '/') return;
        throw this.error('Unexpected end while parsing comment.');
      }
      if (c === '\n' || c === '\r') {
        if (kind === '/') return;
        this.#newLine(c);
      } else if (kind === '*' && c === '*' && this.text[this.at + 1] === '/') {
        this.at += 2;
        return;
      } else this.at++;
    }
  }

  error(message: string): NetException {
    const column = this.at - this.#lineStart;
    const line = !this.started && column === 0 ? 0 : this.#line;
    const path = this.#path();
    return new NetException(
      'Newtonsoft.Json.JsonReaderException',
      `${message} Path '${path}', line ${line}, position ${column}.`,
      null,
      { Path: path, LineNumber: line, LinePosition: column },
    );
  }
}

const identifier = /[\p{L}\p{Nd}_$]/u;
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
