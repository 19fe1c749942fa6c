/**
 * What falls due at some time, soonest first: a binary heap. An entry is not taken out when its item loses interest in it
 * (settling a message would have to search for it); it is told `forget` instead, and once such entries are the greater part
 * the heap is swept. So it holds at most twice what is alive, and a settlement costs nothing here.
 */
export class DueHeap<T> {
  readonly #isDueAt: (item: T, time: number) => boolean;
  #times: number[] = [];
  #items: T[] = [];
  #forgotten = 0;

  /** @param isDueAt whether an entry with that time still stands: it is false once the item was given another time, or none */
  constructor(isDueAt: (item: T, time: number) => boolean) {
    this.#isDueAt = isDueAt;
  }

  /** Entries, the ones that were forgotten and are not swept yet included. */
  get size(): number {
    return this.#items.length;
  }

  /** When the soonest entry is due: `Infinity` where there is none. It may be one that was forgotten. */
  get next(): number {
    return this.#times.length === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!;
  }

  add(time: number, item: T): void {
    this.#times.push(time);
    this.#items.push(item);
    this.#rise(this.#items.length - 1);
  }

  /** An entry does not stand any more. Call it once for each. */
  forget(): void {
    this.#forgotten++;
    if (this.#forgotten > 64 && this.#forgotten * 2 > this.#items.length) this.#sweep();
  }

  /** Takes out the soonest entry that stands and is due; undefined: there is none. */
  takeDue(now: number): T | undefined {
    while (this.#items.length > 0 && this.#times[0]! <= now) {
      const time = this.#times[0]!;
      const item = this.#items[0]!;
      this.#removeFirst();
      if (this.#isDueAt(item, time)) return item;
      if (this.#forgotten > 0) this.#forgotten--;
    }
    return undefined;
  }

  #removeFirst(): void {
    const time = this.#times.pop()!;
    const item = this.#items.pop()!;
    if (this.#items.length === 0) return;
    this.#times[0] = time;
    this.#items[0] = item;
    this.#sink(0);
  }

  #sweep(): void {
    let kept = 0;
    for (let index = 0; index < this.#items.length; index++) {
      const time = this.#times[index]!;
      const item = this.#items[index]!;
      if (!this.#isDueAt(item, time)) continue;
      this.#times[kept] = time;
      this.#items[kept++] = item;
    }
    this.#times.length = kept;
    this.#items.length = kept;
    this.#forgotten = 0;
    for (let index = (kept >> 1) - 1; index >= 0; index--) this.#sink(index);
  }

  #rise(start: number): void {
    const times = this.#times;
    const items = this.#items;
    const time = times[start]!;
    const item = items[start]!;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (times[parent]! <= time) break;
      times[index] = times[parent]!;
      items[index] = items[parent]!;
      index = parent;
    }
    times[index] = time;
    items[index] = item;
  }

  #sink(start: number): void {
    const times = this.#times;
    const items = this.#items;
    const length = items.length;
    const time = times[start]!;
    const item = items[start]!;
    let index = start;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      if (child + 1 < length && times[child + 1]! < times[child]!) child++;
      if (times[child]! >= time) break;
      times[index] = times[child]!;
      items[index] = items[child]!;
      index = child;
    }
    times[index] = time;
    items[index] = item;
  }
}
