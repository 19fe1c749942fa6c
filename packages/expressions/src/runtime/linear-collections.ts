import { chargeMemory } from './budget.ts';
import type { Counted } from './collection-protocol.ts';
import { invalidOperation } from './exceptions.ts';
import { collectionModified } from './hash-table.ts';
import { netType, type Uniform } from './values.ts';

/** What Queue and Stack share: elements that enumerate from the end that is served first. */
abstract class Linear implements Counted, Iterable<Uniform> {
  abstract readonly [netType]: string;
  protected items: Uniform[] = [];
  /** Elements before this have left. */
  protected head = 0;
  #version = 0;

  protected abstract readonly emptyMessage: string;

  get count(): number {
    return this.items.length - this.head;
  }
  add(value: Uniform): void {
    chargeMemory(8);
    this.items.push(value);
    this.changed();
  }
  clear(): void {
    this.items.length = 0;
    this.head = 0;
    this.changed();
  }
  /** Throws InvalidOperationException when there is nothing. */
  take(): Uniform {
    if (this.count === 0) throw invalidOperation(this.emptyMessage);
    this.changed();
    return this.takeNext();
  }
  peek(): Uniform {
    if (this.count === 0) throw invalidOperation(this.emptyMessage);
    return this.at(0);
  }

  /** The element served `index` steps from now. */
  protected abstract at(index: number): Uniform;
  protected abstract takeNext(): Uniform;
  protected changed(): void {
    this.#version++;
  }

  *[Symbol.iterator](): Generator<Uniform, undefined> {
    const version = this.#version;
    const count = this.count;
    for (let i = 0; i < count; i++) {
      if (version !== this.#version) throw collectionModified();
      yield this.at(i);
    }
    if (version !== this.#version) throw collectionModified();
  }
}

/** `System.Collections.Generic.Queue<T>`. */
export class NetQueue extends Linear {
  readonly [netType]: string;
  protected readonly emptyMessage = 'Queue empty.';
  constructor(elementType: string, items: Iterable<Uniform> = []) {
    super();
    this[netType] = `System.Collections.Generic.Queue<${elementType}>`;
    for (const item of items) this.add(item);
  }
  protected at(index: number): Uniform {
    return this.items[this.head + index];
  }
  protected takeNext(): Uniform {
    const value = this.items[this.head];
    this.items[this.head++] = undefined;
    if (this.head > 64 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return value;
  }
}

/** `System.Collections.Generic.Stack<T>`. */
export class NetStack extends Linear {
  readonly [netType]: string;
  protected readonly emptyMessage = 'Stack empty.';
  constructor(elementType: string, items: Iterable<Uniform> = []) {
    super();
    this[netType] = `System.Collections.Generic.Stack<${elementType}>`;
    for (const item of items) this.add(item);
  }
  protected at(index: number): Uniform {
    return this.items[this.items.length - 1 - index];
  }
  protected takeNext(): Uniform {
    return this.items.pop();
  }
}
