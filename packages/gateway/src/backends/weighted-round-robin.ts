interface Slot<T> {
  readonly item: T;
  readonly weight: number;
  claim: number;
}

/**
 * Smooth weighted round robin: over any run of picks each item is picked in proportion to its weight, and never many times
 * in a row while another waits. Items that may not be picked keep their claim, so that the order stays smooth.
 */
export class WeightedRoundRobin<T> {
  readonly #slots: Slot<T>[];

  /** Weights below 1 are 0 and never picked, unless all are. */
  constructor(items: readonly { readonly item: T; readonly weight: number }[]) {
    const anyWeight = items.some(({ weight }) => weight >= 1);
    this.#slots = items.map(({ item, weight }) => ({ item, weight: anyWeight ? Math.max(0, weight) : 1, claim: 0 }));
  }

  /** The next item that `mayPick`; undefined when there is none. */
  next(mayPick: (item: T) => boolean): T | undefined {
    let best: Slot<T> | undefined;
    let total = 0;
    for (const slot of this.#slots) {
      if (slot.weight === 0 || !mayPick(slot.item)) continue;
      total += slot.weight;
      slot.claim += slot.weight;
      if (!best || slot.claim > best.claim) best = slot;
    }
    if (!best) return undefined;
    best.claim -= total;
    return best.item;
  }
}

interface Slot<T> {
  readonly item: T;
  readonly weight: number;
  claim: number;
}
