/** What the collection interfaces do to any UNIFORM collection: list, array, byte array, set, JSON array ... */
import { charge, chargeMemory } from './budget.ts';
import { isCounted, isDictionary, isListLike, isReadOnlyDictionary, type ListLike } from './collection-protocol.ts';
import { iterate, stepThrough } from './enumerate.ts';
import { argumentException, argumentNull, argumentOutOfRange, indexOutOfRange, NetException } from './exceptions.ts';
import { KeyValuePair } from './key-value-pair.ts';
import { NetSet } from './net-set.ts';
import { equalsOf } from './object.ts';
import { Boxed, type Uniform } from './values.ts';

const fixedSize = () => new NetException('System.NotSupportedException', 'Collection was of a fixed size.');

/** `Count`, by the fastest way; an enumerable that does not know is counted. */
export function countOf(value: Uniform): number {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (isCounted(value)) return value.count;
  let count = 0;
  for (const _ of stepThrough(value)) count++;
  return count;
}

/** The count of a value that knows it, else undefined. */
export function knownCount(value: Uniform): number | undefined {
  const knows = typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array || isCounted(value);
  return knows ? countOf(value) : undefined;
}

/** Is the value an `IList`? */
export function isList(value: Uniform): boolean {
  return Array.isArray(value) || value instanceof Uint8Array || isListLike(value);
}

/** `list[index]`. */
export function itemAt(list: Uniform, index: number): Uniform {
  if (isListLike(list)) return list.at(index);
  if (typeof list !== 'string' && !Array.isArray(list) && !(list instanceof Uint8Array)) throw notAList();
  if (index < 0 || index >= list.length) throw indexOutOfRange();
  if (typeof list === 'string') return new Boxed('System.Char', list.charCodeAt(index));
  return list instanceof Uint8Array ? new Boxed('System.Byte', list[index] ?? 0) : list[index];
}

export function setItemAt(list: Uniform, index: number, value: Uniform): void {
  if (isListLike(list)) {
    list.putAt(index, value);
    return;
  }
  if (!Array.isArray(list) && !(list instanceof Uint8Array)) throw notAList();
  if (index < 0 || index >= list.length) throw indexOutOfRange();
  if (Array.isArray(list)) list[index] = value;
  else list[index] = value instanceof Boxed ? Number(value.value) : 0;
}

const notAList = () => new NetException('System.NotSupportedException', 'Specified method is not supported.');

/** The list, if it can grow; an array is of a fixed size. */
export function growable(list: Uniform): ListLike {
  if (isListLike(list)) return list;
  throw fixedSize();
}

export function indexOfItem(list: Uniform, value: Uniform): number {
  let index = 0;
  for (const item of stepThrough(list)) {
    if (equalsOf(item, value)) return index;
    index++;
  }
  return -1;
}

export function addItem(collection: Uniform, value: Uniform): void {
  if (collection instanceof NetSet) collection.add(value);
  else if (isDictionary(collection) && value instanceof KeyValuePair) collection.add(value.key, value.value);
  else growable(collection).append(value);
}

export function removeItem(collection: Uniform, value: Uniform): boolean {
  if (collection instanceof NetSet) return collection.remove(value);
  if (isDictionary(collection) && value instanceof KeyValuePair) {
    const found = collection.find(value.key);
    return found !== undefined && equalsOf(found, value.value) && collection.remove(value.key);
  }
  const list = growable(collection);
  const index = indexOfItem(list, value);
  if (index >= 0) list.removeAt(index);
  return index >= 0;
}

export function clearItems(collection: Uniform): void {
  if (collection instanceof NetSet || isDictionary(collection)) collection.clear();
  else growable(collection).clear();
}

export function containsItem(collection: Uniform, value: Uniform): boolean {
  if (collection instanceof NetSet) return collection.has(value);
  if (isReadOnlyDictionary(collection) && value instanceof KeyValuePair) {
    const found = collection.find(value.key);
    return found !== undefined && equalsOf(found, value.value);
  }
  return indexOfItem(collection, value) >= 0;
}

/** `CopyTo(array, index)`. */
export function copyTo(collection: Uniform, array: Uniform[] | Uint8Array | null, index = 0): void {
  if (array === null) throw argumentNull('array');
  if (index < 0) throw argumentOutOfRange('arrayIndex', 'Non-negative number required.');
  const count = countOf(collection);
  if (index + count > array.length) {
    throw argumentException(
      "Destination array was not long enough. Check destIndex and length, and the array's lower bounds.",
    );
  }
  charge(count);
  let at = index;
  for (const item of iterate(collection)) setItemAt(array, at++, item);
}

/** `ToArray()`: a byte[] for bytes, an array of the element type otherwise. */
export function collect(source: Uniform, parameter = 'source'): Uniform[] {
  const items: Uniform[] = [];
  for (const item of stepThrough(source, parameter)) {
    chargeMemory(8);
    items.push(item);
  }
  return items;
}
