import { type JsonValue, shownText } from '../json/values.ts';
import { integerArgument, wrongType } from './arguments.ts';
import { eager, type FunctionCall, type FunctionGroup } from './definition.ts';

/** "Numeric functions for ARM templates"; `copyIndex` stands with the deployment functions, `range` with the array functions. */
export const numericFunctions: FunctionGroup = {
  add: eager(2, 2, (args, call) => arithmetic(args, call, (a, b) => a + b)),
  div: eager(2, 2, (args, call) => arithmetic(args, call, (a, b) => Math.trunc(a / divisor(b, call)))),
  float: eager(1, 1, float),
  int: eager(1, 1, int),
  max: eager(1, Infinity, (args, call) => extreme(args, call, Math.max)),
  min: eager(1, Infinity, (args, call) => extreme(args, call, Math.min)),
  mod: eager(2, 2, (args, call) => arithmetic(args, call, (a, b) => a % divisor(b, call))),
  mul: eager(2, 2, (args, call) => arithmetic(args, call, (a, b) => a * b)),
  sub: eager(2, 2, (args, call) => arithmetic(args, call, (a, b) => a - b)),
};

function arithmetic(args: JsonValue[], call: FunctionCall, apply: (a: number, b: number) => number): number {
  const result = apply(integerArgument(args, 0, call), integerArgument(args, 1, call));
  // Azure counts in 64 bits; beyond 53 a JavaScript number would round without saying so.
  if (!Number.isSafeInteger(result)) throw call.error('the result is too large');
  return result + 0;
}

function divisor(value: number, call: FunctionCall): number {
  if (value === 0) throw call.error('attempted to divide by zero');
  return value;
}

function float(args: JsonValue[], call: FunctionCall): number {
  const value = typeof args[0] === 'string' && args[0].trim() !== '' ? Number(args[0]) : args[0];
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw wrongType(args[0], 0, 'a number or the text of one', call);
  return value;
}

function int(args: JsonValue[], call: FunctionCall): number {
  const [value] = args;
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value !== 'string' || !/^\s*[-+]?\d+\s*$/.test(value)) {
    throw call.error(`the value '${shownText(value)}' can't be converted to an integer`);
  }
  const result = Number(value);
  if (!Number.isSafeInteger(result)) throw call.error(`the value '${value}' is too large`);
  return result;
}

function extreme(args: JsonValue[], call: FunctionCall, pick: (...values: number[]) => number): number {
  const values = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
  if (values.length === 0) throw call.error('the array has no items');
  return values.map((_, i) => integerArgument(values, i, call)).reduce((a, b) => pick(a, b));
}
