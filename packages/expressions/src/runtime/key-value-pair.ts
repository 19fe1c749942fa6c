import { combineHashes, equalsMember, equalsOf, hashMember, hashOf, toStringMember, toStringOf } from './object.ts';
import { netType, type Uniform } from './values.ts';

/** `System.Collections.Generic.KeyValuePair<TKey, TValue>`. */
export class KeyValuePair {
  readonly [netType] = 'System.Collections.Generic.KeyValuePair';
  readonly key: Uniform;
  readonly value: Uniform;
  constructor(key: Uniform, value: Uniform) {
    this.key = key;
    this.value = value;
  }
  [toStringMember](): string {
    return `[${toStringOf(this.key)}, ${toStringOf(this.value)}]`;
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof KeyValuePair && equalsOf(this.key, other.key) && equalsOf(this.value, other.value);
  }
  [hashMember](): number {
    return combineHashes(hashOf(this.key), hashOf(this.value));
  }
}
