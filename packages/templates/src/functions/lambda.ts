import { type JsonObject, type JsonValue, newObject, propertyKey } from '../json/values.ts';
import { arrayArgument, booleanArgument, objectArgument, scalarText, stringArgument } from './arguments.ts';
import { type FunctionCall, type FunctionGroup, type Lambda, lazy } from './definition.ts';

/** "Lambda functions for ARM templates" */
export const lambdaFunctions: FunctionGroup = {
  filter: lazy(2, 2, (call) => filter(call)),
  groupBy: lazy(2, 2, groupBy),
  lambda: lazy(1, Infinity, (call) => {
    throw call.error(
      'a lambda function is expected only as an argument of filter, groupBy, map, mapValues, reduce, sort and toObject',
    );
  }),
  lambdaVariables: lazy(1, 1, lambdaVariable),
  map: lazy(2, 2, map),
  mapValues: lazy(2, 2, mapValues),
  reduce: lazy(3, 3, reduce),
  sort: lazy(2, 2, sort),
  toObject: lazy(2, 3, toObject),
};

function list(call: FunctionCall): JsonValue[] {
  return arrayArgument([call.value(0)], 0, call);
}

/** The lambda of argument `index`, which may declare `min` to `max` variables. */
function lambdaOf(call: FunctionCall, index: number, min: number, max: number): Lambda {
  const lambda = call.lambda(index);
  if (lambda.parameters < min || lambda.parameters > max) {
    throw call.error(`the lambda function must have '${min}'${max > min ? ` to '${max}'` : ''} variable(s)`);
  }
  return lambda;
}

function filter(call: FunctionCall): JsonValue {
  const test = lambdaOf(call, 1, 1, 2);
  return list(call).filter((item, i) => booleanArgument([test.apply(item, i)], 0, call));
}

function map(call: FunctionCall): JsonValue {
  const change = lambdaOf(call, 1, 1, 2);
  return list(call).map((item, i) => change.apply(item, i));
}

function mapValues(call: FunctionCall): JsonValue {
  const change = lambdaOf(call, 1, 1, 1);
  const object = newObject();
  for (const [key, value] of Object.entries(objectArgument([call.value(0)], 0, call)))
    object[key] = change.apply(value);
  return object;
}

function reduce(call: FunctionCall): JsonValue {
  const combine = lambdaOf(call, 2, 2, 3);
  return list(call).reduce<JsonValue>((total, item, i) => combine.apply(total, item, i), call.value(1));
}

/** The lambda says whether its first argument comes before its second. */
function sort(call: FunctionCall): JsonValue {
  const before = lambdaOf(call, 1, 2, 2);
  const isBefore = (a: JsonValue, b: JsonValue) => booleanArgument([before.apply(a, b)], 0, call);
  return [...list(call)].sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
}

function groupBy(call: FunctionCall): JsonValue {
  const key = lambdaOf(call, 1, 1, 1);
  const groups = newObject();
  for (const item of list(call)) {
    const name = stringArgument([key.apply(item)], 0, call);
    const group = groups[propertyKey(groups, name) ?? name];
    if (Array.isArray(group)) group.push(item);
    else groups[name] = [item];
  }
  return groups;
}

function toObject(call: FunctionCall): JsonValue {
  const key = lambdaOf(call, 1, 1, 1);
  const value = call.args.length === 3 ? lambdaOf(call, 2, 1, 1) : undefined;
  const object: JsonObject = newObject();
  for (const item of list(call)) object[scalarText(key.apply(item), 0, call)] = value ? value.apply(item) : item;
  return object;
}

function lambdaVariable(call: FunctionCall): JsonValue {
  const name = stringArgument([call.value(0)], 0, call);
  const value = call.bindings.lambdaVariables.get(name.toLowerCase());
  if (value === undefined) throw call.error(`there is no lambda variable '${name}' here`);
  return value;
}
