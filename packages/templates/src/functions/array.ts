import {
  isObject,
  type JsonObject,
  type JsonValue,
  newObject,
  property,
  propertyKey,
  sameJson,
} from '../json/values.ts';
import { limits } from '../limits.ts';
import {
  arrayArgument,
  integerArgument,
  objectArgument,
  ordinal,
  scalarText,
  stringArgument,
  wrongType,
} from './arguments.ts';
import { eager, type FunctionCall, type FunctionGroup } from './definition.ts';

/** "Array functions for ARM templates" and "Object functions for ARM templates"; those that take strings too stand here. */
export const arrayFunctions: FunctionGroup = {
  array: eager(1, 1, ([value]) => (Array.isArray(value) ? value : [value!])),
  concat: eager(1, Infinity, concat),
  contains: eager(2, 2, contains),
  createArray: eager(0, Infinity, (args) => args),
  createObject: eager(0, Infinity, createObject),
  empty: eager(1, 1, ([value], call) => sizeOf(value!, call) === 0),
  first: eager(1, 1, (args, call) => end(args, call, (list) => list[0])),
  flatten: eager(1, 1, (args, call) =>
    arrayArgument(args, 0, call).flatMap((_, i, list) => arrayArgument(list, i, call)),
  ),
  indexFromEnd: eager(2, 2, indexFromEnd),
  indexOf: eager(2, 2, (args, call) => find(args, call, 'indexOf')),
  intersection: eager(2, Infinity, intersection),
  items: eager(1, 1, items),
  last: eager(1, 1, (args, call) => end(args, call, (list) => list.at(-1))),
  lastIndexOf: eager(2, 2, (args, call) => find(args, call, 'lastIndexOf')),
  // Bicep writes length(x.?y) for loops over what may be missing.
  length: eager(1, 1, ([value], call) => sizeOf(value!, call)),
  objectKeys: eager(1, 1, (args, call) => Object.keys(objectArgument(args, 0, call)).sort(ordinal)),
  range: eager(2, 2, range),
  shallowMerge: eager(1, 1, shallowMerge),
  skip: eager(2, 2, (args, call) => slice(args, call, (list, count) => list.slice(Math.max(count, 0)))),
  take: eager(2, 2, (args, call) => slice(args, call, (list, count) => list.slice(0, Math.max(count, 0)))),
  tryGet: eager(2, Infinity, tryGet),
  tryIndexFromEnd: eager(2, 2, (args, call) => {
    const index = integerArgument(args, 1, call);
    return Array.isArray(args[0]) && index >= 1 ? (args[0].at(-index) ?? null) : null;
  }),
  union: eager(1, Infinity, union),
};

function concat(args: JsonValue[], call: FunctionCall): JsonValue {
  if (args.some(Array.isArray)) return args.flatMap((_, i) => arrayArgument(args, i, call));
  return args.map((arg, i) => scalarText(arg, i, call)).join('');
}

/** Strings and items compare with case, keys of objects without. */
function contains(args: JsonValue[], call: FunctionCall): boolean {
  const [container, item] = args;
  if (Array.isArray(container)) return container.some((each) => sameJson(each, item!));
  if (isObject(container)) return propertyKey(container, scalarText(item, 1, call)) !== undefined;
  return stringArgument(args, 0, call).includes(scalarText(item, 1, call));
}

function createObject(args: JsonValue[], call: FunctionCall): JsonObject {
  if (args.length % 2 !== 0) throw call.error('the arguments must be pairs of a key and a value');
  const object = newObject();
  for (let i = 0; i < args.length; i += 2) object[stringArgument(args, i, call)] = args[i + 1]!;
  return object;
}

function sizeOf(value: JsonValue, call: FunctionCall): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  if (value === null) return 0;
  throw wrongType(value, 0, 'an array, an object or a string', call);
}

function end(
  args: JsonValue[],
  call: FunctionCall,
  pick: (list: readonly JsonValue[]) => JsonValue | undefined,
): JsonValue {
  const value = args[0]!;
  if (typeof value === 'string') return pick([...value]) ?? '';
  return pick(arrayArgument(args, 0, call)) ?? null;
}

function indexFromEnd(args: JsonValue[], call: FunctionCall): JsonValue {
  const index = integerArgument(args, 1, call);
  const value = index < 1 ? undefined : arrayArgument(args, 0, call).at(-index);
  if (value === undefined) throw call.error(`the index '${index}' from the end is out of bounds`);
  return value;
}

/** In strings without regard to case, in arrays with. */
function find(args: JsonValue[], call: FunctionCall, method: 'indexOf' | 'lastIndexOf'): number {
  const [list, item] = args;
  if (Array.isArray(list)) {
    return method === 'indexOf'
      ? list.findIndex((each) => sameJson(each, item!))
      : list.findLastIndex((each) => sameJson(each, item!));
  }
  return stringArgument(args, 0, call)
    .toLowerCase()
    [method](stringArgument(args, 1, call).toLowerCase());
}

function intersection(args: JsonValue[], call: FunctionCall): JsonValue {
  const [first, ...others] = args;
  if (Array.isArray(first)) {
    call.scope.budget.charge(others.length * first.length);
    const lists = others.map((_, i) => keysOf(arrayArgument(args, i + 1, call)));
    return distinct(first.filter((item) => lists.every((list) => list.has(canonical(item)))));
  }
  const common = newObject();
  for (const [key, value] of Object.entries(objectArgument(args, 0, call))) {
    const everywhere = others.every((_, i) => {
      const other = property(objectArgument(args, i + 1, call), key);
      return other !== undefined && sameJson(other, value);
    });
    if (everywhere) common[key] = value;
  }
  return common;
}

function items(args: JsonValue[], call: FunctionCall): JsonValue {
  return Object.entries(objectArgument(args, 0, call))
    .sort(([a], [b]) => ordinal(a.toLowerCase(), b.toLowerCase()) || ordinal(a, b))
    .map(([key, value]) => Object.assign(newObject(), { key, value }));
}

function range(args: JsonValue[], call: FunctionCall): JsonValue {
  const start = integerArgument(args, 0, call);
  const count = integerArgument(args, 1, call);
  if (count < 0 || count > limits.rangeCount) {
    throw call.error(`the count '${count}' must be between '0' and '${limits.rangeCount}'`);
  }
  if (start + count > 2147483647) throw call.error("the sum of start and count must not exceed '2147483647'");
  return Array.from({ length: count }, (_, i) => start + i);
}

function shallowMerge(args: JsonValue[], call: FunctionCall): JsonValue {
  const merged = newObject();
  arrayArgument(args, 0, call).forEach((_, i, list) => {
    Object.assign(merged, objectArgument(list, i, call));
  });
  return merged;
}

function slice(
  args: JsonValue[],
  call: FunctionCall,
  cut: (list: string | JsonValue[], count: number) => string | JsonValue[],
): JsonValue {
  const value = args[0]!;
  if (typeof value !== 'string' && !Array.isArray(value)) throw wrongType(value, 0, 'an array or a string', call);
  return cut(value, integerArgument(args, 1, call));
}

function tryGet(args: JsonValue[], call: FunctionCall): JsonValue {
  let value: JsonValue = args[0]!;
  for (let i = 1; i < args.length; i++) {
    const key = args[i]!;
    let next: JsonValue | undefined;
    if (Array.isArray(value)) next = typeof key === 'number' ? value[key] : undefined;
    else if (isObject(value)) next = property(value, scalarText(key, i, call));
    if (next === undefined) return null;
    value = next;
  }
  return value;
}

/** Objects merge into each other, nested ones too; of arrays every distinct item stays, in order. */
function union(args: JsonValue[], call: FunctionCall): JsonValue {
  if (Array.isArray(args[0])) return distinct(args.flatMap((_, i) => arrayArgument(args, i, call)));
  return args.map((_, i) => objectArgument(args, i, call)).reduce((a, b) => merge(a, b));
}

function merge(a: JsonObject, b: JsonObject): JsonObject {
  const merged: JsonObject = Object.assign(newObject(), a);
  for (const [key, value] of Object.entries(b)) {
    const existing = propertyKey(merged, key);
    const before = existing === undefined ? undefined : merged[existing];
    merged[existing ?? key] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return merged;
}

function distinct(list: readonly JsonValue[]): JsonValue[] {
  const seen = new Set<string>();
  return list.filter((item) => {
    const key = canonical(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function keysOf(list: readonly JsonValue[]): Set<string> {
  return new Set(list.map(canonical));
}

/** Text that is the same for the same JSON, whatever the order of its keys. */
function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_, item: JsonValue) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => ordinal(a, b))) : item,
  );
}
