import { charge } from '../../runtime/budget.ts';
import { argumentNull } from '../../runtime/exceptions.ts';
import { tokenToObject } from '../../runtime/json/deserialize.ts';
import { tokenFromObject } from '../../runtime/json/from-object.ts';
import { selectToken, selectTokens } from '../../runtime/json/path-select.ts';
import { parseJson } from '../../runtime/json/reader.ts';
import { type JArray, JContainer, JToken } from '../../runtime/json/token.ts';
import { valueAs } from '../../runtime/json/token-convert.ts';
import { toStringMember } from '../../runtime/object.ts';
import { Sequence } from '../../runtime/sequence.ts';
import { Boxed, type Uniform } from '../../runtime/values.ts';
import { declareType, generic, type RuntimeType, type TypeDeclaration } from '../declare.ts';
import { fromToken, toToken } from './conversions.ts';

const noSettings = 'Newtonsoft settings objects are not available in policy expressions; the default settings apply.';

/** A lazy sequence over tokens. */
export function tokens(start: () => Iterable<JToken>): Sequence {
  return new Sequence(() => start()[Symbol.iterator]());
}

export function* ancestors(token: JToken, self: boolean): Iterable<JToken> {
  for (let at = self ? token : token.parent; at; at = at.parent) {
    charge();
    yield at;
  }
}

/** The children's `Value<T>`. */
export function* valuesAs(type: RuntimeType, source: Iterable<JToken>): Iterable<Uniform> {
  for (const token of source) {
    charge();
    yield valueAs(token, type);
  }
}

function* siblings(token: JToken, after: boolean): Iterable<JToken> {
  const list = token.parent?.items ?? [];
  const index = token.index;
  yield* after ? list.slice(index + 1) : list.slice(0, Math.max(index, 0));
}

function parse(text: string | null): JToken {
  if (text === null) throw argumentNull('s');
  return parseJson(text);
}

export const tokenType: TypeDeclaration = declareType({
  name: 'Newtonsoft.Json.Linq.JToken',
  kind: 'class',
  interfaces: ['Newtonsoft.Json.Linq.IJEnumerable<JToken>'],
  test: (value) => value instanceof JToken,
  members: {
    'JTokenType Type { get; }': (self: JToken) => self.type,
    'bool HasValues { get; }': (self: JToken) => self.hasValues,
    'string Path { get; }': (self: JToken) => self.path,
    'JContainer Parent { get; }': (self: JToken) => self.parent,
    'JToken Root { get; }': (self: JToken) => self.root,
    'JToken First { get; }': (self: JToken) => first(self),
    'JToken Last { get; }': (self: JToken) => last(self),
    'JToken Next { get; }': (self: JToken) => self.next,
    'JToken Previous { get; }': (self: JToken) => self.previous,
    'JToken this[object key] { get; set; }': {
      get: (self: JToken, key: Uniform) => self.getItem(key),
      set: (self: JToken, key: Uniform, value: JToken | null) => self.setItem(key, value),
    },
    'JEnumerable<JToken> Children()': (self: JToken) => tokens(() => [...self.children]),
    'JEnumerable<T> Children<T>()': generic(([type]: readonly RuntimeType[], self: JToken) =>
      tokens(() => self.children.filter((child) => type?.test(child))),
    ),
    'IEnumerable<JToken> Ancestors()': (self: JToken) => tokens(() => ancestors(self, false)),
    'IEnumerable<JToken> AncestorsAndSelf()': (self: JToken) => tokens(() => ancestors(self, true)),
    'IEnumerable<JToken> AfterSelf()': (self: JToken) => tokens(() => siblings(self, true)),
    'IEnumerable<JToken> BeforeSelf()': (self: JToken) => tokens(() => siblings(self, false)),
    'void AddAfterSelf(object content)': (self: JToken, content: Uniform) => self.addSibling(content, 1),
    'void AddBeforeSelf(object content)': (self: JToken, content: Uniform) => self.addSibling(content, 0),
    'void Remove()': (self: JToken) => self.detach(),
    'void Replace(JToken value)': (self: JToken, value: JToken | null) => self.replace(value),
    'JToken DeepClone()': (self: JToken) => self.deepClone(),
    'static bool DeepEquals(JToken t1, JToken t2)': (a: JToken | null, b: JToken | null) =>
      a === b || (a !== null && b !== null && a.deepEquals(b)),
    'T Value<T>(object key)': generic(([type]: readonly RuntimeType[], self: JToken, key: Uniform) =>
      type ? valueAs(self.getItem(key), type) : null,
    ),
    'IEnumerable<T> Values<T>()': generic(([type]: readonly RuntimeType[], self: JToken) =>
      type ? new Sequence(() => valuesAs(type, self.children)[Symbol.iterator]()) : null,
    ),
    'T ToObject<T>()': generic(([type]: readonly RuntimeType[], self: JToken) =>
      type ? tokenToObject(self, type) : null,
    ),
    'JToken SelectToken(string path)': (self: JToken, path: string | null) => selectToken(self, required(path)),
    'JToken SelectToken(string path, bool errorWhenNoMatch)': (self: JToken, path: string | null, strict: boolean) =>
      selectToken(self, required(path), strict),
    'IEnumerable<JToken> SelectTokens(string path)': (self: JToken, path: string | null) => {
      const known = required(path);
      return tokens(() => selectTokens(self, known));
    },
    'IEnumerable<JToken> SelectTokens(string path, bool errorWhenNoMatch)': (
      self: JToken,
      path: string | null,
      strict: boolean,
    ) => {
      const known = required(path);
      return tokens(() => selectTokens(self, known, strict));
    },
    'override string ToString()': (self: JToken) => self[toStringMember](),
    'string ToString(Formatting formatting, params JsonConverter[] converters)': (self: JToken, formatting: number) =>
      self.toJson(formatting === 1),
    'static JToken Parse(string json)': parse,
    'static JToken FromObject(object o)': (value: Uniform) => {
      if (value === null) throw argumentNull('o');
      return tokenFromObject(value);
    },
    ...toToken,
    ...fromToken,
  },
  refused: {
    Load: 'there is no JsonReader in policy expressions; use JToken.Parse.',
    ReadFrom: 'there is no JsonReader in policy expressions; use JToken.Parse.',
    CreateReader: 'there is no JsonReader in policy expressions.',
    WriteTo: 'there is no JsonWriter in policy expressions; use ToString(Formatting).',
    Annotation: 'policy expressions have no annotations.',
    AddAnnotation: 'policy expressions have no annotations.',
  },
});

export const containerType: TypeDeclaration = declareType({
  name: 'Newtonsoft.Json.Linq.JContainer',
  kind: 'class',
  base: 'Newtonsoft.Json.Linq.JToken',
  test: (value) => value instanceof JContainer,
  members: {
    'int Count { get; }': (self: JContainer) => self.count,
    'void Add(object content)': (self: JContainer, content: Uniform) => self.addContent(content),
    'void AddFirst(object content)': (self: JContainer, content: Uniform) => {
      self.insertContent(0, content);
    },
    'void RemoveAll()': (self: JContainer) => self.clear(),
    'void ReplaceAll(object content)': (self: JContainer, content: Uniform) => self.replaceAll(content),
    'IEnumerable<JToken> Descendants()': (self: JContainer) => tokens(() => self.descendants(false)),
    'IEnumerable<JToken> DescendantsAndSelf()': (self: JContainer) => tokens(() => self.descendants(true)),
  },
  refused: { CreateWriter: 'there is no JsonWriter in policy expressions.' },
});

export const settingsTypes: readonly TypeDeclaration[] = [
  'JsonMergeSettings',
  'JsonLoadSettings',
  'JsonSelectSettings',
  'MergeArrayHandling',
  'MergeNullValueHandling',
].map((name) => declareType({ name: `Newtonsoft.Json.Linq.${name}`, kind: 'class', refused: { '': noSettings } }));

function required(path: string | null): string {
  if (path === null) throw argumentNull('path');
  return path;
}

function first(token: JToken): JToken | null {
  if (!(token instanceof JContainer)) return token.getItem(new Boxed('First', 0));
  return token.items[0] ?? null;
}

function last(token: JToken): JToken | null {
  if (!(token instanceof JContainer)) return token.getItem(new Boxed('Last', 0));
  return token.items[token.items.length - 1] ?? null;
}

/** The children of each, one after the other. */
export function* childrenOf(source: Iterable<JToken>): Iterable<JToken> {
  for (const token of source) {
    charge();
    yield* [...token.children];
  }
}

export function arrayIndex(array: JArray, item: JToken | null): number {
  charge(1 + array.count / 16);
  return item ? array.items.indexOf(item) : -1;
}
