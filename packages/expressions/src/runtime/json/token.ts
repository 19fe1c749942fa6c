import { charge } from '../budget.ts';
import type { DictionaryLike, ListLike } from '../collection-protocol.ts';
import { argumentException, argumentNull, argumentOutOfRange, invalidOperation, NetException } from '../exceptions.ts';
import { KeyValuePair } from '../key-value-pair.ts';
import {
  combineHashes,
  compareMember,
  equalsMember,
  hashMember,
  hashOf,
  toStringMember,
  toStringOf,
} from '../object.ts';
import { netType, type Uniform } from '../values.ts';
import { isMultiContent, itemsOf } from './content.ts';
import { guardDepth } from './depth.ts';
import { writePath } from './token-path.ts';
import { JTokenType } from './token-type.ts';
import { compareValues, numberOf, tokenTypeOfValue, valuesEqual } from './token-value.ts';
import { writeJson } from './writer.ts';

/**
 * Newtonsoft.Json.Linq's tree. Children know their parent; a token that already has one is cloned when it is added
 * somewhere else, as in Newtonsoft (JContainer.EnsureParentToken).
 */
export abstract class JToken {
  parent: JContainer | null = null;
  abstract get type(): JTokenType;
  abstract get [netType](): string;
  abstract deepClone(depth?: number): JToken;
  abstract deepEquals(other: JToken, depth?: number): boolean;

  get children(): readonly JToken[] {
    return none;
  }
  get hasValues(): boolean {
    return this.children.length > 0;
  }
  get root(): JToken {
    let token: JToken = this;
    while (token.parent) {
      charge();
      token = token.parent;
    }
    return token;
  }
  get path(): string {
    return writePath(this);
  }
  get index(): number {
    const siblings = this.parent?.children ?? none;
    charge(1 + siblings.length / 16);
    return siblings.indexOf(this);
  }
  get next(): JToken | null {
    return this.parent?.children[this.index + 1] ?? null;
  }
  get previous(): JToken | null {
    return this.parent?.children[this.index - 1] ?? null;
  }

  /** `this[key]` where the static type is only JToken. */
  getItem(_key: Uniform): JToken | null {
    throw invalidOperation(`Cannot access child value on ${this[netType]}.`);
  }
  setItem(_key: Uniform, _value: JToken | null): void {
    throw invalidOperation(`Cannot set child value on ${this[netType]}.`);
  }

  detach(): void {
    if (!this.parent) throw invalidOperation('The parent is missing.');
    this.parent.removeChild(this);
  }
  replace(value: JToken | null): void {
    if (!this.parent) throw invalidOperation('The parent is missing.');
    this.parent.replaceChild(this, value);
  }
  addSibling(content: Uniform, offset: 0 | 1): void {
    if (!this.parent) throw invalidOperation('The parent is missing.');
    this.parent.insertContent(this.index + offset, content);
  }

  /** JSON text; `JToken.ToString()` of a container is indented. */
  toJson(indented: boolean): string {
    return writeJson(this, indented);
  }
  [toStringMember](): string {
    return this.toJson(true);
  }
  [equalsMember](other: Uniform): boolean {
    return this === other;
  }
  /** As an IEnumerable<JToken>. */
  [Symbol.iterator](): Iterator<JToken> {
    return this.children[Symbol.iterator]();
  }
}

const none: readonly JToken[] = [];

export class JValue extends JToken {
  #type: JTokenType;
  #value: Uniform;
  constructor(value: Uniform, type: JTokenType = tokenTypeOfValue(value)) {
    super();
    this.#value = value;
    this.#type = type;
  }
  get type(): JTokenType {
    return this.#type;
  }
  get value(): Uniform {
    return this.#value;
  }
  set value(value: Uniform) {
    this.#type = tokenTypeOfValue(value, this.#type);
    this.#value = value;
  }
  get [netType](): string {
    return 'Newtonsoft.Json.Linq.JValue';
  }
  deepClone(): JValue {
    charge();
    return new JValue(this.#value, this.#type);
  }
  deepEquals(other: JToken): boolean {
    charge();
    return other instanceof JValue && valuesEqual(this, other);
  }
  override [toStringMember](): string {
    return toStringOf(this.#value);
  }
  override [equalsMember](other: Uniform): boolean {
    return other instanceof JValue && valuesEqual(this, other);
  }
  [hashMember](): number {
    return combineHashes(this.#type, hashOf(numberOf(this.#value) ?? this.#value));
  }
  /** JValue.CompareTo: by the type of this value; text is compared with a number as a number. */
  [compareMember](other: Uniform): number {
    if (!(other instanceof JValue)) return 1;
    const type = this.#type === JTokenType.String ? other.type : this.#type;
    return compareValues(type, this.#value, other.value);
  }
}

/** Text that is written as it is. */
export class JRaw extends JValue {
  constructor(json: Uniform) {
    super(json, JTokenType.Raw);
  }
  override get [netType](): string {
    return 'Newtonsoft.Json.Linq.JRaw';
  }
  override deepClone(): JRaw {
    return new JRaw(this.value);
  }
}

export abstract class JContainer extends JToken {
  readonly items: JToken[] = [];

  override get children(): readonly JToken[] {
    return this.items;
  }
  get count(): number {
    return this.items.length;
  }

  /** `Add(object)`: an enumerable adds each of its elements. */
  addContent(content: Uniform): void {
    this.insertContent(this.items.length, content);
  }
  insertContent(index: number, content: Uniform, depth = 0): number {
    if (!isMultiContent(content)) {
      this.insertChild(index, tokenFromContent(content));
      return index + 1;
    }
    guardDepth(depth);
    let at = index;
    for (const item of itemsOf(content)) at = this.insertContent(at, item, depth + 1);
    return at;
  }

  insertChild(index: number, given: JToken | null): void {
    if (index < 0 || index > this.items.length) {
      throw argumentOutOfRange('index', 'Index must be within the bounds of the List.');
    }
    charge();
    const item = this.adopt(given);
    this.validateChild(item, null);
    item.parent = this;
    this.items.splice(index, 0, item);
  }
  setChild(index: number, given: JToken | null): void {
    const existing = this.childAt(index);
    if (existing === given) return;
    const item = this.adopt(given);
    this.validateChild(item, existing);
    existing.parent = null;
    item.parent = this;
    this.items[index] = item;
  }
  childAt(index: number): JToken {
    const item = this.items[index];
    if (!item) {
      throw argumentOutOfRange(
        'index',
        'Index was out of range. Must be non-negative and less than the size of the collection.',
      );
    }
    return item;
  }
  removeAt(index: number): void {
    const item = this.childAt(index);
    charge(1 + this.items.length / 16);
    this.items.splice(index, 1);
    item.parent = null;
  }
  removeChild(item: JToken | null): boolean {
    const index = item ? this.items.indexOf(item) : -1;
    if (index < 0) return false;
    this.removeAt(index);
    return true;
  }
  replaceChild(existing: JToken, replacement: JToken | null): void {
    const index = this.items.indexOf(existing);
    if (index >= 0) this.setChild(index, replacement);
  }
  clear(): void {
    charge(this.items.length);
    for (const item of this.items) item.parent = null;
    this.items.length = 0;
  }
  replaceAll(content: Uniform): void {
    this.clear();
    this.addContent(content);
  }

  /** Without checks, for the reader, which makes fresh tokens only. */
  place(item: JToken): void {
    item.parent = this;
    this.items.push(item);
  }

  protected adopt(item: JToken | null): JToken {
    if (item === null) return new JValue(null);
    if (item.parent || item === this || (item.hasValues && this.root === item)) return item.deepClone();
    return item;
  }
  protected validateChild(item: JToken, _existing: JToken | null): void {
    if (item.type === JTokenType.Property) throw cannotAdd(item, this);
  }
  protected itemsEqual(other: JContainer, depth: number): boolean {
    guardDepth(depth);
    return (
      this.items.length === other.items.length &&
      this.items.every((item, index) => item.deepEquals(other.childAt(index), depth + 1))
    );
  }

  *descendants(self: boolean, depth = 0): IterableIterator<JToken> {
    guardDepth(depth);
    if (self) yield this;
    for (const item of [...this.items]) {
      charge();
      if (item instanceof JContainer) yield* item.descendants(true, depth + 1);
      else yield item;
    }
  }
}

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

function asToken(value: Uniform): JToken | null {
  return value === null ? null : tokenFromContent(value);
}

/** JContainer.CreateFromContent. */
export function tokenFromContent(content: Uniform): JToken {
  return content instanceof JToken ? content : new JValue(content);
}

export function jsonException(message: string): NetException {
  return new NetException('Newtonsoft.Json.JsonException', message);
}

function cannotAdd(item: JToken, to: JToken): NetException {
  return argumentException(`Can not add ${item[netType]} to ${to[netType]}.`);
}

function invalidKey(type: string, verb: 'Accessed' | 'Set', key: Uniform, expected: string): NetException {
  const shown = key === null ? '{null}' : typeof key === 'string' ? `"${key}"` : toStringOf(key);
  return argumentException(`${verb} ${type} values with invalid key value: ${shown}. ${expected} expected.`);
}
