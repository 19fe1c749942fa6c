import { charge } from '../../runtime/budget.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { JContainer, JObject, JToken } from '../../runtime/json/token.ts';
import { valueAs } from '../../runtime/json/token-convert.ts';
import { Sequence } from '../../runtime/sequence.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, generic, type RuntimeType, type TypeDeclaration } from '../declare.ts';
import { ancestors, childrenOf, tokens, valuesAs } from './token.ts';

function* each(source: Uniform): Iterable<JToken> {
  for (const item of stepThrough(source)) if (item instanceof JToken) yield item;
}

function* itemsAt(source: Uniform, key: Uniform): Iterable<JToken> {
  for (const token of each(source)) {
    if (key === null) yield* [...token.children];
    else {
      const value = token.getItem(key);
      if (value) yield value;
    }
  }
}

function* descendants(source: Uniform, self: boolean): Iterable<JToken> {
  for (const token of each(source)) {
    if (token instanceof JContainer) yield* token.descendants(self);
    else if (self) yield token;
  }
}

function* ancestorsOf(source: Uniform, self: boolean): Iterable<JToken> {
  for (const token of each(source)) yield* ancestors(token, self);
}

function* propertiesOf(source: Uniform): Iterable<JToken> {
  for (const object of each(source)) if (object instanceof JObject) yield* [...object.properties];
}

function* converted(type: RuntimeType, source: Iterable<JToken>): Iterable<Uniform> {
  for (const token of source) {
    charge();
    yield valueAs(token, type);
  }
}

const sequence = (start: () => Iterable<Uniform>) => new Sequence(() => start()[Symbol.iterator]());

export const enumerableTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'Newtonsoft.Json.Linq.IJEnumerable<out T>',
    kind: 'interface',
    interfaces: ['IEnumerable<T>'],
    test: (value) => value instanceof JToken || value instanceof Sequence,
    members: {},
  }),
  declareType({
    name: 'Newtonsoft.Json.Linq.JEnumerable<T>',
    kind: 'class',
    interfaces: ['Newtonsoft.Json.Linq.IJEnumerable<T>'],
    test: (value) => value instanceof Sequence,
    members: {
      'IJEnumerable<JToken> this[object key] { get; }': (self: Uniform, key: Uniform) =>
        tokens(() => itemsAt(self, key)),
    },
  }),
  declareType({
    name: 'Newtonsoft.Json.Linq.Extensions',
    kind: 'static',
    members: {
      'static U Value<U>(this IEnumerable<JToken> value)': generic(([type]: readonly RuntimeType[], source: Uniform) =>
        type ? valueAs(source instanceof JToken ? source : null, type) : null,
      ),
      'static IJEnumerable<JToken> Values(this IEnumerable<JToken> source)': (source: Uniform) =>
        tokens(() => itemsAt(source, null)),
      'static IJEnumerable<JToken> Values(this IEnumerable<JToken> source, object key)': (
        source: Uniform,
        key: Uniform,
      ) => tokens(() => itemsAt(source, key)),
      'static IEnumerable<U> Values<U>(this IEnumerable<JToken> source)': generic(
        ([type]: readonly RuntimeType[], source: Uniform) =>
          type ? sequence(() => valuesAs(type, itemsAt(source, null))) : null,
      ),
      'static IEnumerable<U> Values<U>(this IEnumerable<JToken> source, object key)': generic(
        ([type]: readonly RuntimeType[], source: Uniform, key: Uniform) =>
          type ? sequence(() => converted(type, itemsAt(source, key))) : null,
      ),
      'static IJEnumerable<JToken> Children(this IEnumerable<JToken> source)': (source: Uniform) =>
        tokens(() => childrenOf(each(source))),
      'static IEnumerable<U> Children<U>(this IEnumerable<JToken> source)': generic(
        ([type]: readonly RuntimeType[], source: Uniform) =>
          type ? sequence(() => converted(type, childrenOf(each(source)))) : null,
      ),
      'static IJEnumerable<JToken> Descendants(this IEnumerable<JContainer> source)': (source: Uniform) =>
        tokens(() => descendants(source, false)),
      'static IJEnumerable<JToken> DescendantsAndSelf(this IEnumerable<JContainer> source)': (source: Uniform) =>
        tokens(() => descendants(source, true)),
      'static IJEnumerable<JToken> Ancestors(this IEnumerable<JToken> source)': (source: Uniform) =>
        tokens(() => ancestorsOf(source, false)),
      'static IJEnumerable<JToken> AncestorsAndSelf(this IEnumerable<JToken> source)': (source: Uniform) =>
        tokens(() => ancestorsOf(source, true)),
      'static IJEnumerable<JProperty> Properties(this IEnumerable<JObject> source)': (source: Uniform) =>
        tokens(() => propertiesOf(source)),
      'static IJEnumerable<JToken> AsJEnumerable(this IEnumerable<JToken> source)': (source: Uniform) => source,
    },
  }),
];
