import {
  addItem,
  clearItems,
  containsItem,
  copyTo,
  countOf,
  growable,
  indexOfItem,
  isList,
  itemAt,
  removeItem,
  setItemAt,
} from '../../runtime/collection-access.ts';
import {
  type DictionaryLike,
  isCounted,
  isDictionary,
  isReadOnlyDictionary,
  type ReadOnlyDictionaryLike,
} from '../../runtime/collection-protocol.ts';
import { isEnumerable } from '../../runtime/enumerate.ts';
import { Enumerator } from '../../runtime/enumerator.ts';
import { keyNotFound } from '../../runtime/exceptions.ts';
import { NetQueue, NetStack } from '../../runtime/linear-collections.ts';
import { NetSet } from '../../runtime/net-set.ts';
import { Sequence } from '../../runtime/sequence.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, generic, type Implementation, type Out, type TypeDeclaration } from '../declare.ts';

const isCollection = (value: Uniform) =>
  isList(value) ||
  value instanceof NetSet ||
  isDictionary(value) ||
  value instanceof NetQueue ||
  value instanceof NetStack;
const isReadOnlyCollection = (value: Uniform) => isCollection(value) || isCounted(value);

function lookUp(self: ReadOnlyDictionaryLike, key: Uniform): Uniform {
  const value = self.find(key);
  if (value === undefined) throw keyNotFound();
  return value;
}

const readOnly = 'it is read-only; headers are changed by the set-header policy, variables by set-variable.';

export const keysOf = (self: ReadOnlyDictionaryLike) =>
  new Sequence(function* () {
    for (const { key } of self.pairs()) yield key;
  });
export const valuesOf = (self: ReadOnlyDictionaryLike) =>
  new Sequence(function* () {
    for (const { value } of self.pairs()) yield value;
  });

/** What IReadOnlyDictionary and IDictionary share. */
export const dictionaryLookups: Readonly<Record<string, Implementation>> = {
  'bool ContainsKey(TKey key)': (self: ReadOnlyDictionaryLike, key: Uniform) => self.find(key) !== undefined,
  'bool TryGetValue(TKey key, out TValue value)': generic(
    (types, self: ReadOnlyDictionaryLike, key: Uniform, result: Out<Uniform>) => {
      const value = self.find(key);
      result.value = value === undefined ? (types[1]?.defaultValue ?? null) : value;
      return value !== undefined;
    },
  ),
};

/** `IEnumerable` to `ISet`: over whatever the value is. */
export const collectionInterfaces: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Collections.IEnumerable',
    kind: 'interface',
    test: isEnumerable,
    members: { 'IEnumerator GetEnumerator()': (self: Uniform) => new Enumerator(self) },
  }),
  declareType({
    name: 'System.Collections.Generic.IEnumerable<T>',
    kind: 'interface',
    interfaces: ['System.Collections.IEnumerable'],
    test: isEnumerable,
    members: { 'IEnumerator<T> GetEnumerator()': (self: Uniform) => new Enumerator(self) },
  }),
  declareType({
    name: 'System.Collections.IEnumerator',
    kind: 'interface',
    test: (value) => value instanceof Enumerator,
    members: {
      'object Current { get; }': (self: Enumerator) => self.current,
      'bool MoveNext()': (self: Enumerator) => self.moveNext(),
    },
  }),
  declareType({
    name: 'System.Collections.Generic.IEnumerator<T>',
    kind: 'interface',
    interfaces: ['System.Collections.IEnumerator', 'IDisposable'],
    test: (value) => value instanceof Enumerator,
    members: { 'T Current { get; }': (self: Enumerator) => self.current },
  }),
  declareType({
    name: 'System.Collections.ICollection',
    kind: 'interface',
    interfaces: ['System.Collections.IEnumerable'],
    test: isCollection,
    members: { 'int Count { get; }': countOf },
  }),
  declareType({
    name: 'System.Collections.IList',
    kind: 'interface',
    interfaces: ['System.Collections.ICollection'],
    test: isList,
    members: {
      'object this[int index] { get; set; }': { get: itemAt, set: setItemAt },
      'bool Contains(object value)': containsItem,
      'int IndexOf(object value)': indexOfItem,
    },
  }),
  declareType({
    name: 'System.Collections.Generic.IReadOnlyCollection<T>',
    kind: 'interface',
    interfaces: ['System.Collections.Generic.IEnumerable<T>'],
    test: isReadOnlyCollection,
    members: { 'int Count { get; }': countOf },
  }),
  declareType({
    name: 'System.Collections.Generic.IReadOnlyList<T>',
    kind: 'interface',
    interfaces: ['System.Collections.Generic.IReadOnlyCollection<T>'],
    test: isList,
    members: { 'T this[int index] { get; }': itemAt },
  }),
  declareType({
    name: 'System.Collections.Generic.ICollection<T>',
    kind: 'interface',
    interfaces: ['System.Collections.Generic.IEnumerable<T>'],
    test: isCollection,
    members: {
      'int Count { get; }': countOf,
      'bool IsReadOnly { get; }': (self: Uniform) => Array.isArray(self) || self instanceof Uint8Array,
      'void Add(T item)': addItem,
      'void Clear()': clearItems,
      'bool Contains(T item)': containsItem,
      'void CopyTo(T[] array, int arrayIndex)': copyTo,
      'bool Remove(T item)': removeItem,
    },
  }),
  declareType({
    name: 'System.Collections.Generic.IList<T>',
    kind: 'interface',
    interfaces: ['System.Collections.Generic.ICollection<T>'],
    test: isList,
    members: {
      'T this[int index] { get; set; }': { get: itemAt, set: setItemAt },
      'int IndexOf(T item)': indexOfItem,
      'void Insert(int index, T item)': (self: Uniform, index: number, item: Uniform) =>
        growable(self).insert(index, item),
      'void RemoveAt(int index)': (self: Uniform, index: number) => growable(self).removeAt(index),
    },
  }),
  declareType({
    name: 'System.Collections.Generic.ISet<T>',
    kind: 'interface',
    interfaces: ['System.Collections.Generic.ICollection<T>'],
    test: (value) => value instanceof NetSet,
    members: {
      'bool Add(T item)': (self: NetSet, item: Uniform) => self.add(item),
      'void UnionWith(IEnumerable<T> other)': (self: NetSet, other: Uniform) => self.unionWith(other),
      'void IntersectWith(IEnumerable<T> other)': (self: NetSet, other: Uniform) => self.intersectWith(other),
      'void ExceptWith(IEnumerable<T> other)': (self: NetSet, other: Uniform) => self.exceptWith(other),
      'void SymmetricExceptWith(IEnumerable<T> other)': (self: NetSet, other: Uniform) =>
        self.symmetricExceptWith(other),
      'bool IsSubsetOf(IEnumerable<T> other)': (self: NetSet, other: Uniform) => self.isSubsetOf(other),
      'bool IsSupersetOf(IEnumerable<T> other)': (self: NetSet, other: Uniform) => self.isSupersetOf(other),
      'bool IsProperSubsetOf(IEnumerable<T> other)': (self: NetSet, other: Uniform) => self.isProperSubsetOf(other),
      'bool IsProperSupersetOf(IEnumerable<T> other)': (self: NetSet, other: Uniform) => self.isProperSupersetOf(other),
      'bool Overlaps(IEnumerable<T> other)': (self: NetSet, other: Uniform) => self.overlaps(other),
      'bool SetEquals(IEnumerable<T> other)': (self: NetSet, other: Uniform) => self.setEquals(other),
    },
  }),
  declareType({
    name: 'System.Collections.Generic.IReadOnlyDictionary<TKey, TValue>',
    kind: 'interface',
    interfaces: ['System.Collections.Generic.IReadOnlyCollection<KeyValuePair<TKey, TValue>>'],
    test: isReadOnlyDictionary,
    members: {
      'TValue this[TKey key] { get; }': lookUp,
      'IEnumerable<TKey> Keys { get; }': keysOf,
      'IEnumerable<TValue> Values { get; }': valuesOf,
      ...dictionaryLookups,
    },
    refused: { Add: readOnly, Remove: readOnly, Clear: readOnly, Set: readOnly },
  }),
  declareType({
    name: 'System.Collections.Generic.IDictionary<TKey, TValue>',
    kind: 'interface',
    interfaces: ['System.Collections.Generic.ICollection<KeyValuePair<TKey, TValue>>'],
    test: isDictionary,
    members: {
      'TValue this[TKey key] { get; set; }': {
        get: lookUp,
        set: (self: DictionaryLike, key: Uniform, value: Uniform) => self.put(key, value),
      },
      'ICollection<TKey> Keys { get; }': keysOf,
      'ICollection<TValue> Values { get; }': valuesOf,
      'void Add(TKey key, TValue value)': (self: DictionaryLike, key: Uniform, value: Uniform) => self.add(key, value),
      'bool Remove(TKey key)': (self: DictionaryLike, key: Uniform) => self.remove(key),
      ...dictionaryLookups,
    },
  }),
];
