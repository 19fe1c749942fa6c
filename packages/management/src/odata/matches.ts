import type { JsonObject, JsonValue } from '@lazuli/store';
import { isJsonObject, memberOf } from '../json/json.ts';
import { type CompareOperator, type FieldReader, type FilterNode, functions } from './filter.ts';

/** Whether an item passes. `extra` answers functions of the provider; what it does not know is false. */
export function matches(
  node: FilterNode,
  read: FieldReader,
  extra: (name: string, operands: readonly JsonValue[]) => boolean = () => false,
): boolean {
  return evaluate(node) === true;

  function evaluate(one: FilterNode): JsonValue | undefined {
    switch (one.kind) {
      case 'literal':
        return one.value;
      case 'field':
        return read(one.path);
      case 'not':
        return evaluate(one.operand) !== true;
      case 'and':
        return evaluate(one.left) === true && evaluate(one.right) === true;
      case 'or':
        return evaluate(one.left) === true || evaluate(one.right) === true;
      case 'compare':
        return compare(one.operator, evaluate(one.left), evaluate(one.right), isDate(one.left) || isDate(one.right));
      case 'in': {
        const value = evaluate(one.operand);
        return one.values.some((candidate) => compare('eq', value, evaluate(candidate), false));
      }
      case 'call':
        return (
          call(one.name, one.operands.map(evaluate)) ??
          extra(
            one.name,
            one.operands.map((operand) => evaluate(operand) ?? null),
          )
        );
      case 'quantifier': {
        const items = read(one.path);
        if (!Array.isArray(items)) return one.name === 'all';
        const passes = (item: JsonValue) => matches(one.body, variableReader(one.variable, item, read), extra);
        return one.name === 'any' ? items.some(passes) : items.every(passes);
      }
    }
  }
}

function variableReader(variable: string, item: JsonValue, outer: FieldReader): FieldReader {
  return (path) => {
    if (path === variable) return item;
    if (!path.startsWith(`${variable}/`)) return outer(path);
    let value: JsonValue | JsonObject | undefined = item;
    for (const name of path.slice(variable.length + 1).split('/'))
      value = isJsonObject(value) ? memberOf(value, name) : undefined;
    return value as JsonValue | undefined;
  };
}

function isDate(node: FilterNode): boolean {
  return node.kind === 'literal' && node.isDate === true;
}

/** Strings compare without regard to case, as in Azure's lists. */
function compare(
  operator: CompareOperator,
  a: JsonValue | undefined,
  b: JsonValue | undefined,
  asDate: boolean,
): boolean {
  const left = comparable(a ?? null, asDate);
  const right = comparable(b ?? null, asDate);
  if (operator === 'eq') return left === right;
  if (operator === 'ne') return left !== right;
  if (left === null || right === null || typeof left !== typeof right || typeof left === 'boolean') return false;
  if (operator === 'gt') return left > right;
  if (operator === 'ge') return left >= right;
  return operator === 'lt' ? left < right : left <= right;
}

function comparable(value: JsonValue, asDate: boolean): string | number | boolean | null {
  if (typeof value === 'string') {
    const time = asDate ? Date.parse(value) : Number.NaN;
    return Number.isNaN(time) ? value.toLowerCase() : time;
  }
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function call(name: string, operands: readonly (JsonValue | undefined)[]): JsonValue | undefined {
  if (functions[name] === undefined) return undefined;
  const text = operands.map((operand) => (typeof operand === 'string' ? operand.toLowerCase() : ''));
  const [first = '', second = ''] = text;
  switch (name) {
    case 'contains':
      return first.includes(second);
    case 'substringof':
      return second.includes(first);
    case 'startswith':
      return first.startsWith(second);
    case 'endswith':
      return first.endsWith(second);
    case 'indexof':
      return first.indexOf(second);
    case 'concat':
      return first + second;
    case 'length':
      return first.length;
    case 'trim':
      return first.trim();
    default:
      return first;
  }
}
