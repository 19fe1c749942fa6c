import { charge, chargeMemory } from './budget.ts';
import { argumentException, argumentOutOfRange, indexOutOfRange } from './exceptions.ts';
import { equalsMember, toStringMember } from './object.ts';
import { netType, type Uniform } from './values.ts';

/** `System.Text.StringBuilder`. Pieces are joined when the text is asked for, so that appending stays cheap. */
export class StringBuilder {
  readonly [netType] = 'System.Text.StringBuilder';
  #pieces: string[] = [];
  #length = 0;
  #capacity: number;

  constructor(text: string | null = '', capacity = 16) {
    this.#capacity = capacity;
    this.append(text);
  }

  get length(): number {
    return this.#length;
  }
  set length(value: number) {
    if (value < 0) throw argumentOutOfRange('value', 'Length cannot be less than zero.');
    if (value > this.#length) this.append('\0'.repeat(this.#charged(value - this.#length)));
    else this.text = this.text.slice(0, value);
  }

  /** At least the length; grows by doubling. */
  get capacity(): number {
    while (this.#capacity < this.#length) this.#capacity = Math.max(this.#capacity * 2, 16);
    return this.#capacity;
  }
  set capacity(value: number) {
    if (value < this.#length) throw argumentOutOfRange('value', 'capacity was less than the current size.');
    this.#capacity = value;
  }

  get text(): string {
    if (this.#pieces.length > 1) {
      charge(this.#pieces.length >> 2);
      this.#pieces = [this.#pieces.join('')];
    }
    return this.#pieces[0] ?? '';
  }
  set text(value: string) {
    this.#pieces = [value];
    this.#length = value.length;
  }

  append(text: string | null): this {
    if (text === null || text === '') return this;
    this.#charged(text.length);
    this.#pieces.push(text);
    this.#length += text.length;
    return this;
  }

  repeat(text: string, count: number): this {
    if (count < 0) throw argumentOutOfRange('repeatCount', 'Count cannot be less than zero.');
    this.#charged(text.length * count);
    return this.append(text.repeat(count));
  }

  insert(index: number, text: string | null): this {
    if (index < 0 || index > this.#length) {
      throw argumentOutOfRange(
        'index',
        'Index was out of range. Must be non-negative and less than the size of the collection.',
      );
    }
    const current = this.text;
    this.#rewrite(current.slice(0, index) + (text ?? '') + current.slice(index));
    return this;
  }

  remove(start: number, length: number): this {
    this.#checkRange(start, length);
    const current = this.text;
    this.#rewrite(current.slice(0, start) + current.slice(start + length));
    return this;
  }

  replace(from: string, to: string | null, start = 0, count = this.#length): this {
    if (from === '') throw argumentException('Empty name is not legal.', 'oldValue');
    this.#checkRange(start, count);
    const current = this.text;
    const part = current.slice(start, start + count);
    const pieces = part.split(from);
    const growth = (to ?? '').length - from.length;
    charge(pieces.length);
    if (growth > 0) this.#charged(growth * (pieces.length - 1));
    this.#rewrite(current.slice(0, start) + pieces.join(to ?? '') + current.slice(start + count));
    return this;
  }

  charAt(index: number): number {
    if (index < 0 || index >= this.#length) throw indexOutOfRange();
    return this.text.charCodeAt(index);
  }

  setChar(index: number, code: number): void {
    if (index < 0 || index >= this.#length) {
      throw argumentOutOfRange(
        'index',
        'Index was out of range. Must be non-negative and less than the size of the collection.',
      );
    }
    const current = this.text;
    this.#rewrite(current.slice(0, index) + String.fromCharCode(code) + current.slice(index + 1));
  }

  slice(start: number, length: number): string {
    this.#checkRange(start, length);
    return this.text.slice(start, start + length);
  }

  [toStringMember](): string {
    return this.text;
  }
  [equalsMember](other: Uniform): boolean {
    return other === this;
  }

  #checkRange(start: number, length: number): void {
    if (start < 0) throw argumentOutOfRange('startIndex', 'StartIndex cannot be less than zero.');
    if (length < 0) throw argumentOutOfRange('length', 'Length cannot be less than zero.');
    if (start + length > this.#length) {
      throw argumentOutOfRange(
        'index',
        'Index was out of range. Must be non-negative and less than the size of the collection.',
      );
    }
  }

  /** An edit in the middle copies the text: charged by its length. */
  #rewrite(text: string): void {
    charge(text.length >> 6);
    this.text = text;
  }

  #charged(length: number): number {
    chargeMemory(length);
    return length;
  }
}
