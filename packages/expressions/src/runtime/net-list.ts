import { charge, chargeMemory } from './budget.ts';
import type { ListLike } from './collection-protocol.ts';
import { argumentOutOfRange } from './exceptions.ts';
import { collectionModified } from './hash-table.ts';
import { netType, type Uniform } from './values.ts';

const indexMessage = 'Index was out of range. Must be non-negative and less than the size of the collection.';

/** `System.Collections.Generic.List<T>`. Elements are UNIFORM. */
export class NetList implements ListLike {
  readonly [netType]: string;
  readonly elementType: string;
  items: Uniform[];
  #version = 0;

  /** Takes `items` over: the caller has made them for this list. */
  constructor(elementType = 'System.Object', items: Uniform[] = []) {
    chargeMemory(items.length * 8);
    this.elementType = elementType;
    this[netType] = `System.Collections.Generic.List<${elementType}>`;
    this.items = items;
  }

  get count(): number {
    return this.items.length;
  }

  at(index: number): Uniform {
    if (index < 0 || index >= this.items.length) throw argumentOutOfRange('index', indexMessage);
    return this.items[index];
  }

  putAt(index: number, value: Uniform): void {
    if (index < 0 || index >= this.items.length) throw argumentOutOfRange('index', indexMessage);
    this.items[index] = value;
    this.changed();
  }

  append(value: Uniform): void {
    chargeMemory(8);
    this.items.push(value);
    this.changed();
  }

  insert(index: number, value: Uniform): void {
    if (index < 0 || index > this.items.length) {
      throw argumentOutOfRange('index', 'Index must be within the bounds of the List.');
    }
    chargeMemory(8);
    charge((this.items.length - index) >> 6);
    this.items.splice(index, 0, value);
    this.changed();
  }

  removeAt(index: number): void {
    if (index < 0 || index >= this.items.length) throw argumentOutOfRange('index', indexMessage);
    charge((this.items.length - index) >> 6);
    this.items.splice(index, 1);
    this.changed();
  }

  clear(): void {
    this.items.length = 0;
    this.changed();
  }

  /** Ends the enumerations that are under way: they throw InvalidOperationException. */
  changed(): void {
    this.#version++;
  }

  *[Symbol.iterator](): Generator<Uniform, undefined> {
    const version = this.#version;
    for (let i = 0; i < this.items.length; i++) {
      yield this.items[i];
      if (version !== this.#version) throw collectionModified();
    }
  }
}
