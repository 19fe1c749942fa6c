import { charge } from '../budget.ts';
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
import { JToken } from './j-token.ts';
import { JTokenType } from './token-type.ts';
import { compareValues, numberOf, tokenTypeOfValue, valuesEqual } from './token-value.ts';

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
