import { iterate } from './enumerate.ts';
import { invalidOperation } from './exceptions.ts';
import { netType, type Uniform } from './values.ts';

/** `IEnumerator<T>` over a UNIFORM enumerable, for code that steps by hand. */
export class Enumerator {
  readonly [netType] = 'System.Collections.Generic.Enumerator';
  readonly #iterator: Iterator<Uniform>;
  #state: 'before' | 'at' | 'after' = 'before';
  #current: Uniform = null;

  constructor(source: Uniform) {
    this.#iterator = iterate(source)[Symbol.iterator]();
  }

  moveNext(): boolean {
    if (this.#state === 'after') return false;
    const { done, value } = this.#iterator.next();
    this.#state = done ? 'after' : 'at';
    this.#current = done ? null : value;
    return !done;
  }

  get current(): Uniform {
    if (this.#state === 'before') throw invalidOperation('Enumeration has not started. Call MoveNext.');
    if (this.#state === 'after') throw invalidOperation('Enumeration already finished.');
    return this.#current;
  }

  dispose(): void {
    this.#iterator.return?.();
  }
}
