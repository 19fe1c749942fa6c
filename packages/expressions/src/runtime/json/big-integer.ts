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
  toString(): string {
    return this.value.toString();
  }
  equals(other: unknown): boolean {
    return other instanceof BigInteger && other.value === this.value;
  }
}
