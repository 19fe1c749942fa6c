import { type JsonValue, sameJson } from '../json/values.ts';
import { ordinal, wrongType } from './arguments.ts';
import { eager, type FunctionCall, type FunctionGroup, lazy } from './definition.ts';

/** "Comparison functions for ARM templates" */
export const comparisonFunctions: FunctionGroup = {
  coalesce: lazy(1, Infinity, coalesce),
  equals: eager(2, 2, ([a, b]) => sameJson(a!, b!)),
  greater: eager(2, 2, (args, call) => compare(args, call) > 0),
  greaterOrEquals: eager(2, 2, (args, call) => compare(args, call) >= 0),
  less: eager(2, 2, (args, call) => compare(args, call) < 0),
  lessOrEquals: eager(2, 2, (args, call) => compare(args, call) <= 0),
};

/** The first value that is not null; later arguments are not evaluated. */
function coalesce(call: FunctionCall): JsonValue {
  for (let i = 0; i < call.args.length; i++) {
    const value = call.value(i);
    if (value !== null) return value;
  }
  return null;
}

function compare(args: readonly JsonValue[], call: FunctionCall): number {
  const [a, b] = args;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return ordinal(a, b);
  const index = typeof a === 'number' || typeof a === 'string' ? 1 : 0;
  throw wrongType(args[index], index, typeof a === 'number' ? 'a number' : 'a string or a number', call);
}
