import { fromBase64 } from '../base64.ts';
import { charge } from '../budget.ts';
import { NetException } from '../exceptions.ts';
import { NetDictionary } from '../net-dictionary.ts';
import { NetList } from '../net-list.ts';
import { clrName, splitTypeArguments } from '../object.ts';
import { netArray, type Uniform } from '../values.ts';
import { changeType } from './change-type.ts';
import { parseJson } from './reader.ts';
import { JArray, JObject, JProperty, type JToken, JValue } from './token.ts';
import { convertToken } from './token-convert.ts';
import { primitiveText } from './writer.ts';

/** A closed type: what the conversion needs of a `RuntimeType`. */
interface Target {
  readonly name: string;
  readonly defaultValue: Uniform;
  test(value: unknown): boolean;
}

/**
 * `JsonConvert.DeserializeObject<T>(text)`: tokens, texts, numbers, dates, dictionaries, lists and arrays of these.
 * Empty text gives `default(T)`.
 * @throws {NetException} JsonReaderException, JsonSerializationException
 */
export function deserializeText(text: string, target: Target): Uniform {
  if (text.trim() === '') return target.defaultValue;
  const wantsTokens = /System\.Object|Newtonsoft/.test(target.name);
  const wanted = target.name === `${linq}JObject` ? 'JObject' : target.name === `${linq}JArray` ? 'JArray' : 'JToken';
  return tokenToObject(parseJson(text, wanted, { keepDates: !wantsTokens }), target);
}

const linq = 'Newtonsoft.Json.Linq.';

/** `JToken.ToObject<T>()`. */
export function tokenToObject(token: JToken, target: Target): Uniform {
  return read(token, target.name, target);
}

function read(token: JToken, type: string, top: Target | null): Uniform {
  charge();
  if (type.startsWith(linq)) return readToken(token, type);
  if (token instanceof JProperty) return read(token.value, type, top);
  if (type === 'System.Object') return token instanceof JValue ? token.value : token;
  const nullable = /^System\.Nullable<(.+)>$/.exec(type)?.[1];
  if (nullable !== undefined) return isNull(token) ? null : read(token, nullable, null);
  if (type === 'System.Byte[]') return readBytes(token);
  if (type.endsWith('[]')) return isNull(token) ? null : netArray(type.slice(0, -2), items(token, type));
  const generic = /^System\.Collections\.Generic\.(\w+)<(.+)>$/.exec(type);
  if (generic) return isNull(token) ? null : readCollection(token, generic[1] ?? '', generic[2] ?? '', type);
  return readValue(token, type, top);
}

function readToken(token: JToken, type: string): JToken | null {
  if (type === `${linq}JToken`) return token;
  if (type === `${linq}J${token.constructor.name.slice(1)}`) return token;
  if (type === `${linq}JContainer` && !(token instanceof JValue)) return token;
  if (isNull(token)) return null;
  throw conversionError(token, type);
}

function readCollection(token: JToken, name: string, args: string, type: string): Uniform {
  const [first = '', ...rest] = splitTypeArguments(args);
  const second = rest[0];
  if (second !== undefined && dictionaries.has(name)) {
    if (!(token instanceof JObject)) throw wrongShape(token, type, 'object (e.g. {"name":"value"})');
    const dictionary = new NetDictionary(first, second);
    for (const property of token.properties) {
      dictionary.put(changeType(property.name, first), read(property.value, second, null));
    }
    return dictionary;
  }
  if (second === undefined && lists.has(name)) return new NetList(first, items(token, type, first));
  throw unsupported(type);
}

const dictionaries = new Set(['Dictionary', 'IDictionary', 'IReadOnlyDictionary']);
const lists = new Set(['List', 'IList', 'IEnumerable', 'ICollection', 'IReadOnlyList', 'IReadOnlyCollection']);

function items(token: JToken, type: string, element = type.slice(0, -2)): Uniform[] {
  if (!(token instanceof JArray)) throw wrongShape(token, type, 'array (e.g. [1,2,3])');
  return token.items.map((item) => read(item, element, null));
}

function readBytes(token: JToken): Uniform {
  if (isNull(token)) return null;
  if (token instanceof JValue && token.value instanceof Uint8Array) return token.value;
  if (token instanceof JValue && typeof token.value === 'string') return fromBase64(token.value);
  throw conversionError(token, 'System.Byte[]');
}

function readValue(token: JToken, type: string, top: Target | null): Uniform {
  if (!(token instanceof JValue)) {
    if (!simple.has(type)) throw unsupported(type);
    const word = token instanceof JObject ? 'object (e.g. {"name":"value"})' : 'array (e.g. [1,2,3])';
    throw new NetException(
      'Newtonsoft.Json.JsonSerializationException',
      `Cannot deserialize the current JSON ${word} into type '${clrName(type)}'. Path '${token.path}'.`,
    );
  }
  if (token.value === null) {
    if (type === 'System.String') return null;
    if (top?.test('') === false && top.defaultValue === null) return null;
    throw conversionError(token, type);
  }
  if (top?.test(token.value)) return token.value;
  if (!simple.has(type)) throw unsupported(type);
  try {
    return type === 'System.String' && typeof token.value === 'boolean'
      ? primitiveText(token.value)
      : convertToken(token, type, false);
  } catch (error) {
    if (!(error instanceof NetException)) throw error;
    throw conversionError(token, type, error);
  }
}

const simple = new Set(
  (
    'Boolean Byte SByte Int16 UInt16 Int32 UInt32 Int64 UInt64 Single Double Decimal Char String DateTime ' +
    'DateTimeOffset Guid TimeSpan'
  )
    .split(' ')
    .map((name) => `System.${name}`),
);

function isNull(token: JToken): boolean {
  return token instanceof JValue && token.value === null;
}

function conversionError(token: JToken, type: string, inner: NetException | null = null): NetException {
  const shown = token instanceof JValue ? (token.value === null ? '{null}' : primitiveText(token.value)) : '';
  return new NetException(
    'Newtonsoft.Json.JsonSerializationException',
    `Error converting value ${shown} to type '${clrName(type)}'. Path '${token.path}'.`,
    inner,
  );
}

function wrongShape(token: JToken, type: string, needed: string): NetException {
  const found =
    token instanceof JObject
      ? 'the current JSON object (e.g. {"name":"value"})'
      : token instanceof JArray
        ? 'the current JSON array (e.g. [1,2,3])'
        : `value ${token.toJson(false)}`;
  return new NetException(
    'Newtonsoft.Json.JsonSerializationException',
    `Cannot deserialize ${found} into type '${clrName(type)}' because the type requires a JSON ${needed} to deserialize correctly. Path '${token.path}'.`,
  );
}

function unsupported(type: string): NetException {
  return new NetException(
    'Newtonsoft.Json.JsonSerializationException',
    `JSON cannot be deserialized to the type '${clrName(type)}' in policy expressions.`,
  );
}
