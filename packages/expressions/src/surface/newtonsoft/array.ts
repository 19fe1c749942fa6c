import { argumentException } from '../../runtime/exceptions.ts';
import { tokenFromObject } from '../../runtime/json/from-object.ts';
import { mergeInto } from '../../runtime/json/merge.ts';
import { parseJson } from '../../runtime/json/reader.ts';
import { JArray, JConstructor, type JToken } from '../../runtime/json/token.ts';
import { tokenTypeName } from '../../runtime/json/token-type.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';
import { required } from './object.ts';
import { arrayIndex } from './token.ts';

export const arrayType: TypeDeclaration = declareType({
  name: 'Newtonsoft.Json.Linq.JArray',
  kind: 'class',
  base: 'Newtonsoft.Json.Linq.JContainer',
  interfaces: ['IList<JToken>'],
  test: (value) => value instanceof JArray,
  members: {
    'new()': () => new JArray(),
    'new(JArray other)': (other: JArray | null) => required(other, 'other').deepClone(),
    'new(params object[] content)': (content: Uniform[] | null) => JArray.of(content ?? []),
    'new(object content)': (content: Uniform) => JArray.of(content),
    'JToken this[int index] { get; set; }': {
      get: (self: JArray, index: number) => self.at(index),
      set: (self: JArray, index: number, value: JToken | null) => self.putAt(index, value),
    },
    'int Count { get; }': (self: JArray) => self.count,
    'void Add(JToken item)': (self: JArray, item: JToken | null) => self.append(item),
    'void Add(object content)': (self: JArray, content: Uniform) => self.addContent(content),
    'void Clear()': (self: JArray) => self.clear(),
    'bool Contains(JToken item)': (self: JArray, item: JToken | null) => arrayIndex(self, item) >= 0,
    'int IndexOf(JToken item)': (self: JArray, item: JToken | null) => arrayIndex(self, item),
    'void Insert(int index, JToken item)': (self: JArray, index: number, item: JToken | null) =>
      self.insert(index, item),
    'void Remove()': (self: JArray) => self.detach(),
    'bool Remove(JToken item)': (self: JArray, item: JToken | null) => self.removeChild(item),
    'void RemoveAt(int index)': (self: JArray, index: number) => self.removeAt(index),
    'void Merge(object content)': (self: JArray, content: Uniform) => mergeInto(self, content),
    'static JArray Parse(string json)': (text: string | null) => parseJson(required(text, 's'), 'JArray'),
    'static JArray FromObject(object o)': (value: Uniform) => {
      const token = tokenFromObject(required(value, 'o'));
      if (token instanceof JArray) return token;
      throw argumentException(`Object serialized to ${tokenTypeName(token.type)}. JArray instance expected.`);
    },
    'JArray DeepClone()': (self: JArray) => self.deepClone(),
  },
  refused: { Load: 'there is no JsonReader in policy expressions; use JArray.Parse.' },
});

export const constructorType: TypeDeclaration = declareType({
  name: 'Newtonsoft.Json.Linq.JConstructor',
  kind: 'class',
  base: 'Newtonsoft.Json.Linq.JContainer',
  test: (value) => value instanceof JConstructor,
  members: {
    'new()': () => new JConstructor(null),
    'new(string name)': (name: string | null) => new JConstructor(required(name, 'name')),
    'new(string name, params object[] content)': (name: string | null, content: Uniform[] | null) => {
      const made = new JConstructor(required(name, 'name'));
      made.addContent(content ?? []);
      return made;
    },
    'string Name { get; set; }': {
      get: (self: JConstructor) => self.name,
      set: (self: JConstructor, name: string | null) => {
        self.name = name;
      },
    },
  },
});
