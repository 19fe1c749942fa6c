/**
 * How .NET values are represented in JavaScript. Two representations, and the binder knows statically which one it holds:
 *
 * - RAW, when the static type is known exactly (a local, a parameter, a return value, an operand):
 *   | .NET                                   | JavaScript                                        |
 *   |----------------------------------------|---------------------------------------------------|
 *   | bool                                   | boolean                                           |
 *   | sbyte byte short ushort int uint       | number (an integer in range)                      |
 *   | long ulong                             | bigint (in range)                                 |
 *   | float double                           | number                                            |
 *   | char                                   | number (a UTF-16 code unit)                       |
 *   | any enum                               | number                                            |
 *   | string                                 | string                                            |
 *   | decimal DateTime TimeSpan Guid ...     | an instance of a class of `runtime/` or `surface/` |
 *   | byte[]                                 | Uint8Array                                        |
 *   | T[]                                    | Array of UNIFORM elements, see {@link netArray}   |
 *   | a delegate (Func, Action, ...)         | function over UNIFORM arguments and result        |
 *   | Nullable<T>                            | RAW of T, or null                                 |
 *   | a reference type                       | an object, or null (never undefined)              |
 *
 * - UNIFORM, wherever the static type is `object`, an interface, a type parameter, or an element of anything generic
 *   (array, List<T>, IEnumerable<T>, Dictionary values, Func arguments): the value says its own .NET type.
 *   bool, string, int (number), long (bigint) and objects stand for themselves; every other value type that would be
 *   ambiguous (double, float, char, byte, sbyte, short, ushort, uint, ulong, enums) is {@link Boxed}.
 *
 * Everything that leaves an expression, and everything in `context.Variables`, is UNIFORM.
 */
export type Uniform = unknown;

/** A property that every runtime class of a .NET type carries: its full .NET name, e.g. `System.DateTime`. */
export const netType: unique symbol = Symbol('netType');

/** A value type inside `object`, when JavaScript alone could not tell its .NET type. */
export class Boxed {
  readonly type: string;
  readonly value: number | bigint;
  constructor(type: string, value: number | bigint) {
    this.type = type;
    this.value = value;
  }
}

const identity = new Set(['System.Boolean', 'System.Int32', 'System.Int64', 'System.String']);
const ambiguous = new Set([
  'System.Double',
  'System.Single',
  'System.Char',
  'System.Byte',
  'System.SByte',
  'System.Int16',
  'System.UInt16',
  'System.UInt32',
  'System.UInt64',
]);

/** RAW to UNIFORM for a value of the static type `type` (full name). Enums pass `isEnum`. */
export function box(type: string, raw: unknown, isEnum = false): Uniform {
  if (raw === null || identity.has(type)) return raw;
  if (isEnum || ambiguous.has(type)) return new Boxed(type, raw as number | bigint);
  return raw;
}

/** UNIFORM to RAW, without a check: the caller knows the type. */
export function unbox(value: Uniform): unknown {
  return value instanceof Boxed ? value.value : value;
}

/** The full .NET name of the run-time type of a UNIFORM value; `undefined` for null and for a value that is not .NET's. */
export function typeNameOf(value: Uniform): string | undefined {
  switch (typeof value) {
    case 'string':
      return 'System.String';
    case 'number':
      return 'System.Int32';
    case 'bigint':
      return 'System.Int64';
    case 'boolean':
      return 'System.Boolean';
    case 'object':
      if (value === null) return undefined;
      if (value instanceof Boxed) return value.type;
      if (value instanceof Uint8Array) return 'System.Byte[]';
      if (Array.isArray(value)) return `${elementTypeOf(value)}[]`;
      return (value as { [netType]?: string })[netType];
    default:
      return undefined;
  }
}

const elementType: unique symbol = Symbol('elementType');

/** Marks a JavaScript array as the .NET array `type[]`. Elements are UNIFORM. */
export function netArray(type: string, items: Uniform[]): Uniform[] {
  Object.defineProperty(items, elementType, { value: type });
  return items;
}

/** The element type of a .NET array; `System.String` for an array that the host made (header and query values). */
export function elementTypeOf(array: readonly Uniform[]): string {
  return statedElementType(array) ?? 'System.String';
}

export function statedElementType(array: readonly Uniform[]): string | undefined {
  return (array as { [elementType]?: string })[elementType];
}
