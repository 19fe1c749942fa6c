import { chargeMemory } from './budget.ts';
import type { Counted, EqualityComparer } from './collection-protocol.ts';
import { stepThrough } from './enumerate.ts';
import { HashTable } from './hash-table.ts';
import { netType, type Uniform } from './values.ts';

/** `IGrouping<TKey, TElement>`. */
export class Grouping implements Counted, Iterable<Uniform> {
  readonly [netType] = 'System.Linq.Grouping';
  readonly key: Uniform;
  readonly items: Uniform[] = [];
  constructor(key: Uniform) {
    this.key = key;
  }
  get count(): number {
    return this.items.length;
  }
  [Symbol.iterator](): Iterator<Uniform> {
    return this.items[Symbol.iterator]();
  }
}

type Selector = (item: Uniform) => Uniform;

/** `ILookup<TKey, TElement>`: groups in the order of their first elements. */
export class Lookup implements Counted, Iterable<Grouping> {
  readonly [netType] = 'System.Linq.Lookup';
  readonly #groups: Grouping[] = [];
  readonly #table: HashTable;

  constructor(comparer: EqualityComparer | null) {
    this.#table = new HashTable(comparer);
  }

  static of(
    source: Uniform,
    key: Selector,
    element: Selector | null,
    comparer: EqualityComparer | null,
    parameter = 'source',
  ): Lookup {
    const lookup = new Lookup(comparer);
    for (const item of stepThrough(source, parameter)) {
      chargeMemory(8);
      lookup.group(key(item)).items.push(element ? element(item) : item);
    }
    return lookup;
  }

  get count(): number {
    return this.#groups.length;
  }

  find(key: Uniform): Grouping | undefined {
    const index = this.#table.find(key)?.value;
    return typeof index === 'number' ? this.#groups[index] : undefined;
  }

  /** The group of the key, which is made when there is none. */
  group(key: Uniform): Grouping {
    const found = this.find(key);
    if (found) return found;
    const made = new Grouping(key);
    this.#table.add(key, this.#groups.length);
    this.#groups.push(made);
    return made;
  }

  [Symbol.iterator](): Iterator<Grouping> {
    return this.#groups[Symbol.iterator]();
  }
}
