import { equalsMember, toStringMember } from '../object.ts';
import { netType } from '../values.ts';

/** `System.Numerics.BigInteger`: only as the value of a JSON number that does not fit into a `long`. */
export class BigInteger {
  get [netType](): string {
    return 'System.Numerics.BigInteger';
  }
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
  [toStringMember](): string {
    return this.value.toString();
  }
  [equalsMember](other: unknown): boolean {
    return other instanceof BigInteger && other.value === this.value;
  }
}
