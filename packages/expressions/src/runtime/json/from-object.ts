import { charge } from '../budget.ts';
import { isReadOnlyDictionary } from '../collection-protocol.ts';
import { isIterable, stepThrough } from '../enumerate.ts';
import { NetException } from '../exceptions.ts';
import { KeyValuePair } from '../key-value-pair.ts';
import { toStringOf } from '../object.ts';
import { NetTuple } from '../tuple.ts';
import { Boxed, netType, typeNameOf, type Uniform } from '../values.ts';
import { isoDate } from './dates.ts';
import { guardDepth } from './depth.ts';
import { JArray, JObject, JProperty, JToken, JValue } from './token.ts';
import { isPrimitive, JsonWriter, primitiveText, writeToken } from './writer.ts';

/** `[jsonMembers]()`: names and UNIFORM values of the public properties, for values that become JSON objects. */
export const jsonMembers: unique symbol = Symbol('jsonMembers');

/** `JsonConvert.SerializeObject` with the default settings. Throws JsonSerializationException. */
export function serializeObject(value: Uniform, indented: boolean): string {
  const writer = new JsonWriter(indented);
  write(writer, value, 0, []);
  return writer.text;
}

function write(writer: JsonWriter, value: Uniform, depth: number, open: object[]): void {
  guardDepth(depth);
  charge();
  if (value instanceof JToken) writeToken(writer, value);
  else if (isPrimitive(value)) writer.raw(primitiveText(value));
  else if (typeof value === 'object' && value !== null) {
    if (open.includes(value)) {
      throw new NetException(
        'Newtonsoft.Json.JsonSerializationException',
        `Self referencing loop detected with type '${typeNameOf(value) ?? 'System.Object'}'.`,
      );
    }
    open.push(value);
    writeContainer(writer, value, depth, open);
    open.pop();
  }
}

function writeContainer(writer: JsonWriter, value: object, depth: number, open: object[]): void {
  const members = membersOf(value);
  if (members) {
    writer.open('{');
    for (const [name, member] of members) {
      writer.name(name);
      write(writer, member, depth + 1, open);
    }
    writer.close('}');
  } else if (isIterable(value)) {
    writer.open('[');
    for (const item of stepThrough(value)) {
      writer.element();
      write(writer, item, depth + 1, open);
    }
    writer.close(']');
  } else throw notSerialisable(value);
}

/** `JToken.FromObject`: integers keep their .NET type, dictionaries and anonymous objects become JObjects. */
export function tokenFromObject(value: Uniform, depth = 0): JToken {
  guardDepth(depth);
  charge();
  if (value instanceof JToken) return value.deepClone();
  if (isPrimitive(value) || typeof value !== 'object' || value === null) return new JValue(value);
  const members = membersOf(value);
  if (members) {
    const object = new JObject();
    for (const [name, member] of members) object.place(new JProperty(name, tokenFromObject(member, depth + 1)));
    return object;
  }
  if (!isIterable(value)) throw notSerialisable(value);
  const array = new JArray();
  for (const item of stepThrough(value)) array.place(tokenFromObject(item, depth + 1));
  return array;
}

/** Name and value of each member of what becomes a JSON object; undefined for what does not. */
function membersOf(value: object): Iterable<readonly [string, Uniform]> | undefined {
  const own = jsonMembers in value ? value[jsonMembers] : undefined;
  if (typeof own === 'function') return own.call(value);
  if (value instanceof KeyValuePair) {
    return [
      ['Key', value.key],
      ['Value', value.value],
    ];
  }
  if (value instanceof NetTuple) return value.items.map((item, index) => [`Item${index + 1}`, item]);
  if (isReadOnlyDictionary(value)) return entriesOf(value.pairs());
  return undefined;
}

function* entriesOf(pairs: Iterable<KeyValuePair>): Iterable<readonly [string, Uniform]> {
  for (const { key, value } of pairs) {
    charge();
    yield [keyText(key), value];
  }
}

function keyText(key: Uniform): string {
  const type = typeNameOf(key);
  if (type === 'System.DateTime' || type === 'System.DateTimeOffset') return isoDate(key);
  return key instanceof Boxed && type === 'System.Double' ? primitiveText(key) : toStringOf(key);
}

function notSerialisable(value: object): NetException {
  const type = (value as { [netType]?: string })[netType] ?? 'System.Object';
  return new NetException(
    'Newtonsoft.Json.JsonSerializationException',
    `Values of the type '${type}' cannot be serialised to JSON in policy expressions.`,
  );
}
