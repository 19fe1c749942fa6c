import { charge } from '../budget.ts';
import { invalidOperation } from '../exceptions.ts';
import { equalsMember, toStringMember } from '../object.ts';
import { netType, type Uniform } from '../values.ts';
import type { JContainer } from './token.ts';
import { writePath } from './token-path.ts';
import type { JTokenType } from './token-type.ts';
import { writeJson } from './writer.ts';

/**
 * Children know their parent; a token that already has one is cloned when it is added
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
