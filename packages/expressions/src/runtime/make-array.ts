import { Boxed, netArray, type Uniform } from './values.ts';

/** The array `type[]` of these elements: a byte[] is a Uint8Array. Takes `items` over. */
export function arrayFrom(type: string, items: Uniform[]): Uint8Array | Uniform[] {
  if (type !== 'System.Byte') return netArray(type, items);
  return Uint8Array.from(items, (item) => (item instanceof Boxed ? Number(item.value) : 0));
}
