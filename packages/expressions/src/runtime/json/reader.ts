import { charge, chargeMemory } from '../budget.ts';
import type { NetException } from '../exceptions.ts';
import { Boxed, type Uniform } from '../values.ts';
import { readDate } from './dates.ts';
import { JsonScanner } from './scanner.ts';
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
  readonly #scanner: JsonScanner;
  readonly #keepDates: boolean;
  readonly #stack: Position[] = [];

  constructor(text: string, options: ReadOptions) {
    this.#scanner = new JsonScanner(text, () => joinPath(this.#stack.flatMap((position) => position.key ?? [])));
    this.#keepDates = options.keepDates ?? false;
  }

  document(wanted: Wanted): JToken {
    this.#scanner.space(true);
    if (this.#scanner.at >= this.#scanner.text.length) throw this.#error(`Error reading ${wanted} from JsonReader.`);
    const first = this.#scanner.current;
    const token = this.#value(first ?? '');
    if (wanted === 'JObject' && !(token instanceof JObject)) throw this.#wrongStart(wanted, token, 'an object');
    if (wanted === 'JArray' && !(token instanceof JArray)) throw this.#wrongStart(wanted, token, 'an array');
    if (token instanceof JObject || token instanceof JArray || token instanceof JConstructor) this.#fill(token, wanted);
    this.#scanner.space(true);
    const rest = this.#scanner.current;
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
    this.#scanner.space(true);
    const c = this.#scanner.current;
    if (c === undefined) throw this.#unexpectedEnd(wanted);
    if (c === '}') {
      this.#close('}');
      return;
    }
    const name = this.#scanner.name(c);
    this.#scanner.space(false);
    const colon = this.#scanner.current;
    if (colon === undefined) throw this.#unexpectedEnd(wanted);
    if (colon !== ':') {
      throw this.#error(`Invalid character after parsing property name. Expected ':' but got: ${colon}.`);
    }
    this.#scanner.at++;
    top.key = name;
    this.#scanner.space(true);
    const start = this.#scanner.current;
    if (start === undefined) throw this.#unexpectedEnd(wanted);
    if (start === ']' || start === ')') throw this.#wrongClose(start, top);
    const value = start === '}' ? this.#unexpectedValue(start) : this.#value(start);
    this.#store(top.container as JObject, name, value);
    this.#afterValue(top, value, wanted);
  }

  #element(top: Position, wanted: Wanted): void {
    this.#scanner.space(true);
    const c = this.#scanner.current;
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
    this.#scanner.space(true);
    const c = this.#scanner.current;
    if (c === undefined) throw this.#unexpectedEnd(wanted);
    if (c === ',') this.#scanner.at++;
    else if (c === '}' || c === ']' || c === ')') {
      if (closers[top.kind] !== c) throw this.#wrongClose(c, top);
    } else throw this.#error(`After parsing a value an unexpected character was encountered: ${c}.`);
  }
  #close(c: string): void {
    const top = this.#stack[this.#stack.length - 1] as Position;
    if (closers[top.kind] !== c) throw this.#wrongClose(c, top);
    this.#scanner.at++;
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
    this.#scanner.started = true;
    switch (c) {
      case '"':
      case "'":
        return this.#stringValue(c);
      case '{':
        this.#scanner.at++;
        return new JObject();
      case '[':
        this.#scanner.at++;
        return new JArray();
      case 't':
        return this.#word('true', 'boolean', true);
      case 'f':
        return this.#word('false', 'boolean', false);
      case 'n':
        return this.#scanner.text[this.#scanner.at + 1] === 'e'
          ? this.#constructorValue()
          : this.#word('null', 'null', null);
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
        if (this.#scanner.text[this.#scanner.at + 1] === 'I') {
          return this.#word('-Infinity', '-Infinity', new Boxed('System.Double', Number.NEGATIVE_INFINITY));
        }
        return new JValue(this.#scanner.number());
      default:
        if (c === '.' || (c >= '0' && c <= '9')) return new JValue(this.#scanner.number());
        this.#scanner.started = this.#stack.length > 0 || this.#scanner.at > 0;
        throw this.#unexpected(c);
    }
  }
  #unexpectedValue(c: string): JToken {
    throw this.#unexpected(c);
  }

  #constructorValue(): JToken {
    const match = /new\s+([A-Za-z0-9_]+)\s*\(/y;
    match.lastIndex = this.#scanner.at;
    const found = match.exec(this.#scanner.text);
    if (!found) {
      this.#scanner.at += 2;
      throw this.#error('Unexpected content while parsing JSON.');
    }
    this.#scanner.at += found[0].length;
    return new JConstructor(found[1] ?? '');
  }

  #stringValue(quote: string): JToken {
    const text = this.#scanner.string(quote);
    const date = this.#keepDates ? undefined : readDate(text);
    return new JValue(date ?? text);
  }
  #word(word: string, what: string, value: Uniform): JToken {
    this.#scanner.word(word, what);
    return new JValue(value, what === 'null' ? JTokenType.Null : undefined);
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
    this.#scanner.at++;
    return this.#error(`JsonToken ${token} is not valid for closing JsonType ${top.kind}.`);
  }
  #wrongStart(wanted: Wanted, token: JToken, expected: string): NetException {
    const found = token instanceof JValue ? primitiveTokens[token.type] : containerTokens[token.type];
    return this.#error(
      `Error reading ${wanted} from JsonReader. Current JsonReader item is not ${expected}: ${found ?? 'None'}.`,
    );
  }

  #error(message: string): NetException {
    return this.#scanner.error(message);
  }
}

const closers = { Object: '}', Array: ']', Constructor: ')' } as const;
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
