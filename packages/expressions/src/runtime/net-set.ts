import { charge } from './budget.ts';
import type { Counted, EqualityComparer } from './collection-protocol.ts';
import { stepThrough } from './enumerate.ts';
import { HashTable } from './hash-table.ts';
import { netType, type Uniform } from './values.ts';

/** `System.Collections.Generic.HashSet<T>`; the set operations take any enumerable. */
export class NetSet implements Counted, Iterable<Uniform> {
  readonly [netType]: string;
  readonly elementType: string;
  readonly #table: HashTable;

  constructor(elementType = 'System.Object', comparer: EqualityComparer | null = null, items: Iterable<Uniform> = []) {
    this.elementType = elementType;
    this[netType] = `System.Collections.Generic.HashSet<${elementType}>`;
    this.#table = new HashTable(comparer);
    for (const item of items) this.add(item);
  }

  get count(): number {
    return this.#table.count;
  }

  get comparer(): EqualityComparer | null {
    return this.#table.comparer;
  }

  /** False when it was there. */
  add(item: Uniform): boolean {
    if (this.#table.find(item)) return false;
    this.#table.add(item, true);
    return true;
  }

  has(item: Uniform): boolean {
    return this.#table.find(item) !== undefined;
  }

  /** The element that is equal to `item`, or undefined. */
  stored(item: Uniform): Uniform | undefined {
    return this.#table.find(item)?.key;
  }

  remove(item: Uniform): boolean {
    return this.#table.remove(item);
  }

  clear(): void {
    this.#table.clear();
  }

  unionWith(other: Uniform): void {
    for (const item of stepThrough(other, 'other')) this.add(item);
  }

  exceptWith(other: Uniform): void {
    for (const item of [...stepThrough(other, 'other')]) this.remove(item);
  }

  intersectWith(other: Uniform): void {
    const kept = this.#toSet(other);
    for (const item of [...this]) if (!kept.has(item)) this.remove(item);
  }

  symmetricExceptWith(other: Uniform): void {
    for (const item of this.#toSet(other)) if (!this.remove(item)) this.add(item);
  }

  isSubsetOf(other: Uniform): boolean {
    const set = this.#toSet(other);
    return this.count <= set.count && this.#all((item) => set.has(item));
  }

  isProperSubsetOf(other: Uniform): boolean {
    const set = this.#toSet(other);
    return this.count < set.count && this.#all((item) => set.has(item));
  }

  isSupersetOf(other: Uniform): boolean {
    return this.#toSet(other).isSubsetOf(this);
  }

  isProperSupersetOf(other: Uniform): boolean {
    return this.#toSet(other).isProperSubsetOf(this);
  }

  overlaps(other: Uniform): boolean {
    for (const item of stepThrough(other, 'other')) if (this.has(item)) return true;
    return false;
  }

  setEquals(other: Uniform): boolean {
    const set = this.#toSet(other);
    return this.count === set.count && this.#all((item) => set.has(item));
  }

  *[Symbol.iterator](): Generator<Uniform, undefined> {
    for (const { key } of this.#table) yield key;
  }

  #toSet(other: Uniform): NetSet {
    return new NetSet(this.elementType, this.comparer, stepThrough(other, 'other'));
  }

  #all(test: (item: Uniform) => boolean): boolean {
    charge(this.count);
    for (const item of this) if (!test(item)) return false;
    return true;
  }
}
