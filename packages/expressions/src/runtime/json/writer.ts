import { charge, chargeMemory } from '../budget.ts';
import { enumDescription } from '../enums.ts';
import { toStringOf } from '../object.ts';
import { Uri } from '../uri.ts';
import { Boxed, typeNameOf, type Uniform } from '../values.ts';
import { BigInteger } from './big-integer.ts';
import { isoDate } from './dates.ts';
import { guardDepth } from './depth.ts';
import { JArray, JConstructor, JObject, JProperty, JRaw, type JToken, JValue } from './token.ts';
import { JTokenType } from './token-type.ts';

/** Collects JSON text as JsonTextWriter lays it out: two spaces an indent, `\r\n` between lines. */
export class JsonWriter {
  readonly #indented: boolean;
  #text = '';
  #depth = 0;
  #first = true;

  constructor(indented: boolean) {
    this.#indented = indented;
  }

  get text(): string {
    return this.#text;
  }
  open(bracket: string): void {
    guardDepth(++this.#depth);
    this.#write(bracket);
    this.#first = true;
  }
  close(bracket: string): void {
    this.#depth--;
    if (!this.#first) this.#line();
    this.#first = false;
    this.#write(bracket);
  }
  /** Before each element of an array and each property name. */
  element(): void {
    charge();
    if (!this.#first) this.#write(',');
    this.#first = false;
    this.#line();
  }
  name(name: string): void {
    this.element();
    this.#write(quote(name) + (this.#indented ? ': ' : ':'));
  }
  raw(text: string): void {
    this.#write(text);
  }

  #line(): void {
    // A property that is written by itself starts where the text starts.
    if (this.#indented && this.#text !== '') this.#write(`\r\n${'  '.repeat(this.#depth)}`);
  }
  #write(text: string): void {
    chargeMemory(text.length * 2);
    charge(text.length / 64);
    this.#text += text;
  }
}

export function writeJson(token: JToken, indented: boolean): string {
  const writer = new JsonWriter(indented);
  writeToken(writer, token);
  return writer.text;
}

export function writeToken(writer: JsonWriter, token: JToken): void {
  if (token instanceof JObject) {
    writer.open('{');
    for (const property of token.properties) writeToken(writer, property);
    writer.close('}');
  } else if (token instanceof JProperty) {
    writer.name(token.name);
    writeToken(writer, token.value);
  } else if (token instanceof JArray || token instanceof JConstructor) {
    const isArray = token instanceof JArray;
    writer.open(isArray ? '[' : `new ${token.name ?? ''}(`);
    for (const item of token.items) {
      writer.element();
      writeToken(writer, item);
    }
    writer.close(isArray ? ']' : ')');
  } else if (token instanceof JRaw) {
    writer.raw(toStringOf(token.value));
  } else if (token instanceof JValue) {
    if (token.type === JTokenType.Undefined) writer.raw('undefined');
    else if (token.type === JTokenType.Comment) writer.raw(`/*${toStringOf(token.value)}*/`);
    else writer.raw(primitiveText(token.value));
  }
}

/** JsonConvert.ToString: the JSON text of a value that is not a container. */
export function primitiveText(value: Uniform): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'boolean':
    case 'number':
    case 'bigint':
      return String(value);
    default:
  }
  if (value === null || value === undefined) return 'null';
  if (value instanceof Boxed) return boxedText(value);
  if (value instanceof BigInteger) return String(value.value);
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
  switch (typeNameOf(value)) {
    case 'System.Decimal':
      return withDecimalPlace(toStringOf(value));
    case 'System.DateTime':
    case 'System.DateTimeOffset':
      return `"${isoDate(value)}"`;
    default:
      // A Uri is written as it was given, not in its canonical form.
      return quote(value instanceof Uri ? value.original : toStringOf(value));
  }
}

function boxedText(value: Boxed): string {
  if (value.type === 'System.Char') return quote(toStringOf(value));
  if (value.type !== 'System.Double' && value.type !== 'System.Single') return String(value.value);
  const text = toStringOf(value);
  return /^-?\d/.test(text) ? withDecimalPlace(text) : `"${text}"`;
}

function withDecimalPlace(text: string): string {
  return /[.eE]/.test(text) ? text : `${text}.0`;
}

/** A JSON string as Newtonsoft escapes it by default: control characters, quote, backslash and three line separators. */
export function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped
  return `"${text.replace(/["\\\u0000-\u001f\u0085\u2028\u2029]/g, (c) => short[c] ?? unicode(c))}"`;
}

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Is the UNIFORM value written as a single JSON value? */
export function isPrimitive(value: Uniform): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (value instanceof Boxed) return true;
  if (value instanceof Uint8Array || value instanceof BigInteger) return true;
  return primitiveTypes.has(typeNameOf(value) ?? '') || enumDescription(typeNameOf(value) ?? '') !== undefined;
}

const primitiveTypes = new Set([
  'System.Decimal',
  'System.DateTime',
  'System.DateTimeOffset',
  'System.TimeSpan',
  'System.Guid',
  'System.Uri',
]);
