import { netType, type Uniform } from './values.ts';

/** A lazy `IEnumerable<T>`: every enumeration runs the generator anew, as .NET's iterators do. */
export class Sequence implements Iterable<Uniform> {
  readonly [netType] = 'System.Linq.Enumerable.Iterator';
  readonly #start: () => Iterator<Uniform>;
  constructor(start: () => Iterator<Uniform>) {
    this.#start = start;
  }
  [Symbol.iterator](): Iterator<Uniform> {
    return this.#start();
  }
}
