import { argumentNull, invalidCast } from './exceptions.ts';
import { Boxed, typeNameOf, type Uniform } from './values.ts';

/** A .NET array: byte[] is a Uint8Array, every other an Array of UNIFORM elements. */
export type NetArray = Uint8Array | Uniform[];

const boxByte = (byte: number) => new Boxed('System.Byte', byte);
export const elementAt = (array: NetArray, index: number): Uniform =>
  array instanceof Uint8Array ? boxByte(array[index] ?? 0) : array[index];

/** Throws InvalidCastException when a byte[] is to take something else. */
export function put(array: NetArray, index: number, value: Uniform): void {
  if (!(array instanceof Uint8Array)) array[index] = value;
  else if (value instanceof Boxed) array[index] = Number(value.value);
  else throw invalidCast(typeNameOf(value) ?? 'null', 'System.Byte');
}

/** Throws ArgumentNullException. */
export function present<T>(array: T | null, parameter = 'array'): T {
  if (array === null) throw argumentNull(parameter);
  return array;
}
