import type { JsonValue } from '../json/values.ts';
import { booleanArgument } from './arguments.ts';
import { eager, type FunctionCall, type FunctionGroup, lazy } from './definition.ts';

/** "Logical functions for ARM templates" */
export const logicalFunctions: FunctionGroup = {
  and: lazy(2, Infinity, (call) => every(call, true)),
  bool: eager(1, 1, bool),
  false: eager(0, 0, () => false),
  if: lazy(3, 3, (call) => call.value(booleanArgument([call.value(0)], 0, call) ? 1 : 2)),
  not: eager(1, 1, (args, call) => !booleanArgument(args, 0, call)),
  null: eager(0, 0, () => null),
  or: lazy(2, Infinity, (call) => !every(call, false)),
  true: eager(0, 0, () => true),
};

/** True when every argument is `wanted`; stops at the first that is not. */
function every(call: FunctionCall, wanted: boolean): boolean {
  for (let i = 0; i < call.args.length; i++) {
    const args: JsonValue[] = [];
    args[i] = call.value(i);
    if (booleanArgument(args, i, call) !== wanted) return false;
  }
  return true;
}

function bool([value]: JsonValue[], call: FunctionCall): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') {
    const text = value.trim().toLowerCase();
    if (text === 'true' || text === 'false') return text === 'true';
    if (/^[-+]?\d+$/.test(text)) return Number(text) !== 0;
  }
  throw call.error(`the value '${JSON.stringify(value)}' can't be converted to a boolean`);
}
