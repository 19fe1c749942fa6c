import type { EqualityComparer, OrderComparer, ReadOnlyDictionaryLike } from '../../runtime/collection-protocol.ts';
import { defaultComparer } from '../../runtime/comparers.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { argumentNull, argumentOutOfRange, keyNotFound } from '../../runtime/exceptions.ts';
import { KeyValuePair } from '../../runtime/key-value-pair.ts';
import { NetDictionary } from '../../runtime/net-dictionary.ts';
import { equalsOf } from '../../runtime/object.ts';
import { SortedDictionary } from '../../runtime/sorted-dictionary.ts';
import type { Uniform } from '../../runtime/values.ts';
import {
  declareType,
  generic,
  type Implementation,
  type Out,
  type RuntimeType,
  type TypeDeclaration,
} from '../declare.ts';
import { dictionaryLookups, keysOf, valuesOf } from './interfaces.ts';

type Table = NetDictionary | SortedDictionary;

function* pairsOf(source: Uniform, parameter: string): Generator<KeyValuePair, undefined> {
  if (source === null) throw argumentNull(parameter);
  for (const pair of stepThrough(isPairs(source) ? source.pairs() : source, parameter)) {
    if (pair instanceof KeyValuePair) yield pair;
  }
}

const isPairs = (value: Uniform): value is ReadOnlyDictionaryLike =>
  typeof value === 'object' && value !== null && 'pairs' in value;

function make(
  types: readonly RuntimeType[],
  comparer: EqualityComparer | null = null,
  entries: Iterable<KeyValuePair> = [],
): NetDictionary {
  return new NetDictionary(types[0]?.name, types[1]?.name, comparer, entries);
}

const tableMembers: Readonly<Record<string, Implementation>> = {
  'int Count { get; }': (self: Table) => self.count,
  'TValue this[TKey key] { get; set; }': {
    get: (self: Table, key: Uniform) => {
      const value = self.find(key);
      if (value === undefined) throw keyNotFound();
      return value;
    },
    set: (self: Table, key: Uniform, value: Uniform) => self.put(key, value),
  },
  'ICollection<TKey> Keys { get; }': keysOf,
  'ICollection<TValue> Values { get; }': valuesOf,
  'void Add(TKey key, TValue value)': (self: Table, key: Uniform, value: Uniform) => self.add(key, value),
  'bool Remove(TKey key)': (self: Table, key: Uniform) => self.remove(key),
  'bool ContainsValue(TValue value)': (self: Table, value: Uniform) => {
    for (const item of stepThrough(valuesOf(self))) if (equalsOf(item, value)) return true;
    return false;
  },
  'void Clear()': (self: Table) => self.clear(),
  ...dictionaryLookups,
};

function sorted(shortName: string): TypeDeclaration {
  const name = `System.Collections.Generic.${shortName}`;
  const create = (
    types: readonly RuntimeType[],
    comparer: OrderComparer | null = null,
    entries: Iterable<KeyValuePair> = [],
  ) => new SortedDictionary(`${name}<${types.map((type) => type.name).join(', ')}>`, comparer, entries);
  return declareType({
    name: `${name}<TKey, TValue>`,
    kind: 'class',
    interfaces: ['IDictionary<TKey, TValue>', 'IReadOnlyDictionary<TKey, TValue>'],
    members: {
      'new()': generic((types) => create(types)),
      'new(IComparer<TKey> comparer)': generic((types, comparer: OrderComparer | null) => create(types, comparer)),
      'new(IDictionary<TKey, TValue> dictionary)': generic((types, source: Uniform) =>
        create(types, null, pairsOf(source, 'dictionary')),
      ),
      'new(IDictionary<TKey, TValue> dictionary, IComparer<TKey> comparer)': generic(
        (types, source: Uniform, comparer: OrderComparer | null) =>
          create(types, comparer, pairsOf(source, 'dictionary')),
      ),
      ...tableMembers,
    },
  });
}

/** Dictionary, SortedDictionary and SortedList. */
export const dictionaryTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Collections.Generic.Dictionary<TKey, TValue>',
    kind: 'class',
    interfaces: ['IDictionary<TKey, TValue>', 'IReadOnlyDictionary<TKey, TValue>'],
    members: {
      'new()': generic((types) => make(types)),
      'new(int capacity)': generic((types, capacity: number) => {
        if (capacity < 0) throw argumentOutOfRange('capacity');
        return make(types);
      }),
      'new(IEqualityComparer<TKey> comparer)': generic((types, comparer: EqualityComparer | null) =>
        make(types, comparer),
      ),
      'new(int capacity, IEqualityComparer<TKey> comparer)': generic(
        (types, capacity: number, comparer: EqualityComparer | null) => {
          if (capacity < 0) throw argumentOutOfRange('capacity');
          return make(types, comparer);
        },
      ),
      'new(IDictionary<TKey, TValue> dictionary)': generic((types, source: Uniform) =>
        make(types, null, pairsOf(source, 'dictionary')),
      ),
      'new(IDictionary<TKey, TValue> dictionary, IEqualityComparer<TKey> comparer)': generic(
        (types, source: Uniform, comparer: EqualityComparer | null) =>
          make(types, comparer, pairsOf(source, 'dictionary')),
      ),
      'new(IEnumerable<KeyValuePair<TKey, TValue>> collection)': generic((types, source: Uniform) =>
        make(types, null, pairsOf(source, 'collection')),
      ),
      'new(IEnumerable<KeyValuePair<TKey, TValue>> collection, IEqualityComparer<TKey> comparer)': generic(
        (types, source: Uniform, comparer: EqualityComparer | null) =>
          make(types, comparer, pairsOf(source, 'collection')),
      ),
      'IEqualityComparer<TKey> Comparer { get; }': (self: NetDictionary) => self.comparer ?? defaultComparer,
      ...tableMembers,
      'bool TryAdd(TKey key, TValue value)': (self: NetDictionary, key: Uniform, value: Uniform) =>
        self.tryAdd(key, value),
      'bool Remove(TKey key, out TValue value)': generic(
        (types, self: NetDictionary, key: Uniform, result: Out<Uniform>) => {
          const value = self.find(key);
          result.value = value === undefined ? (types[1]?.defaultValue ?? null) : value;
          return self.remove(key);
        },
      ),
    },
  }),
  sorted('SortedDictionary'),
  sorted('SortedList'),
  declareType({
    name: 'System.Collections.Generic.CollectionExtensions',
    kind: 'static',
    members: {
      'static TValue GetValueOrDefault<TKey, TValue>(this IReadOnlyDictionary<TKey, TValue> dictionary, TKey key)':
        generic((types, dictionary: ReadOnlyDictionaryLike | null, key: Uniform) => {
          if (dictionary === null) throw argumentNull('dictionary');
          const value = dictionary.find(key);
          return value === undefined ? (types[1]?.defaultValue ?? null) : value;
        }),
      'static TValue GetValueOrDefault<TKey, TValue>(this IReadOnlyDictionary<TKey, TValue> dictionary, TKey key, TValue defaultValue)':
        (dictionary: ReadOnlyDictionaryLike | null, key: Uniform, fallback: Uniform) => {
          if (dictionary === null) throw argumentNull('dictionary');
          const value = dictionary.find(key);
          return value === undefined ? fallback : value;
        },
    },
  }),
];
