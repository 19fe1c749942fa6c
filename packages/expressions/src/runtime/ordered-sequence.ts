import { charge } from './budget.ts';
import { collect } from './collection-access.ts';
import { netType, type Uniform } from './values.ts';

interface Order {
  readonly key: (item: Uniform) => Uniform;
  readonly compare: (a: Uniform, b: Uniform) => number;
  readonly descending: boolean;
}

/** `IOrderedEnumerable<T>`: sorts stably when it is enumerated; `thenBy` adds lesser keys. */
export class OrderedSequence implements Iterable<Uniform> {
  readonly [netType] = 'System.Linq.OrderedEnumerable';
  readonly #source: Uniform;
  readonly #orders: readonly Order[];

  constructor(source: Uniform, orders: readonly Order[]) {
    this.#source = source;
    this.#orders = orders;
  }

  thenBy(order: Order): OrderedSequence {
    return new OrderedSequence(this.#source, [...this.#orders, order]);
  }

  *[Symbol.iterator](): Generator<Uniform, undefined> {
    const items = collect(this.#source);
    const keys = this.#orders.map(({ key }) => items.map(key));
    const places = items.map((_, i) => i);
    charge(items.length * this.#orders.length);
    places.sort((a, b) => this.#compare(keys, a, b));
    for (const place of places) yield items[place];
  }

  #compare(keys: readonly Uniform[][], a: number, b: number): number {
    charge();
    for (const [i, { compare, descending }] of this.#orders.entries()) {
      const order = compare(keys[i]?.[a] ?? null, keys[i]?.[b] ?? null);
      if (order !== 0) return descending ? -order : order;
    }
    return a - b;
  }
}
