import { charge } from '../budget.ts';
import type { DictionaryLike } from '../collection-protocol.ts';
import { argumentException, argumentNull } from '../exceptions.ts';
import { KeyValuePair } from '../key-value-pair.ts';
import { netType, type Uniform } from '../values.ts';
import { isMultiContent } from './content.ts';
import { guardDepth } from './depth.ts';
import { JArray } from './j-array.ts';
import { asToken, cannotAdd, invalidKey, JContainer, jsonException, tokenFromContent } from './j-container.ts';
import type { JToken } from './j-token.ts';
import { JTokenType } from './token-type.ts';

export class JProperty extends JContainer {
  readonly name: string;
  constructor(name: string, value: JToken | null = null) {
    super();
    this.name = name;
    super.insertChild(0, value);
  }
  static of(name: string, content: Uniform): JProperty {
    return new JProperty(name, isMultiContent(content) ? JArray.of(content) : tokenFromContent(content));
  }
  get type(): JTokenType {
    return JTokenType.Property;
  }
  get [netType](): string {
    return 'Newtonsoft.Json.Linq.JProperty';
  }
  get value(): JToken {
    return this.childAt(0);
  }
  set value(value: JToken | null) {
    this.setChild(0, value);
  }
  override insertChild(): void {
    throw jsonException(`${this[netType]} cannot have multiple values.`);
  }
  override removeAt(): void {
    throw jsonException(`Cannot add or remove items from ${this[netType]}.`);
  }
  override clear(): void {
    throw jsonException(`Cannot add or remove items from ${this[netType]}.`);
  }
  deepClone(depth = 0): JProperty {
    guardDepth(depth);
    charge();
    return new JProperty(this.name, this.value.deepClone(depth + 1));
  }
  deepEquals(other: JToken, depth = 0): boolean {
    return other instanceof JProperty && other.name === this.name && this.itemsEqual(other, depth);
  }
}

/** Also the `IDictionary<string, JToken>` of the collection protocol. */
export class JObject extends JContainer implements DictionaryLike {
  readonly #byName = new Map<string, JProperty>();

  find(key: Uniform): JToken | undefined {
    if (key === null) throw argumentNull('propertyName');
    return this.#byName.get(String(key))?.value;
  }
  put(key: Uniform, value: Uniform): void {
    this.set(String(key), asToken(value));
  }
  add(key: Uniform, value: Uniform): void {
    this.insertChild(this.items.length, new JProperty(String(key), asToken(value)));
  }
  remove(key: Uniform): boolean {
    if (key === null) throw argumentNull('propertyName');
    const property = this.#byName.get(String(key));
    return property !== undefined && this.removeChild(property);
  }
  *pairs(): Generator<KeyValuePair, undefined> {
    for (const property of [...this.properties]) yield new KeyValuePair(property.name, property.value);
  }

  get type(): JTokenType {
    return JTokenType.Object;
  }
  get [netType](): string {
    return 'Newtonsoft.Json.Linq.JObject';
  }
  static of(content: Uniform): JObject {
    const object = new JObject();
    object.addContent(content);
    return object;
  }
  get properties(): readonly JProperty[] {
    return this.items as JProperty[];
  }
  property(name: string): JProperty | null {
    return this.#byName.get(name) ?? null;
  }
  /** The value of the property, or null: a missing one is not an error. */
  get(name: string): JToken | null {
    return this.#byName.get(name)?.value ?? null;
  }
  set(name: string, value: JToken | null): void {
    const property = this.#byName.get(name);
    if (property) property.value = value;
    else this.insertChild(this.items.length, new JProperty(name, value));
  }
  override getItem(key: Uniform): JToken | null {
    if (typeof key !== 'string') throw invalidKey('JObject', 'Accessed', key, 'Object property name');
    return this.get(key);
  }
  override setItem(key: Uniform, value: JToken | null): void {
    if (typeof key !== 'string') throw invalidKey('JObject', 'Set', key, 'Object property name');
    this.set(key, value);
  }

  override insertChild(index: number, given: JToken | null): void {
    super.insertChild(index, given);
    const item = this.items[index];
    if (item instanceof JProperty) this.#byName.set(item.name, item);
  }
  override setChild(index: number, given: JToken | null): void {
    const before = this.childAt(index);
    super.setChild(index, given);
    const after = this.childAt(index);
    if (before instanceof JProperty) this.#byName.delete(before.name);
    if (after instanceof JProperty) this.#byName.set(after.name, after);
  }
  override removeAt(index: number): void {
    const item = this.childAt(index);
    super.removeAt(index);
    if (item instanceof JProperty) this.#byName.delete(item.name);
  }
  override clear(): void {
    super.clear();
    this.#byName.clear();
  }
  override place(item: JToken): void {
    super.place(item);
    if (item instanceof JProperty) this.#byName.set(item.name, item);
  }
  protected override validateChild(item: JToken, existing: JToken | null): void {
    if (!(item instanceof JProperty)) throw cannotAdd(item, this);
    if (existing instanceof JProperty && existing.name === item.name) return;
    if (this.#byName.has(item.name)) {
      throw argumentException(
        `Can not add property ${item.name} to ${this[netType]}. Property with the same name already exists on object.`,
      );
    }
  }

  deepClone(depth = 0): JObject {
    guardDepth(depth);
    const copy = new JObject();
    for (const item of this.items) copy.place(item.deepClone(depth + 1));
    return copy;
  }
  /** The order of properties does not matter. */
  deepEquals(other: JToken, depth = 0): boolean {
    guardDepth(depth);
    if (!(other instanceof JObject) || other.items.length !== this.items.length) return false;
    return this.properties.every((property) => {
      const match = other.property(property.name);
      return match !== null && property.deepEquals(match, depth + 1);
    });
  }
}
