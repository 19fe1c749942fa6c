import type { ListLike } from '../collection-protocol.ts';
import { netType, type Uniform } from '../values.ts';
import { guardDepth } from './depth.ts';
import { asToken, invalidKey, JContainer } from './j-container.ts';
import type { JToken } from './j-token.ts';
import { JTokenType } from './token-type.ts';

/** Also the `IList<JToken>` of the collection protocol. */
export class JArray extends JContainer implements ListLike {
  at(index: number): JToken {
    return this.childAt(index);
  }
  putAt(index: number, value: Uniform): void {
    this.setChild(index, asToken(value));
  }
  append(value: Uniform): void {
    this.insertChild(this.items.length, asToken(value));
  }
  insert(index: number, value: Uniform): void {
    this.insertChild(index, asToken(value));
  }
  get type(): JTokenType {
    return JTokenType.Array;
  }
  get [netType](): string {
    return 'Newtonsoft.Json.Linq.JArray';
  }
  static of(content: Uniform): JArray {
    const array = new JArray();
    array.addContent(content);
    return array;
  }
  override getItem(key: Uniform): JToken {
    if (typeof key !== 'number') throw invalidKey('JArray', 'Accessed', key, 'Int32 array index');
    return this.childAt(key);
  }
  override setItem(key: Uniform, value: JToken | null): void {
    if (typeof key !== 'number') throw invalidKey('JArray', 'Set', key, 'Int32 array index');
    this.setChild(key, value);
  }
  deepClone(depth = 0): JArray {
    guardDepth(depth);
    const copy = new JArray();
    for (const item of this.items) copy.place(item.deepClone(depth + 1));
    return copy;
  }
  deepEquals(other: JToken, depth = 0): boolean {
    return other instanceof JArray && this.itemsEqual(other, depth);
  }
}

export class JConstructor extends JContainer {
  name: string | null;
  constructor(name: string | null) {
    super();
    this.name = name;
  }
  get type(): JTokenType {
    return JTokenType.Constructor;
  }
  get [netType](): string {
    return 'Newtonsoft.Json.Linq.JConstructor';
  }
  override getItem(key: Uniform): JToken {
    if (typeof key !== 'number') throw invalidKey('JConstructor', 'Accessed', key, 'Argument position index');
    return this.childAt(key);
  }
  override setItem(key: Uniform, value: JToken | null): void {
    if (typeof key !== 'number') throw invalidKey('JConstructor', 'Set', key, 'Argument position index');
    this.setChild(key, value);
  }
  deepClone(depth = 0): JConstructor {
    guardDepth(depth);
    const copy = new JConstructor(this.name);
    for (const item of this.items) copy.place(item.deepClone(depth + 1));
    return copy;
  }
  deepEquals(other: JToken, depth = 0): boolean {
    return other instanceof JConstructor && other.name === this.name && this.itemsEqual(other, depth);
  }
}
