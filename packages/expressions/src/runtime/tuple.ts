import {
  combineHashes,
  compareMember,
  compareOf,
  equalsMember,
  equalsOf,
  hashMember,
  hashOf,
  toStringMember,
  toStringOf,
} from './object.ts';
import { netType, type Uniform } from './values.ts';

/** `System.Tuple<...>` and `System.ValueTuple<...>`. Items are UNIFORM. Immutable: see {@link withItem}. */
export class NetTuple {
  readonly [netType]: string;
  readonly items: readonly Uniform[];
  constructor(typeName: string, items: readonly Uniform[]) {
    this[netType] = typeName;
    this.items = items;
  }
  [toStringMember](): string {
    return `(${this.items.map(toStringOf).join(', ')})`;
  }
  [equalsMember](other: Uniform): boolean {
    return (
      other instanceof NetTuple &&
      other[netType] === this[netType] &&
      other.items.length === this.items.length &&
      this.items.every((item, i) => equalsOf(item, other.items[i]))
    );
  }
  [hashMember](): number {
    return combineHashes(...this.items.map(hashOf));
  }
  [compareMember](other: Uniform): number {
    const items = other instanceof NetTuple ? other.items : [];
    for (const [i, item] of this.items.entries()) {
      const order = compareOf(item, items[i] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  }
}

/** The tuple with another item. */
export function withItem(tuple: NetTuple, index: number, item: Uniform): NetTuple {
  return new NetTuple(tuple[netType], tuple.items.with(index, item));
}
