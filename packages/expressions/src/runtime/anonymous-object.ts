import { jsonMembers } from './json/from-object.ts';
import { combineHashes, equalsMember, equalsOf, hashMember, hashOf, toStringMember, toStringOf } from './object.ts';
import { netType, type Uniform } from './values.ts';

/** `new { a = 1, b = "x" }`: names and UNIFORM values in the order of the source. Equal when names and values are. */
export class AnonymousObject {
  readonly [netType] = '<>f__AnonymousType';
  readonly names: readonly string[];
  readonly values: readonly Uniform[];
  constructor(names: readonly string[], values: readonly Uniform[]) {
    this.names = names;
    this.values = values;
  }
  [toStringMember](): string {
    if (this.names.length === 0) return '{ }';
    return `{ ${this.names.map((name, i) => `${name} = ${toStringOf(this.values[i] ?? null)}`).join(', ')} }`;
  }
  [jsonMembers](): (readonly [string, Uniform])[] {
    return this.names.map((name, i) => [name, this.values[i] ?? null]);
  }
  [equalsMember](other: Uniform): boolean {
    return (
      other instanceof AnonymousObject &&
      other.names.length === this.names.length &&
      this.names.every(
        (name, i) => name === other.names[i] && equalsOf(this.values[i] ?? null, other.values[i] ?? null),
      )
    );
  }
  [hashMember](): number {
    return combineHashes(...this.values.map(hashOf));
  }
}
