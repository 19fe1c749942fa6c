import { charge } from '../budget.ts';
import { argumentException, argumentOutOfRange, NetException } from '../exceptions.ts';
import { toStringOf } from '../object.ts';
import { netType, type Uniform } from '../values.ts';
import { isMultiContent, itemsOf } from './content.ts';
import { guardDepth } from './depth.ts';
import { JToken } from './j-token.ts';
import { JValue } from './j-value.ts';
import { JTokenType } from './token-type.ts';

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

/** An element or a property's value as the collection protocol gives it. */
export function asToken(value: Uniform): JToken | null {
  return value === null ? null : tokenFromContent(value);
}

/** JContainer.CreateFromContent. */
export function tokenFromContent(content: Uniform): JToken {
  return content instanceof JToken ? content : new JValue(content);
}

export function jsonException(message: string): NetException {
  return new NetException('Newtonsoft.Json.JsonException', message);
}

export function cannotAdd(item: JToken, to: JToken): NetException {
  return argumentException(`Can not add ${item[netType]} to ${to[netType]}.`);
}

export function invalidKey(type: string, verb: 'Accessed' | 'Set', key: Uniform, expected: string): NetException {
  const shown = key === null ? '{null}' : typeof key === 'string' ? `"${key}"` : toStringOf(key);
  return argumentException(`${verb} ${type} values with invalid key value: ${shown}. ${expected} expected.`);
}
