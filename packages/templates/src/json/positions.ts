/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where the properties and items of a parsed document stand in its text. Empty for documents that came as objects. */
export class Positions {
  readonly #places = new WeakMap<object, Map<string | number, Position>>();
  readonly #starts = new WeakMap<object, Position>();

  /** Where the value at `key` of `container` (or the container itself) starts. */
  at(container: object, key?: string | number): Position | undefined {
    return key === undefined ? this.#starts.get(container) : this.#places.get(container)?.get(key);
  }

  setStart(container: object, position: Position): void {
    this.#starts.set(container, position);
  }

  set(container: object, key: string | number, position: Position): void {
    const places = this.#places.get(container);
    if (places) places.set(key, position);
    else this.#places.set(container, new Map([[key, position]]));
  }
}
