import type { StoredMessage } from './stored-message.ts';

const LEAF_SLOTS = 128;

/** A run of messages in order. Those that were removed leave a hole, so that the others keep their place. */
export class Leaf {
  slots: (StoredMessage | undefined)[] = [];
  live = 0;
  /** No message of it, or of one behind, has a lower number. */
  lowest: number;

  constructor(lowest: number) {
    this.lowest = lowest;
  }
}

/**
 * All messages of a sub-queue by sequence number, in whatever state: what browsing walks through, and where a number is looked up.
 * Numbers mostly come in order and go in order, from a million of them as from ten: adding at the end and removing anywhere take
 * the same few steps, finding and adding in the middle take a binary search.
 */
export class OrderedMessages {
  #leaves: Leaf[] = [];
  /** Leaves before it are empty and given up. */
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(message: StoredMessage): void {
    this.#size++;
    let leaf = this.#leaves.at(-1);
    if (leaf === undefined || (leaf.slots.length >= LEAF_SLOTS && isAfter(message, leaf))) {
      leaf = new Leaf(leaf === undefined ? 0 : message.sequenceNumber);
      this.#leaves.push(leaf);
    }
    if (isAfter(message, leaf)) {
      message.leaf = leaf;
      message.slot = leaf.slots.length;
      leaf.slots.push(message);
      leaf.live++;
    } else this.#insert(message);
  }

  remove(message: StoredMessage): void {
    const leaf = message.leaf;
    if (leaf === undefined) return;
    leaf.slots[message.slot] = undefined;
    message.leaf = undefined;
    leaf.live--;
    this.#size--;
    if (leaf.live === 0) this.#drop(leaf);
    else if (leaf.slots.length >= LEAF_SLOTS && leaf.live * 4 < leaf.slots.length) close(leaf);
  }

  find(sequenceNumber: number): StoredMessage | undefined {
    const leaf = this.#leaves[this.#leafOf(sequenceNumber)];
    if (leaf === undefined) return undefined;
    for (const message of leaf.slots) if (message?.sequenceNumber === sequenceNumber) return message;
    return undefined;
  }

  /** In order, those with that number or a greater one. Nothing may be added or removed meanwhile. */
  *from(sequenceNumber: number): Generator<StoredMessage> {
    for (let index = this.#leafOf(sequenceNumber); index < this.#leaves.length; index++) {
      for (const message of this.#leaves[index]!.slots) {
        if (message !== undefined && message.sequenceNumber >= sequenceNumber) yield message;
      }
    }
  }

  #insert(message: StoredMessage): void {
    const index = this.#leafOf(message.sequenceNumber);
    const leaf = this.#leaves[index]!;
    close(leaf);
    const slots = leaf.slots;
    let at = slots.length;
    while (at > 0 && slots[at - 1]!.sequenceNumber > message.sequenceNumber) at--;
    slots.splice(at, 0, message);
    leaf.live++;
    number(leaf);
    if (slots.length <= LEAF_SLOTS * 2) return;
    const upper = new Leaf(slots[LEAF_SLOTS]!.sequenceNumber);
    upper.slots = slots.splice(LEAF_SLOTS);
    upper.live = upper.slots.length;
    leaf.live = slots.length;
    number(upper);
    this.#leaves.splice(index + 1, 0, upper);
  }

  /** Index of the leaf in which the number has its place. */
  #leafOf(sequenceNumber: number): number {
    let low = this.#first;
    let high = this.#leaves.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#leaves[middle]!.lowest <= sequenceNumber) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #drop(leaf: Leaf): void {
    leaf.slots = [];
    if (this.#size === 0) {
      this.#leaves = [];
      this.#first = 0;
      return;
    }
    if (leaf === this.#leaves.at(-1)) return;
    const index = this.#leafOf(leaf.lowest);
    if (index === this.#first) {
      this.#first++;
      if (this.#first > 32 && this.#first * 2 > this.#leaves.length) {
        this.#leaves = this.#leaves.slice(this.#first);
        this.#first = 0;
      }
      // The place of numbers below is in what is now the first leaf.
      this.#leaves[this.#first]!.lowest = 0;
    } else this.#leaves.splice(index, 1);
  }
}

function isAfter(message: StoredMessage, leaf: Leaf): boolean {
  for (let index = leaf.slots.length - 1; index >= 0; index--) {
    const last = leaf.slots[index];
    if (last !== undefined) return message.sequenceNumber > last.sequenceNumber;
  }
  return message.sequenceNumber >= leaf.lowest;
}

/** Takes the holes out. */
function close(leaf: Leaf): void {
  leaf.slots = leaf.slots.filter((message) => message !== undefined);
  number(leaf);
}

function number(leaf: Leaf): void {
  for (let slot = 0; slot < leaf.slots.length; slot++) {
    const message = leaf.slots[slot]!;
    message.leaf = leaf;
    message.slot = slot;
  }
}
