import { charge, chargeMemory } from '../../runtime/budget.ts';
import { collect, copyTo } from '../../runtime/collection-access.ts';
import type { OrderComparer } from '../../runtime/collection-protocol.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { argumentException, argumentNull, argumentOutOfRange } from '../../runtime/exceptions.ts';
import { arrayFrom } from '../../runtime/make-array.ts';
import { NetList } from '../../runtime/net-list.ts';
import { compareOf, equalsOf } from '../../runtime/object.ts';
import { sortStable } from '../../runtime/sort.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, generic, type Implementation } from '../declare.ts';

type Predicate = (item: Uniform) => Uniform;

function checkRange(self: NetList, index: number, count: number): void {
  if (index < 0) throw argumentOutOfRange('index', 'Non-negative number required.');
  if (count < 0) throw argumentOutOfRange('count', 'Non-negative number required.');
  if (index + count > self.count) {
    throw argumentException(
      'Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.',
    );
  }
}

function addRange(self: NetList, at: number, source: Uniform): void {
  if (at < 0 || at > self.count) throw argumentOutOfRange('index');
  const items = collect(source, 'collection');
  charge((self.count - at + items.length) >> 6);
  if (at === self.count) for (const item of items) self.items.push(item);
  else self.items = [...self.items.slice(0, at), ...items, ...self.items.slice(at)];
  self.changed();
}

function removeRange(self: NetList, index: number, count: number): void {
  checkRange(self, index, count);
  charge((self.count - index) >> 6);
  self.items.splice(index, count);
  if (count > 0) self.changed();
}

function present<T>(value: T | null, parameter: string): T {
  if (value === null) throw argumentNull(parameter);
  return value;
}

function removeAll(self: NetList, match: Predicate | null): number {
  const test = present(match, 'match');
  const before = self.count;
  self.items = self.items.filter((item) => {
    charge();
    return test(item) !== true;
  });
  if (self.count !== before) self.changed();
  return before - self.count;
}

function findIndex(self: NetList, start: number, count: number, match: Predicate | null): number {
  const test = present(match, 'match');
  if (start < 0 || start > self.count) throw argumentOutOfRange('startIndex');
  if (count < 0 || start + count > self.count) throw argumentOutOfRange('count');
  for (let i = start; i < start + count; i++) {
    charge();
    if (test(self.items[i]) === true) return i;
  }
  return -1;
}

function findLastIndex(self: NetList, match: Predicate | null): number {
  const test = present(match, 'match');
  for (let i = self.count - 1; i >= 0; i--) {
    charge();
    if (test(self.items[i]) === true) return i;
  }
  return -1;
}

function indexOf(self: NetList, item: Uniform, start: number, count: number): number {
  if (start < 0 || start > self.count) throw argumentOutOfRange('index');
  if (count < 0 || start + count > self.count) throw argumentOutOfRange('count');
  charge(count);
  for (let i = start; i < start + count; i++) if (equalsOf(self.items[i], item)) return i;
  return -1;
}

function lastIndexOf(self: NetList, item: Uniform): number {
  charge(self.count);
  return self.items.findLastIndex((other) => equalsOf(other, item));
}

function sort(self: NetList, index: number, count: number, compare: (a: Uniform, b: Uniform) => number): void {
  checkRange(self, index, count);
  const sorted = sortStable(self.items.slice(index, index + count), compare);
  self.items = [...self.items.slice(0, index), ...sorted, ...self.items.slice(index + count)];
  self.changed();
}

const by = (comparer: OrderComparer | null) =>
  comparer ? (a: Uniform, b: Uniform) => comparer.compare(a, b) : compareOf;

function binarySearch(self: NetList, item: Uniform, comparer: OrderComparer | null): number {
  const compare = by(comparer);
  let low = 0;
  let high = self.count - 1;
  while (low <= high) {
    charge();
    const middle = (low + high) >> 1;
    const order = compare(self.items[middle], item);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return ~low;
}

const searching: Readonly<Record<string, Implementation>> = {
  'bool Contains(T item)': (self: NetList, item: Uniform) => indexOf(self, item, 0, self.count) >= 0,
  'int IndexOf(T item)': (self: NetList, item: Uniform) => indexOf(self, item, 0, self.count),
  'int IndexOf(T item, int index)': (self: NetList, item: Uniform, start: number) =>
    indexOf(self, item, start, self.count - start),
  'int IndexOf(T item, int index, int count)': indexOf,
  'int LastIndexOf(T item)': lastIndexOf,
  'bool Exists(Predicate<T> match)': (self: NetList, match: Predicate | null) =>
    findIndex(self, 0, self.count, match) >= 0,
  'T Find(Predicate<T> match)': generic((types, self: NetList, match: Predicate | null) => {
    const index = findIndex(self, 0, self.count, match);
    return index < 0 ? (types[0]?.defaultValue ?? null) : self.items[index];
  }),
  'T FindLast(Predicate<T> match)': generic((types, self: NetList, match: Predicate | null) => {
    const index = findLastIndex(self, match);
    return index < 0 ? (types[0]?.defaultValue ?? null) : self.items[index];
  }),
  'List<T> FindAll(Predicate<T> match)': (self: NetList, match: Predicate | null) => {
    const test = present(match, 'match');
    return new NetList(
      self.elementType,
      self.items.filter((item) => {
        charge();
        return test(item) === true;
      }),
    );
  },
  'int FindIndex(Predicate<T> match)': (self: NetList, match: Predicate | null) =>
    findIndex(self, 0, self.count, match),
  'int FindIndex(int startIndex, Predicate<T> match)': (self: NetList, start: number, match: Predicate | null) =>
    findIndex(self, start, self.count - start, match),
  'int FindIndex(int startIndex, int count, Predicate<T> match)': findIndex,
  'int FindLastIndex(Predicate<T> match)': findLastIndex,
  'bool TrueForAll(Predicate<T> match)': (self: NetList, match: Predicate | null) => {
    const test = present(match, 'match');
    return findIndex(self, 0, self.count, (item) => test(item) !== true) < 0;
  },
  'int BinarySearch(T item)': (self: NetList, item: Uniform) => binarySearch(self, item, null),
  'int BinarySearch(T item, IComparer<T> comparer)': binarySearch,
};

export const listType = declareType({
  name: 'System.Collections.Generic.List<T>',
  kind: 'class',
  interfaces: ['IList<T>', 'IReadOnlyList<T>', 'System.Collections.IList'],
  members: {
    'new()': generic(([type]) => new NetList(type?.name)),
    'new(int capacity)': generic(([type], capacity: number) => {
      if (capacity < 0) throw argumentOutOfRange('capacity', 'Non-negative number required.');
      return new NetList(type?.name);
    }),
    'new(IEnumerable<T> collection)': generic(
      ([type], source: Uniform) => new NetList(type?.name, collect(source, 'collection')),
    ),
    'int Count { get; }': (self: NetList) => self.count,
    'int Capacity { get; set; }': {
      get: (self: NetList) => (self.count === 0 ? 0 : Math.max(4, 2 ** Math.ceil(Math.log2(self.count)))),
      set: (self: NetList, value: number) => {
        if (value < self.count) throw argumentOutOfRange('value', 'capacity was less than the current size.');
      },
    },
    'T this[int index] { get; set; }': {
      get: (self: NetList, index: number) => self.at(index),
      set: (self: NetList, index: number, value: Uniform) => self.putAt(index, value),
    },
    'void Add(T item)': (self: NetList, item: Uniform) => self.append(item),
    'void AddRange(IEnumerable<T> collection)': (self: NetList, source: Uniform) => addRange(self, self.count, source),
    'void Insert(int index, T item)': (self: NetList, index: number, item: Uniform) => self.insert(index, item),
    'void InsertRange(int index, IEnumerable<T> collection)': addRange,
    'bool Remove(T item)': (self: NetList, item: Uniform) => {
      const index = indexOf(self, item, 0, self.count);
      if (index >= 0) self.removeAt(index);
      return index >= 0;
    },
    'void RemoveAt(int index)': (self: NetList, index: number) => self.removeAt(index),
    'void RemoveRange(int index, int count)': removeRange,
    'int RemoveAll(Predicate<T> match)': removeAll,
    'void Clear()': (self: NetList) => self.clear(),
    ...searching,
    'void Sort()': (self: NetList) => sort(self, 0, self.count, compareOf),
    'void Sort(IComparer<T> comparer)': (self: NetList, comparer: OrderComparer | null) =>
      sort(self, 0, self.count, by(comparer)),
    'void Sort(Comparison<T> comparison)': (self: NetList, comparison: (a: Uniform, b: Uniform) => Uniform) =>
      sort(self, 0, self.count, (a, b) => Number(comparison(a, b))),
    'void Sort(int index, int count, IComparer<T> comparer)': (
      self: NetList,
      index: number,
      count: number,
      comparer: OrderComparer | null,
    ) => sort(self, index, count, by(comparer)),
    'void Reverse()': (self: NetList) => {
      charge(self.count >> 3);
      self.items.reverse();
      self.changed();
    },
    'void Reverse(int index, int count)': (self: NetList, index: number, count: number) => {
      checkRange(self, index, count);
      charge(count >> 3);
      const part = self.items.slice(index, index + count).reverse();
      self.items = [...self.items.slice(0, index), ...part, ...self.items.slice(index + count)];
      self.changed();
    },
    'void ForEach(Action<T> action)': (self: NetList, action: ((item: Uniform) => unknown) | null) => {
      const act = present(action, 'action');
      for (const item of stepThrough(self)) act(item);
    },
    'List<T> GetRange(int index, int count)': (self: NetList, index: number, count: number) => {
      checkRange(self, index, count);
      return new NetList(self.elementType, self.items.slice(index, index + count));
    },
    'List<TOutput> ConvertAll<TOutput>(Converter<T, TOutput> converter)': generic(
      (types, self: NetList, converter: ((item: Uniform) => Uniform) | null) => {
        const convert = present(converter, 'converter');
        return new NetList(
          types.at(-1)?.name,
          self.items.map((item) => {
            charge();
            return convert(item);
          }),
        );
      },
    ),
    'T[] ToArray()': (self: NetList) => {
      chargeMemory(self.count * 8);
      return arrayFrom(self.elementType, self.items.slice());
    },
    'void CopyTo(T[] array)': (self: NetList, array: Uniform[] | null) => copyTo(self, array),
    'void CopyTo(T[] array, int arrayIndex)': copyTo,
    'void TrimExcess()': () => undefined,
    'IReadOnlyList<T> AsReadOnly()': (self: NetList) => self,
  },
});
