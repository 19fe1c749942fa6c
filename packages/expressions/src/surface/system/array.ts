import { charge, chargeMemory } from '../../runtime/budget.ts';
import type { OrderComparer } from '../../runtime/collection-protocol.ts';
import { iterate } from '../../runtime/enumerate.ts';
import { argumentException, argumentOutOfRange, indexOutOfRange } from '../../runtime/exceptions.ts';
import { elementAt, type NetArray, present, put } from '../../runtime/net-array.ts';
import { compareOf } from '../../runtime/object.ts';
import { sortStable } from '../../runtime/sort.ts';
import { Boxed, elementTypeOf, netArray, type Uniform } from '../../runtime/values.ts';
import { declareType, generic, type Out } from '../declare.ts';
import { arraySearchMembers, by } from './array-search.ts';

function checkRange(array: NetArray, index: number, length: number): void {
  if (index < 0) throw argumentOutOfRange('index', 'Non-negative number required.');
  if (length < 0) throw argumentOutOfRange('length', 'Non-negative number required.');
  if (index + length > array.length) {
    throw argumentException(
      'Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.',
    );
  }
}

function sort(
  array: NetArray | null,
  index: number,
  length: number,
  compare: (a: Uniform, b: Uniform) => number,
): void {
  const items = present(array);
  checkRange(items, index, length);
  const part = Array.from({ length }, (_, i) => elementAt(items, index + i));
  sortStable(part, compare).forEach((value, i) => {
    put(items, index + i, value);
  });
}

function reverse(array: NetArray | null, index: number, length: number): void {
  const items = present(array);
  checkRange(items, index, length);
  charge(length >> 2);
  if (items instanceof Uint8Array) {
    items.subarray(index, index + length).reverse();
    return;
  }
  const part = items.slice(index, index + length).reverse();
  part.forEach((value, i) => {
    items[index + i] = value;
  });
}

function copy(from: NetArray | null, at: number, to: NetArray | null, target: number, length: number): void {
  const source = present(from, 'sourceArray');
  const destination = present(to, 'destinationArray');
  if (length < 0) throw argumentOutOfRange('length', 'Non-negative number required.');
  if (at < 0)
    throw argumentOutOfRange('sourceIndex', "Number was less than the array's lower bound in the first dimension.");
  if (target < 0)
    throw argumentOutOfRange(
      'destinationIndex',
      "Number was less than the array's lower bound in the first dimension.",
    );
  if (at + length > source.length) {
    throw argumentException(
      "Source array was not long enough. Check srcIndex and length, and the array's lower bounds.",
    );
  }
  if (target + length > destination.length) {
    throw argumentException(
      "Destination array was not long enough. Check destIndex and length, and the array's lower bounds.",
    );
  }
  charge(length >> 3);
  const values = Array.from({ length }, (_, i) => elementAt(source, at + i));
  values.forEach((value, i) => {
    put(destination, target + i, value);
  });
}

/** An array of `length` default values. */
function makeArray(type: string, length: number, defaultValue: Uniform): NetArray {
  if (length < 0) throw argumentOutOfRange('length', 'Non-negative number required.');
  chargeMemory(length * (type === 'System.Byte' ? 1 : 8));
  charge(length >> 6);
  return type === 'System.Byte' ? new Uint8Array(length) : netArray(type, new Array(length).fill(defaultValue));
}

function resize(holder: Out<NetArray | null>, size: number, type: string, defaultValue: Uniform): void {
  if (size < 0) throw argumentOutOfRange('newSize', 'Non-negative number required.');
  const next = makeArray(type, size, defaultValue);
  const old = holder.value;
  if (old) copy(old, 0, next, 0, Math.min(old.length, size));
  holder.value = next;
}

function clear(array: NetArray | null, index: number, length: number, type: string): void {
  const items = present(array);
  if (index < 0 || length < 0 || index + length > items.length) throw indexOutOfRange();
  charge(length >> 3);
  const zero = zeroOf(type);
  for (let i = index; i < index + length; i++) put(items, i, zero);
}

/** The default value of an element type whose values are simple. */
function zeroOf(type: string): Uniform {
  switch (type) {
    case 'System.Int32':
      return 0;
    case 'System.Int64':
      return 0n;
    case 'System.Boolean':
      return false;
    case 'System.UInt64':
      return new Boxed(type, 0n);
    case 'System.Double':
    case 'System.Single':
    case 'System.Char':
    case 'System.Byte':
    case 'System.SByte':
    case 'System.Int16':
    case 'System.UInt16':
    case 'System.UInt32':
      return new Boxed(type, 0);
    default:
      return null;
  }
}

const typeOf = (array: NetArray) => (array instanceof Uint8Array ? 'System.Byte' : elementTypeOf(array));

/** `System.Array`, the base of every array. */
export const arrayType = declareType({
  name: 'System.Array',
  kind: 'class',
  interfaces: ['System.Collections.IEnumerable'],
  test: (value) => Array.isArray(value) || value instanceof Uint8Array,
  members: {
    'int Length { get; }': (self: NetArray) => self.length,
    'long LongLength { get; }': (self: NetArray) => BigInt(self.length),
    'int Rank { get; }': () => 1,
    'int GetLength(int dimension)': (self: NetArray, dimension: number) => {
      if (dimension !== 0) throw indexOutOfRange();
      return self.length;
    },
    'int GetLowerBound(int dimension)': () => 0,
    'int GetUpperBound(int dimension)': (self: NetArray) => self.length - 1,
    'object GetValue(int index)': (self: NetArray, index: number) => {
      if (index < 0 || index >= self.length) throw indexOutOfRange();
      return elementAt(self, index);
    },
    'void SetValue(object value, int index)': (self: NetArray, value: Uniform, index: number) => {
      if (index < 0 || index >= self.length) throw indexOutOfRange();
      put(self, index, value);
    },
    'object Clone()': (self: NetArray) => {
      chargeMemory(self.length * 8);
      return self instanceof Uint8Array ? self.slice() : netArray(elementTypeOf(self), self.slice());
    },
    'void CopyTo(Array array, int index)': (self: NetArray, target: NetArray | null, index: number) =>
      copy(self, 0, target, index, self.length),
    ...arraySearchMembers,
    'static void Sort<T>(T[] array)': (array: NetArray | null) => sort(array, 0, array?.length ?? 0, compareOf),
    'static void Sort<T>(T[] array, IComparer<T> comparer)': (array: NetArray | null, comparer: OrderComparer | null) =>
      sort(array, 0, array?.length ?? 0, by(comparer)),
    'static void Sort<T>(T[] array, Comparison<T> comparison)': (
      array: NetArray | null,
      comparison: (a: Uniform, b: Uniform) => Uniform,
    ) => sort(array, 0, array?.length ?? 0, (a, b) => Number(comparison(a, b))),
    'static void Sort<T>(T[] array, int index, int length)': (array: NetArray | null, index: number, length: number) =>
      sort(array, index, length, compareOf),
    'static void Sort(Array array)': (array: NetArray | null) => sort(array, 0, array?.length ?? 0, compareOf),
    'static void Reverse(Array array)': (array: NetArray | null) => reverse(array, 0, array?.length ?? 0),
    'static void Reverse<T>(T[] array)': (array: NetArray | null) => reverse(array, 0, array?.length ?? 0),
    'static void Reverse(Array array, int index, int length)': reverse,
    'static void Copy(Array sourceArray, Array destinationArray, int length)': (
      from: NetArray | null,
      to: NetArray | null,
      length: number,
    ) => copy(from, 0, to, 0, length),
    'static void Copy(Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)':
      copy,
    'static void Clear(Array array, int index, int length)': (array: NetArray | null, index: number, length: number) =>
      clear(array, index, length, typeOf(present(array))),
    'static T[] Empty<T>()': generic(([type]) => makeArray(type?.name ?? 'System.Object', 0, null)),
    'static void Resize<T>(ref T[] array, int newSize)': generic(([type], holder: Out<NetArray | null>, size: number) =>
      resize(holder, size, type?.name ?? 'System.Object', type?.defaultValue ?? null),
    ),
    'static void Fill<T>(T[] array, T value)': (array: NetArray | null, value: Uniform) => {
      const items = present(array);
      charge(items.length >> 3);
      for (let i = 0; i < items.length; i++) put(items, i, value);
    },
    'static void ForEach<T>(T[] array, Action<T> action)': (
      array: NetArray | null,
      action: ((item: Uniform) => unknown) | null,
    ) => {
      for (const item of iterate(present(array))) {
        charge();
        present(action, 'action')(item);
      }
    },
    'static TOutput[] ConvertAll<TInput, TOutput>(TInput[] array, Converter<TInput, TOutput> converter)': generic(
      ([, output], array: NetArray | null, converter: ((item: Uniform) => Uniform) | null) => {
        const convert = present(converter, 'converter');
        const result = makeArray(output?.name ?? 'System.Object', present(array).length, null);
        let i = 0;
        for (const item of iterate(present(array))) {
          charge();
          put(result, i++, convert(item));
        }
        return result;
      },
    ),
  },
});

/** `System.Buffer` over byte arrays. */
export const bufferType = declareType({
  name: 'System.Buffer',
  kind: 'static',
  members: {
    'static void BlockCopy(Array src, int srcOffset, Array dst, int dstOffset, int count)': (
      from: NetArray | null,
      at: number,
      to: NetArray | null,
      target: number,
      count: number,
    ) => {
      if (!(present(from, 'src') instanceof Uint8Array && present(to, 'dst') instanceof Uint8Array)) {
        throw argumentException('Expressions copy blocks between byte arrays only.', 'src');
      }
      copy(from, at, to, target, count);
    },
    'static int ByteLength(Array array)': (array: NetArray | null) => present(array).length,
  },
});
