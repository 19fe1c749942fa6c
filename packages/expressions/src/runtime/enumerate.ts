import { charge } from './budget.ts';
import { argumentNull } from './exceptions.ts';
import { Boxed, type Uniform } from './values.ts';

/**
 * The elements of a UNIFORM enumerable, UNIFORM: a string gives its characters, a byte array its bytes, every other
 * enumerable is a JavaScript iterable of its elements. Does not charge the budget; see {@link stepThrough}.
 * Throws ArgumentNullException for null (LINQ's `source`).
 */
export function iterate(value: Uniform, parameter = 'source'): Iterable<Uniform> {
  if (typeof value === 'string') return characters(value);
  if (value instanceof Uint8Array) return bytes(value);
  if (isIterable(value)) return value;
  if (value === null) throw argumentNull(parameter);
  throw new TypeError('The value is not an enumerable of .NET.');
}

/** {@link iterate}, one step of the budget an element. */
export function* stepThrough(value: Uniform, parameter = 'source'): Generator<Uniform, undefined> {
  for (const item of iterate(value, parameter)) {
    charge();
    yield item;
  }
}

export function isIterable(value: Uniform): value is Iterable<Uniform> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** Is the value an `IEnumerable`? Strings and byte arrays are. */
export function isEnumerable(value: Uniform): boolean {
  return typeof value === 'string' || isIterable(value);
}

function* characters(text: string): Generator<Uniform, undefined> {
  for (let i = 0; i < text.length; i++) yield new Boxed('System.Char', text.charCodeAt(i));
}

function* bytes(data: Uint8Array): Generator<Uniform, undefined> {
  for (const byte of data) yield new Boxed('System.Byte', byte);
}
