/**
 * What `System.Object` gives every value: ToString, Equals, GetHashCode, and the default order of `Comparer<T>.Default`,
 * over UNIFORM values. A runtime class takes part by having the members named by these symbols.
 */
import { compareCulture } from './compare-string.ts';
import { enumDescription, enumToString } from './enums.ts';
import { argumentException, NetException } from './exceptions.ts';
import { formatDouble, formatSingle } from './format-double.ts';
import { Boxed, netType, typeNameOf, type Uniform } from './values.ts';

/** `[toStringMember](): string`: the invariant ToString(). */
export const toStringMember: unique symbol = Symbol('ToString');
/** `[equalsMember](other: Uniform): boolean`: `other` is any non-null value. */
export const equalsMember: unique symbol = Symbol('Equals');
/** `[hashMember](): number`: a signed 32-bit integer. */
export const hashMember: unique symbol = Symbol('GetHashCode');
/** `[compareMember](other: Uniform): number`: IComparable.CompareTo; `other` has the same type. */
export const compareMember: unique symbol = Symbol('CompareTo');

interface Overrides {
  readonly [netType]?: string;
  [toStringMember]?(): string;
  [equalsMember]?(other: Uniform): boolean;
  [hashMember]?(): number;
  [compareMember]?(other: Uniform): number;
}

/** The invariant `ToString()` of a UNIFORM value; null is the empty string, as in concatenation and formatting. */
export function toStringOf(value: Uniform): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
      return String(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'object':
      if (value === null) return '';
      if (value instanceof Boxed) return boxedToString(value);
      if (value instanceof NetException) return exceptionToString(value);
      return (value as Overrides)[toStringMember]?.() ?? clrName(typeNameOf(value) ?? 'System.Object');
    case 'function':
      return 'System.Delegate';
    default:
      return '';
  }
}

function boxedToString(boxed: Boxed): string {
  switch (boxed.type) {
    case 'System.Double':
      return formatDouble(Number(boxed.value));
    case 'System.Single':
      return formatSingle(Number(boxed.value));
    case 'System.Char':
      return String.fromCharCode(Number(boxed.value));
    default:
      return enumDescription(boxed.type) ? enumToString(boxed.type, Number(boxed.value)) : String(boxed.value);
  }
}

/** `System.Collections.Generic.List<System.String>` as `Type.ToString()` prints it: ``...List`1[System.String]``. */
export function clrName(name: string): string {
  const open = name.indexOf('<');
  if (open < 0) return name;
  const close = name.lastIndexOf('>');
  const types = splitTypeArguments(name.slice(open + 1, close)).map(clrName);
  return `${name.slice(0, open)}\`${types.length}[${types.join(',')}]${name.slice(close + 1)}`;
}

/** `System.String, List<int>` between the brackets of a generic type's name, apart. */
export function splitTypeArguments(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= list.length; i++) {
    const c = list[i];
    if (c === '<') depth++;
    else if (c === '>') depth--;
    else if (c === undefined || (c === ',' && depth === 0)) {
      parts.push(list.slice(start, i).trim());
      start = i + 1;
    }
  }
  return parts;
}

/** `Object.Equals(a, b)`: value types and strings by type and value, other objects as they say, else by reference. */
export function equalsOf(a: Uniform, b: Uniform): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof Boxed) return b instanceof Boxed && a.type === b.type && sameNumber(a.value, b.value);
  return (a as Overrides)[equalsMember]?.(b) ?? false;
}

/** Double.Equals: NaN equals NaN, and 0.0 equals -0.0. */
function sameNumber(a: number | bigint, b: number | bigint): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

let nextIdentity = 1;
const identities = new WeakMap<object, number>();

/**
 * `GetHashCode()`: equal values have equal hashes. Integers, booleans and characters have .NET's own values; strings
 * differ from .NET's, which are different in every process.
 */
export function hashOf(value: Uniform): number {
  switch (typeof value) {
    case 'string':
      return hashString(value);
    case 'number':
      return value | 0;
    case 'bigint':
      return hashInt64(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'object':
      if (value === null) return 0;
      if (value instanceof Boxed) return hashBoxed(value);
      return (value as Overrides)[hashMember]?.() ?? identityOf(value);
    case 'function':
      return identityOf(value);
    default:
      return 0;
  }
}

function identityOf(value: object): number {
  let identity = identities.get(value);
  if (identity === undefined) {
    identity = nextIdentity++ | 0;
    identities.set(value, identity);
  }
  return identity;
}

export function hashString(text: string): number {
  let hash = 5381;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 33) ^ text.charCodeAt(i)) | 0;
  return hash;
}

export function hashInt64(value: bigint): number {
  return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
}

const float = new DataView(new ArrayBuffer(8));

function hashBoxed(boxed: Boxed): number {
  if (typeof boxed.value === 'bigint') return hashInt64(boxed.value);
  if (boxed.type === 'System.Double') {
    float.setFloat64(0, boxed.value === 0 ? 0 : boxed.value);
    return hashInt64(float.getBigInt64(0));
  }
  if (boxed.type === 'System.Single') {
    float.setFloat32(0, boxed.value === 0 ? 0 : boxed.value);
    return float.getInt32(0);
  }
  if (boxed.type === 'System.Char') return boxed.value | (boxed.value << 16);
  return boxed.value | 0;
}

/** Combines the hashes of parts, for tuples, pairs and anonymous types. */
export function combineHashes(...hashes: readonly number[]): number {
  return hashes.reduce((sum, hash) => (Math.imul(sum, -1521134295) + hash) | 0, 0);
}

/**
 * `Comparer<T>.Default.Compare`: negative, zero or positive; null is less than everything. Strings compare by the
 * invariant culture. Throws ArgumentException when the values have no order.
 */
export function compareOf(a: Uniform, b: Uniform): number {
  if (a === null) return b === null ? 0 : -1;
  if (b === null) return 1;
  if (typeof a === 'string' && typeof b === 'string') return compareCulture(a, b);
  if (typeof a === typeof b && (typeof a === 'number' || typeof a === 'bigint' || typeof a === 'boolean')) {
    return comparePrimitive(a, b as typeof a);
  }
  const typeA = typeNameOf(a);
  const typeB = typeNameOf(b);
  if (a instanceof Boxed && b instanceof Boxed && typeA === typeB) return comparePrimitive(a.value, b.value);
  const compare = typeof a === 'object' ? (a as Overrides)[compareMember] : undefined;
  const comparable = compare !== undefined || a instanceof Boxed || typeof a !== 'object';
  if (!comparable) throw argumentException('At least one object must implement IComparable.');
  if (typeA !== typeB || compare === undefined) throw argumentException(`Object must be of type ${shortName(typeA)}.`);
  return compare.call(a, b);
}

const shortName = (name: string | undefined) => name?.slice(name.lastIndexOf('.') + 1) ?? 'Object';

/** CompareTo of numbers and booleans: NaN is less than everything. */
export function comparePrimitive(a: number | bigint | boolean, b: number | bigint | boolean): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  return Number.isNaN(b) ? 1 : 0;
}

/** `Exception.ToString()`: the type and the message, with the inner exceptions. */
export function exceptionToString(exception: NetException): string {
  const own = exception.message === '' ? exception.typeName : `${exception.typeName}: ${exception.message}`;
  if (!exception.inner) return own;
  return `${own} ---> ${exceptionToString(exception.inner)}\r\n   --- End of inner exception stack trace ---`;
}
