import type { BodyCache } from './body-cache.ts';
import type { Row } from './row.ts';

/** All rows of a journal in the order of their ids, how much they take, and which of them nobody needs any more. */
export class Rows {
  readonly byId = new Map<number, Row>();
  first: Row | undefined;
  private last: Row | undefined;
  bytes = 0;
  liveBytes = 0;
  items = 0;
  /** Nothing in them matters: deleted in this order, so that a removal goes after the row it speaks of. */
  private readonly dead: Row[] = [];
  /** Where a walk over the rows is; it moves on when that row is deleted. */
  cursor: Row | undefined;
  private readonly cache: BodyCache;

  constructor(cache: BodyCache) {
    this.cache = cache;
  }

  add(row: Row): void {
    this.byId.set(row.id, row);
    row.previous = this.last;
    if (this.last === undefined) this.first = row;
    else this.last.next = row;
    this.last = row;
    this.bytes += row.bytes;
  }

  /** To be called when something in it went. */
  check(row: Row): void {
    if (row.live === 0 && row.pins === 0 && !row.deleted && !row.doomed) {
      row.doomed = true;
      this.dead.push(row);
    }
  }

  get waiting(): boolean {
    return this.dead.length > 0;
  }

  /**
   * Takes dead rows out, `budget` bytes of them at most (and one at least), with `others`, whatever is in them. Returns their
   * ids as pairs of first and last.
   */
  takeDead(budget: number, others: readonly Row[]): number[] {
    const ids: number[] = [];
    let left = budget;
    for (const row of others) {
      ids.push(row.id);
      this.delete(row);
    }
    let taken = 0;
    for (; taken < this.dead.length && left > 0; taken++) {
      const row = this.dead[taken];
      if (row === undefined || row.deleted) continue;
      left -= row.bytes;
      ids.push(row.id);
      this.delete(row);
    }
    this.dead.splice(0, taken);
    return rangesOf(ids);
  }

  private delete(row: Row): void {
    this.cache.forget(row);
    row.deleted = true;
    if (this.cursor === row) this.cursor = row.next;
    this.bytes -= row.bytes;
    this.byId.delete(row.id);
    if (row.previous === undefined) this.first = row.next;
    else row.previous.next = row.next;
    if (row.next === undefined) this.last = row.previous;
    else row.next.previous = row.previous;
    // An item that its owner keeps though it is gone must not keep others.
    row.previous = undefined;
    row.next = undefined;
    for (const marker of row.markers ?? []) {
      if (marker.deleted) continue;
      marker.pins--;
      this.check(marker);
    }
    row.markers = undefined;
  }
}

/** Ids that follow each other within what is deleted become one range; `ids` differ. */
function rangesOf(ids: number[]): number[] {
  ids.sort((a, b) => a - b);
  const ranges: number[] = [];
  for (const id of ids) {
    if (ranges.at(-1) === id - 1) ranges[ranges.length - 1] = id;
    else ranges.push(id, id);
  }
  return ranges;
}
