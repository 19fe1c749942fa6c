import { TemplateError } from '../errors.ts';
import type { FunctionCall, TemplateFunction } from '../functions/definition.ts';
import { functionTable, isListFunction, listFunction } from '../functions/table.ts';
import { type JsonValue, property, typeName } from '../json/values.ts';
import type { Access, Call, Expression } from '../language/ast.ts';
import type { Bindings } from './bindings.ts';
import type { ExpressionScope } from './expression-scope.ts';

/** The value of an expression. Throws `TemplateError`, or `NeedsRuntimeValue` while a run-time value is missing. */
export function evaluate(expression: Expression, scope: ExpressionScope, bindings: Bindings): JsonValue {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'access') return access(expression, scope, bindings);
  return call(expression, scope, bindings);
}

function call(expression: Call, scope: ExpressionScope, bindings: Bindings): JsonValue {
  scope.budget.charge(1);
  if (expression.namespace !== undefined) {
    const args = expression.args.map((arg) => evaluate(arg, scope, bindings));
    return scope.callUserFunction(expression.namespace, expression.name, args);
  }
  const definition = functionNamed(expression.name);
  if (definition === undefined) throw new TemplateError('UnknownFunction', { function: expression.name });
  checkCount(expression, definition);
  const value = definition.evaluate(functionCall(expression, scope, bindings));
  if (!passing.has(expression.name.toLowerCase())) scope.budget.produced(value);
  return value;
}

/** Functions that hand on a value that exists already: it costs nothing, however large it is. */
const passing = new Set([
  'coalesce',
  'first',
  'if',
  'indexfromend',
  'lambdavariables',
  'last',
  'parameters',
  'reference',
  'tryget',
  'tryindexfromend',
  'variables',
]);

export function functionNamed(name: string): TemplateFunction | undefined {
  return functionTable.get(name.toLowerCase()) ?? (isListFunction(name) ? listFunction : undefined);
}

function checkCount({ name, args }: Call, { min, max }: TemplateFunction): void {
  if (args.length >= min && args.length <= max) return;
  const expected = min === max ? `exactly '${min}'` : max === Infinity ? `at least '${min}'` : `'${min}' to '${max}'`;
  throw new TemplateError('FunctionArguments', {
    function: name,
    reason: `the function takes ${expected} argument(s) and '${args.length}' were given`,
  });
}

function functionCall(expression: Call, scope: ExpressionScope, bindings: Bindings): FunctionCall {
  return {
    name: expression.name,
    args: expression.args,
    scope,
    bindings,
    value: (index) => evaluate(expression.args[index]!, scope, bindings),
    values: () => expression.args.map((arg) => evaluate(arg, scope, bindings)),
    lambda: (index) => lambda(expression, index, scope, bindings),
    error: (reason) => new TemplateError('FunctionArguments', { function: expression.name, reason }),
  };
}

/** `lambda('a', 'b', body)` as a function of its variables. */
function lambda(outer: Call, index: number, scope: ExpressionScope, bindings: Bindings) {
  const expression = outer.args[index];
  if (expression?.kind !== 'call' || expression.name.toLowerCase() !== 'lambda') {
    throw new TemplateError('FunctionArguments', {
      function: outer.name,
      reason: `argument '${index + 1}' must be a lambda function`,
    });
  }
  const names = expression.args.slice(0, -1).map((arg) => {
    if (arg.kind === 'literal' && typeof arg.value === 'string') return arg.value;
    throw new TemplateError('FunctionArguments', { function: 'lambda', reason: 'its variable names must be strings' });
  });
  const body = expression.args.at(-1);
  if (body === undefined)
    throw new TemplateError('FunctionArguments', { function: 'lambda', reason: 'it has no body' });
  return {
    parameters: names.length,
    apply: (...values: JsonValue[]): JsonValue => {
      scope.budget.charge(1);
      const lambdaVariables = new Map(bindings.lambdaVariables);
      names.forEach((name, i) => {
        lambdaVariables.set(name.toLowerCase(), values[i] ?? null);
      });
      return evaluate(body, scope, { ...bindings, lambdaVariables });
    },
  };
}

function access(expression: Access, scope: ExpressionScope, bindings: Bindings): JsonValue {
  const target = evaluate(expression.target, scope, bindings);
  const key = evaluate(expression.key, scope, bindings);
  return member(target, key);
}

/** `target[key]`: a property of an object (whatever its case) or an item of an array, counted from 0. */
export function member(target: JsonValue, key: JsonValue): JsonValue {
  if (Array.isArray(target)) {
    const index = typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : key;
    if (typeof index !== 'number')
      throw new TemplateError('PropertyOfNonObject', { property: text(key), actual: 'Array' });
    const item = target[index];
    if (item === undefined) throw new TemplateError('IndexOutOfBounds', { index });
    return item;
  }
  const name = typeof key === 'number' ? String(key) : key;
  if (typeof target !== 'object' || target === null || typeof name !== 'string') {
    throw new TemplateError('PropertyOfNonObject', { property: text(key), actual: typeName(target) });
  }
  const value = property(target, name);
  if (value === undefined) {
    throw new TemplateError('PropertyNotFound', { property: name, available: Object.keys(target).join(', ') });
  }
  return value;
}

function text(key: JsonValue): string {
  return typeof key === 'string' ? key : JSON.stringify(key);
}
