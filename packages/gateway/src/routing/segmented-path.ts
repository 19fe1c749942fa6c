/**
 * A path and where its segments begin, made once per router and filled again for every request: routing runs
 * synchronously, so one request uses it at a time and nothing is allocated.
 */
export class SegmentedPath {
  text = '';
  /** Number of segments: that of slashes. */
  count = 0;
  #starts = new Int32Array(64);

  fill(path: string): void {
    this.text = path;
    let count = 0;
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (count + 1 >= this.#starts.length) this.#grow();
      this.#starts[count++] = slash + 1;
    }
    this.count = count;
    this.#starts[count] = path.length + 1;
  }

  /** Where segment `index` begins (after its slash). */
  start(index: number): number {
    return this.#starts[index] ?? this.text.length + 1;
  }

  /** Where segment `index` ends (before the next slash). */
  end(index: number): number {
    return (this.#starts[index + 1] ?? this.text.length + 1) - 1;
  }

  segment(index: number): string {
    return this.text.slice(this.start(index), this.end(index));
  }

  #grow(): void {
    const larger = new Int32Array(this.#starts.length * 2);
    larger.set(this.#starts);
    this.#starts = larger;
  }
}
