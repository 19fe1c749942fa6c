import { isObject, type JsonObject, type JsonValue, typeName } from '../json/values.ts';
import type { FunctionCall } from './definition.ts';

/** Argument `index` as a string; throws the error of the call when it is something else. */
export function stringArgument(args: readonly JsonValue[], index: number, call: FunctionCall): string {
  const value = args[index];
  if (typeof value !== 'string') throw wrongType(value, index, 'a string', call);
  return value;
}

export function integerArgument(args: readonly JsonValue[], index: number, call: FunctionCall): number {
  const value = args[index];
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(value, index, 'an integer', call);
  return value;
}

export function booleanArgument(args: readonly JsonValue[], index: number, call: FunctionCall): boolean {
  const value = args[index];
  if (typeof value !== 'boolean') throw wrongType(value, index, 'a boolean', call);
  return value;
}

export function arrayArgument(args: readonly JsonValue[], index: number, call: FunctionCall): JsonValue[] {
  const value = args[index];
  if (!Array.isArray(value)) throw wrongType(value, index, 'an array', call);
  return value;
}

export function objectArgument(args: readonly JsonValue[], index: number, call: FunctionCall): JsonObject {
  const value = args[index];
  if (!isObject(value)) throw wrongType(value, index, 'an object', call);
  return value;
}

/** Strings, numbers and booleans, as Azure writes them: booleans are `True` and `False`. */
export function scalarText(value: JsonValue | undefined, index: number, call: FunctionCall): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  throw wrongType(value, index, 'a string', call);
}

export function wrongType(value: JsonValue | undefined, index: number, expected: string, call: FunctionCall) {
  const actual = value === undefined ? 'nothing' : `'${typeName(value)}'`;
  return call.error(`argument '${index + 1}' is of type ${actual}; expected ${expected}`);
}

/** Compares in the order of .NET's ordinal comparison (UTF-16 units). */
export function ordinal(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
