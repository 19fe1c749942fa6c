import { clrName, equalsMember, hashMember, hashString, toStringMember } from './object.ts';
import { netType, type Uniform } from './values.ts';

/** `System.Type`: what `GetType()` and `typeof` give. Types are equal when their names are. */
export class NetType {
  readonly [netType] = 'System.RuntimeType';
  /** With type arguments in C#'s form: `System.Collections.Generic.List<System.String>`. */
  readonly fullName: string;
  constructor(fullName: string) {
    this.fullName = fullName;
  }
  /** ``List`1`` for a generic type. */
  get name(): string {
    const plain = clrName(this.fullName).replace(/\[[^\]].*\](?=(\[\])*$)/, '');
    return plain.slice(plain.lastIndexOf('.') + 1);
  }
  [toStringMember](): string {
    return clrName(this.fullName);
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof NetType && other.fullName === this.fullName;
  }
  [hashMember](): number {
    return hashString(this.fullName);
  }
}
