import { collect, copyTo } from '../../runtime/collection-access.ts';
import type { EqualityComparer } from '../../runtime/collection-protocol.ts';
import { defaultComparer } from '../../runtime/comparers.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { argumentOutOfRange } from '../../runtime/exceptions.ts';
import { NetQueue, NetStack } from '../../runtime/linear-collections.ts';
import { arrayFrom } from '../../runtime/make-array.ts';
import { NetSet } from '../../runtime/net-set.ts';
import { equalsOf } from '../../runtime/object.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, generic, type Implementation, type Out, type TypeDeclaration } from '../declare.ts';

const hashSet = declareType({
  name: 'System.Collections.Generic.HashSet<T>',
  kind: 'class',
  interfaces: ['ISet<T>', 'IReadOnlyCollection<T>'],
  members: {
    'new()': generic(([type]) => new NetSet(type?.name)),
    'new(int capacity)': generic(([type], capacity: number) => {
      if (capacity < 0) throw argumentOutOfRange('capacity');
      return new NetSet(type?.name);
    }),
    'new(IEqualityComparer<T> comparer)': generic(
      ([type], comparer: EqualityComparer | null) => new NetSet(type?.name, comparer),
    ),
    'new(IEnumerable<T> collection)': generic(
      ([type], source: Uniform) => new NetSet(type?.name, null, stepThrough(source, 'collection')),
    ),
    'new(IEnumerable<T> collection, IEqualityComparer<T> comparer)': generic(
      ([type], source: Uniform, comparer: EqualityComparer | null) =>
        new NetSet(type?.name, comparer, stepThrough(source, 'collection')),
    ),
    'int Count { get; }': (self: NetSet) => self.count,
    'IEqualityComparer<T> Comparer { get; }': (self: NetSet) => self.comparer ?? defaultComparer,
    'bool Add(T item)': (self: NetSet, item: Uniform) => self.add(item),
    'bool Contains(T item)': (self: NetSet, item: Uniform) => self.has(item),
    'bool Remove(T item)': (self: NetSet, item: Uniform) => self.remove(item),
    'void Clear()': (self: NetSet) => self.clear(),
    'void TrimExcess()': () => null,
    'int RemoveWhere(Predicate<T> match)': (self: NetSet, match: (item: Uniform) => Uniform) => {
      const gone = [...stepThrough(self)].filter((item) => match(item) === true);
      for (const item of gone) self.remove(item);
      return gone.length;
    },
    'bool TryGetValue(T equalValue, out T actualValue)': generic(
      (types, self: NetSet, item: Uniform, result: Out<Uniform>) => {
        const found = self.has(item);
        result.value = found ? self.stored(item) : (types[0]?.defaultValue ?? null);
        return found;
      },
    ),
    'void CopyTo(T[] array)': (self: NetSet, array: Uniform[] | null) => copyTo(self, array),
  },
});

type Linear = NetQueue | NetStack;
const linearMembers: Readonly<Record<string, Implementation>> = {
  'int Count { get; }': (self: Linear) => self.count,
  'T Peek()': (self: Linear) => self.peek(),
  'bool TryPeek(out T result)': generic((types, self: Linear, result: Out<Uniform>) => {
    const found = self.count > 0;
    result.value = found ? self.peek() : (types[0]?.defaultValue ?? null);
    return found;
  }),
  'void Clear()': (self: Linear) => self.clear(),
  'void TrimExcess()': () => null,
  'bool Contains(T item)': (self: Linear, item: Uniform) => {
    for (const other of stepThrough(self)) if (equalsOf(other, item)) return true;
    return false;
  },
  'T[] ToArray()': generic(([type], self: Linear) => arrayFrom(type?.name ?? 'System.Object', collect(self))),
  'void CopyTo(T[] array, int arrayIndex)': copyTo,
};

function tryTake(fallback: Uniform, self: Linear, result: Out<Uniform>): boolean {
  const found = self.count > 0;
  result.value = found ? self.take() : fallback;
  return found;
}

const queue = declareType({
  name: 'System.Collections.Generic.Queue<T>',
  kind: 'class',
  interfaces: ['IReadOnlyCollection<T>', 'System.Collections.ICollection'],
  members: {
    'new()': generic(([type]) => new NetQueue(type?.name ?? 'System.Object')),
    'new(int capacity)': generic(([type], _capacity: number) => new NetQueue(type?.name ?? 'System.Object')),
    'new(IEnumerable<T> collection)': generic(
      ([type], source: Uniform) => new NetQueue(type?.name ?? 'System.Object', stepThrough(source, 'collection')),
    ),
    'void Enqueue(T item)': (self: NetQueue, item: Uniform) => self.add(item),
    'T Dequeue()': (self: NetQueue) => self.take(),
    'bool TryDequeue(out T result)': generic((types, self: NetQueue, result: Out<Uniform>) =>
      tryTake(types[0]?.defaultValue ?? null, self, result),
    ),
    ...linearMembers,
  },
});

const stack = declareType({
  name: 'System.Collections.Generic.Stack<T>',
  kind: 'class',
  interfaces: ['IReadOnlyCollection<T>', 'System.Collections.ICollection'],
  members: {
    'new()': generic(([type]) => new NetStack(type?.name ?? 'System.Object')),
    'new(int capacity)': generic(([type], _capacity: number) => new NetStack(type?.name ?? 'System.Object')),
    'new(IEnumerable<T> collection)': generic(
      ([type], source: Uniform) => new NetStack(type?.name ?? 'System.Object', stepThrough(source, 'collection')),
    ),
    'void Push(T item)': (self: NetStack, item: Uniform) => self.add(item),
    'T Pop()': (self: NetStack) => self.take(),
    'bool TryPop(out T result)': generic((types, self: NetStack, result: Out<Uniform>) =>
      tryTake(types[0]?.defaultValue ?? null, self, result),
    ),
    ...linearMembers,
  },
});

/** HashSet, Queue and Stack. */
export const setAndQueueTypes: readonly TypeDeclaration[] = [hashSet, queue, stack];
