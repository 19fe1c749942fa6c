/** Where something lies in a file, in pages. */
export interface Extent {
  readonly start: number;
  readonly pages: number;
}

/** Which parts of a file are free. The first that is large enough is taken; what is given back is joined with what is free beside it. */
export class Extents {
  /** Free parts before `end`, in their order; between two of them something is in use. */
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];
  /** No free part is longer: where none is long enough nothing need be looked through. */
  private longest = 0;
  /** Behind the last page in use. */
  end = 0;
  /** Free pages before `end`. */
  free = 0;

  /** Throws a `RangeError` where two of `used` overlap. */
  constructor(used: Iterable<Extent>) {
    for (const { start, pages } of [...used].sort((a, b) => a.start - b.start)) {
      if (start < this.end) throw new RangeError(`two things lie at page ${start}`);
      if (start > this.end) this.insert(this.starts.length, this.end, start - this.end);
      this.end = start + pages;
    }
  }

  /** Takes pages that follow each other; returns the first. */
  take(pages: number): number {
    const found = this.takeBefore(this.end, pages);
    if (found !== undefined) return found;
    const start = this.end;
    this.end += pages;
    return start;
  }

  /** The same of what is free before `limit`. */
  takeBefore(limit: number, pages: number): number | undefined {
    if (pages > this.longest) return undefined;
    let longest = 0;
    for (let at = 0; at < this.starts.length; at++) {
      const start = this.starts[at] ?? 0;
      const length = this.lengths[at] ?? 0;
      if (start + pages > limit) return undefined;
      if (length >= pages) {
        this.cut(at, start, length, pages);
        return start;
      }
      longest = Math.max(longest, length);
    }
    this.longest = longest;
    return undefined;
  }

  /** Gives back what was taken. */
  release({ start, pages }: Extent): void {
    let at = this.after(start);
    const before = at - 1;
    if (at > 0 && (this.starts[before] ?? 0) + (this.lengths[before] ?? 0) === start) {
      this.lengths[before] = (this.lengths[before] ?? 0) + pages;
      this.free += pages;
      at = before;
    } else this.insert(at, start, pages);
    if ((this.starts[at] ?? 0) + (this.lengths[at] ?? 0) === this.starts[at + 1]) {
      this.lengths[at] = (this.lengths[at] ?? 0) + (this.lengths[at + 1] ?? 0);
      this.starts.splice(at + 1, 1);
      this.lengths.splice(at + 1, 1);
    }
    const length = this.lengths[at] ?? 0;
    this.longest = Math.max(this.longest, length);
    if ((this.starts[at] ?? 0) + length !== this.end) return;
    this.end -= length;
    this.free -= length;
    this.starts.pop();
    this.lengths.pop();
  }

  private insert(at: number, start: number, pages: number): void {
    this.starts.splice(at, 0, start);
    this.lengths.splice(at, 0, pages);
    this.free += pages;
    this.longest = Math.max(this.longest, pages);
  }

  private cut(at: number, start: number, length: number, pages: number): void {
    this.free -= pages;
    if (length === pages) {
      this.starts.splice(at, 1);
      this.lengths.splice(at, 1);
    } else {
      this.starts[at] = start + pages;
      this.lengths[at] = length - pages;
    }
  }

  /** Index of the first free part behind a page. */
  private after(page: number): number {
    let [low, high] = [0, this.starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.starts[middle] ?? 0) < page) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
