import { sameName } from './same-name.ts';

/**
 * The headers of one message: case-insensitive names, order and spelling kept, one entry a value.
 *
 * Backed by a flat array `[name, value, name, value ...]` as Node's `rawHeaders` and the wire give it: reading and
 * forwarding copies nothing. Steps use only this interface, so that another representation can stand behind it.
 */
export class HeaderList {
  #flat: string[];

  /** Takes `flat` over: the caller must not change it afterwards. */
  constructor(flat: string[] = []) {
    this.#flat = flat;
  }

  static from(entries: Iterable<readonly [string, string]>): HeaderList {
    const flat: string[] = [];
    for (const [name, value] of entries) flat.push(name, value);
    return new HeaderList(flat);
  }

  /** The first value, or undefined. */
  get(name: string): string | undefined {
    const at = this.#find(name, 0);
    return at < 0 ? undefined : this.#flat[at + 1];
  }

  /** Every value of the name in order, or undefined when there is none. */
  getAll(name: string): string[] | undefined {
    let at = this.#find(name, 0);
    if (at < 0) return undefined;
    const values: string[] = [];
    for (; at >= 0; at = this.#find(name, at + 2)) values.push(this.#flat[at + 1] as string);
    return values;
  }

  has(name: string): boolean {
    return this.#find(name, 0) >= 0;
  }

  /** Replaces every value of the name. The first one's place is kept; a new name goes to the end. */
  set(name: string, value: string | readonly string[]): void {
    const values = typeof value === 'string' ? [value] : value;
    const at = this.#find(name, 0);
    if (at < 0) {
      for (const one of values) this.#flat.push(name, one);
      return;
    }
    this.#removeFrom(name, at + 2);
    if (values.length === 1) {
      this.#flat[at] = name;
      this.#flat[at + 1] = values[0] as string;
      return;
    }
    const pairs: string[] = [];
    for (const one of values) pairs.push(name, one);
    this.#flat.splice(at, 2, ...pairs);
  }

  append(name: string, value: string): void {
    this.#flat.push(name, value);
  }

  /** Says whether there was one. */
  remove(name: string): boolean {
    const at = this.#find(name, 0);
    if (at < 0) return false;
    this.#removeFrom(name, at);
    return true;
  }

  *entries(): Generator<readonly [string, string]> {
    for (let i = 0; i < this.#flat.length; i += 2) yield [this.#flat[i] as string, this.#flat[i + 1] as string];
  }

  /** Number of entries. */
  get size(): number {
    return this.#flat.length / 2;
  }

  /** The flat array itself, to be read only: `[name, value, ...]`. */
  get flat(): readonly string[] {
    return this.#flat;
  }

  clone(): HeaderList {
    return new HeaderList(this.#flat.slice());
  }

  #find(name: string, from: number): number {
    const flat = this.#flat;
    for (let i = from; i < flat.length; i += 2) if (sameName(flat[i] as string, name)) return i;
    return -1;
  }

  #removeFrom(name: string, from: number): void {
    let to = from;
    for (let i = from; i < this.#flat.length; i += 2) {
      const candidate = this.#flat[i] as string;
      if (sameName(candidate, name)) continue;
      this.#flat[to] = candidate;
      this.#flat[to + 1] = this.#flat[i + 1] as string;
      to += 2;
    }
    this.#flat.length = to;
  }
}
