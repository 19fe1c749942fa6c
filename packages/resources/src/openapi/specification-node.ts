import { isObject, nameOfType } from '../documents/document.ts';
import type { Cursor } from '../information/cursor.ts';

/** A value in a specification, with its place. */
export class SpecificationNode {
  readonly value: unknown;
  readonly at: Cursor;

  constructor(value: unknown, at: Cursor) {
    this.value = value;
    this.at = at;
  }

  /** The value under a key; null when this is no object or has no such key. */
  get(key: string): SpecificationNode | null {
    if (!isObject(this.value) || !Object.hasOwn(this.value, key)) return null;
    return new SpecificationNode(this.value[key], this.at.child(key));
  }

  /** The entries of an object; reports anything else and gives none. */
  entries(): [string, SpecificationNode][] {
    if (!isObject(this.value)) {
      this.wrongType('an object');
      return [];
    }
    return Object.entries(this.value).map(([key, value]) => [key, new SpecificationNode(value, this.at.child(key))]);
  }

  /** The entries under a key; none when it is absent. */
  entriesOf(key: string): [string, SpecificationNode][] {
    return this.get(key)?.entries() ?? [];
  }

  /** The items of the array under a key; none when it is absent. */
  itemsOf(key: string): SpecificationNode[] {
    const node = this.get(key);
    if (node === null) return [];
    if (Array.isArray(node.value))
      return node.value.map((value: unknown, index) => new SpecificationNode(value, node.at.child(index)));
    node.wrongType('an array');
    return [];
  }

  /** The string under a key; null when absent, or after reporting that it is something else. */
  string(key: string): string | null {
    const node = this.get(key);
    if (node === null || typeof node.value === 'string') return node === null ? null : String(node.value);
    node.wrongType('a string');
    return null;
  }

  boolean(key: string): boolean {
    const node = this.get(key);
    if (node !== null && typeof node.value !== 'boolean') node.wrongType('true or false');
    return node?.value === true;
  }

  strings(key: string): string[] {
    return this.itemsOf(key).flatMap((item) => {
      if (typeof item.value === 'string') return [item.value];
      item.wrongType('a string');
      return [];
    });
  }

  wrongType(expected: string): void {
    this.at.problem('WrongType', { what: this.at.what, actual: nameOfType(this.value), expected });
  }
}
