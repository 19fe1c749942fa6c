import { charge, chargeMemory } from './budget.ts';
import type { EqualityComparer } from './collection-protocol.ts';
import { invalidOperation } from './exceptions.ts';
import { equalsOf, hashOf } from './object.ts';
import type { Uniform } from './values.ts';

export interface Entry {
  readonly key: Uniform;
  value: Uniform;
}

/** About what one entry costs in memory, for the budget. */
const entryBytes = 64;

/**
 * The table behind Dictionary, HashSet and LINQ's sets. Enumerates like .NET's: in order of insertion, where a new entry
 * takes the slot of the last one removed. Strings, integers and booleans under the default comparer go straight to a
 * JavaScript Map, which has the same equality for them; everything else is found by hash and Equals.
 */
export class HashTable {
  /** Null stands for the default comparer. */
  readonly comparer: EqualityComparer | null;
  readonly #entries: (Entry | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #direct = new Map<Uniform, number>();
  readonly #buckets = new Map<number, number[]>();
  #version = 0;

  constructor(comparer: EqualityComparer | null = null) {
    this.comparer = comparer;
  }

  get count(): number {
    return this.#entries.length - this.#free.length;
  }

  find(key: Uniform): Entry | undefined {
    const slot = this.#slotOf(key);
    return slot === undefined ? undefined : this.#entries[slot];
  }

  /** Adds an entry that is not there yet; the caller has asked {@link find}. */
  add(key: Uniform, value: Uniform): Entry {
    chargeMemory(entryBytes);
    const entry: Entry = { key, value };
    const slot = this.#free.pop() ?? this.#entries.length;
    this.#entries[slot] = entry;
    this.#version++;
    if (this.#isDirect(key)) {
      this.#direct.set(key, slot);
    } else {
      const hash = this.#hash(key);
      const bucket = this.#buckets.get(hash);
      if (bucket) bucket.push(slot);
      else this.#buckets.set(hash, [slot]);
    }
    return entry;
  }

  remove(key: Uniform): boolean {
    const slot = this.#slotOf(key);
    if (slot === undefined) return false;
    if (this.#isDirect(key)) {
      this.#direct.delete(key);
    } else {
      const bucket = this.#buckets.get(this.#hash(key));
      bucket?.splice(bucket.indexOf(slot), 1);
    }
    this.#entries[slot] = undefined;
    this.#free.push(slot);
    return true;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#free.length = 0;
    this.#direct.clear();
    this.#buckets.clear();
  }

  /** Throws InvalidOperationException when an entry is added meanwhile; removing is allowed, as in .NET Core 3.0 and later. */
  *[Symbol.iterator](): Generator<Entry, undefined> {
    const version = this.#version;
    for (let i = 0; i < this.#entries.length; i++) {
      const entry = this.#entries[i];
      if (!entry) continue;
      yield entry;
      if (version !== this.#version) throw collectionModified();
    }
  }

  #isDirect(key: Uniform): boolean {
    return this.comparer === null && (typeof key !== 'object' || key === null);
  }

  #hash(key: Uniform): number {
    return this.comparer && key !== null ? this.comparer.hash(key) : hashOf(key);
  }

  #slotOf(key: Uniform): number | undefined {
    if (this.#isDirect(key)) return this.#direct.get(key);
    const bucket = this.#buckets.get(this.#hash(key));
    if (!bucket) return undefined;
    charge(bucket.length);
    const equals = this.comparer ? this.comparer.equals.bind(this.comparer) : equalsOf;
    return bucket.find((slot) => equals(this.#entries[slot]?.key, key));
  }
}

export const collectionModified = () =>
  invalidOperation('Collection was modified; enumeration operation may not execute.');
