import { charge } from '../../runtime/budget.ts';
import { toUpperInvariant } from '../../runtime/compare-string.ts';
import { argumentException, argumentNull } from '../../runtime/exceptions.ts';
import { tokenFromObject } from '../../runtime/json/from-object.ts';
import { mergeInto } from '../../runtime/json/merge.ts';
import { parseJson } from '../../runtime/json/reader.ts';
import { JObject, JProperty, type JToken } from '../../runtime/json/token.ts';
import { tokenTypeName } from '../../runtime/json/token-type.ts';
import { Sequence } from '../../runtime/sequence.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type Out, type TypeDeclaration } from '../declare.ts';
import { tokens } from './token.ts';

export const objectType: TypeDeclaration = declareType({
  name: 'Newtonsoft.Json.Linq.JObject',
  kind: 'class',
  base: 'Newtonsoft.Json.Linq.JContainer',
  interfaces: ['IDictionary<string, JToken>'],
  test: (value) => value instanceof JObject,
  members: {
    'new()': () => new JObject(),
    'new(JObject other)': (other: JObject | null) => required(other, 'other').deepClone(),
    'new(params object[] content)': (content: Uniform[] | null) => JObject.of(content ?? []),
    'new(object content)': (content: Uniform) => JObject.of(content),
    'JToken this[string propertyName] { get; set; }': {
      get: (self: JObject, name: string | null) => self.get(required(name, 'propertyName')),
      set: (self: JObject, name: string | null, value: JToken | null) =>
        self.set(required(name, 'propertyName'), value),
    },
    'int Count { get; }': (self: JObject) => self.count,
    'void Add(string propertyName, JToken value)': (self: JObject, name: string | null, value: JToken | null) =>
      self.add(required(name, 'name'), value),
    'void Add(object content)': (self: JObject, content: Uniform) => self.addContent(content),
    'bool ContainsKey(string propertyName)': (self: JObject, name: string | null) =>
      self.property(required(name, 'propertyName')) !== null,
    'void Remove()': (self: JObject) => self.detach(),
    'bool Remove(string propertyName)': (self: JObject, name: string | null) => self.remove(name),
    'bool TryGetValue(string propertyName, out JToken value)': (
      self: JObject,
      name: string | null,
      value: Out<JToken | null>,
    ) => found(self.get(required(name, 'propertyName')), value),
    'bool TryGetValue(string propertyName, StringComparison comparison, out JToken value)': (
      self: JObject,
      name: string | null,
      comparison: number,
      value: Out<JToken | null>,
    ) => found(propertyOf(self, name, comparison)?.value ?? null, value),
    'JToken GetValue(string propertyName)': (self: JObject, name: string | null) =>
      name === null ? null : self.get(name),
    'JToken GetValue(string propertyName, StringComparison comparison)': (
      self: JObject,
      name: string | null,
      comparison: number,
    ) => propertyOf(self, name, comparison)?.value ?? null,
    'JProperty Property(string name)': (self: JObject, name: string | null) =>
      name === null ? null : self.property(name),
    'JProperty Property(string name, StringComparison comparison)': (
      self: JObject,
      name: string | null,
      comparison: number,
    ) => propertyOf(self, name, comparison),
    'IEnumerable<JProperty> Properties()': (self: JObject) => tokens(() => [...self.properties]),
    'JEnumerable<JToken> PropertyValues()': (self: JObject) => tokens(() => self.properties.map((p) => p.value)),
    'IEnumerator<KeyValuePair<string, JToken>> GetEnumerator()': (self: JObject) => new Sequence(() => self.pairs()),
    'void Merge(object content)': (self: JObject, content: Uniform) => mergeInto(self, content),
    'static JObject Parse(string json)': (text: string | null) => parseJson(required(text, 's'), 'JObject'),
    'static JObject FromObject(object o)': (value: Uniform) => {
      const token = tokenFromObject(required(value, 'o'));
      if (token instanceof JObject) return token;
      throw argumentException(`Object serialized to ${tokenTypeName(token.type)}. JObject instance expected.`);
    },
    'JObject DeepClone()': (self: JObject) => self.deepClone(),
  },
  refused: { Load: 'there is no JsonReader in policy expressions; use JObject.Parse.' },
});

export const propertyType: TypeDeclaration = declareType({
  name: 'Newtonsoft.Json.Linq.JProperty',
  kind: 'class',
  base: 'Newtonsoft.Json.Linq.JContainer',
  test: (value) => value instanceof JProperty,
  members: {
    'new(string name, params object[] content)': (name: string | null, content: Uniform[] | null) =>
      JProperty.of(required(name, 'name'), content),
    'new(string name, object content)': (name: string | null, content: Uniform) =>
      JProperty.of(required(name, 'name'), content),
    'new(JProperty other)': (other: JProperty | null) => required(other, 'other').deepClone(),
    'string Name { get; }': (self: JProperty) => self.name,
    'JToken Value { get; set; }': {
      get: (self: JProperty) => self.value,
      set: (self: JProperty, value: JToken | null) => {
        self.value = value;
      },
    },
  },
});

export function required<T>(value: T | null, parameter: string): T {
  if (value === null) throw argumentNull(parameter);
  return value;
}

function found(token: JToken | null, out: Out<JToken | null>): boolean {
  out.value = token;
  return token !== null;
}

/** The exact name first, then the first that equals it under the comparison (odd values ignore case). */
function propertyOf(object: JObject, name: string | null, comparison: number): JProperty | null {
  if (name === null) return null;
  const exact = object.property(name);
  if (exact || comparison % 2 === 0) return exact;
  charge(object.count);
  const wanted = toUpperInvariant(name);
  return object.properties.find((property) => toUpperInvariant(property.name) === wanted) ?? null;
}
