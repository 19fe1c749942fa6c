import { TemplateError } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue, newObject, property, propertyKey } from '../json/values.ts';
import { isExpression, literalText } from '../language/text.ts';
import { limits } from '../limits.ts';
import type { Bindings, CopyIndex } from './bindings.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { NeedsRuntimeValue } from './needs-runtime-value.ts';

export interface EvaluateOptions {
  /** Collects the paths whose value needs the run time; their expressions stay as text. Absent: `NeedsRuntimeValue` is thrown. */
  readonly late?: string[];
  /** Run-time values are only partly there: what fails counts as late too. */
  readonly partial?: boolean;
  /** Called with the id of a resource whose value is missing. */
  readonly onRequest?: (id: string) => void;
}

/**
 * Evaluates every expression in a piece of template: in values, in property names and in `copy` loops ("Property
 * iteration in ARM templates").
 */
export function evaluateJson(
  value: JsonValue,
  scope: ExpressionScope,
  bindings: Bindings,
  options: EvaluateOptions = {},
  path = '',
): JsonValue {
  if (typeof value === 'string') return evaluateText(value, scope, bindings, options, path);
  // What a loop repeats counts; what stands in the template once is bounded by its size.
  if (bindings.copies.length > 0) scope.budget.charge(1);
  if (Array.isArray(value)) {
    return value.map((item, i) =>
      located(scope, value, i, () => evaluateJson(item, scope, bindings, options, `${path}[${i}]`)),
    );
  }
  if (isObject(value)) return evaluateObject(value, scope, bindings, options, path);
  return value;
}

/** The value of a string of the template: an expression or the text itself. */
export function evaluateText(
  text: string,
  scope: ExpressionScope,
  bindings: Bindings,
  options: EvaluateOptions = {},
  path = '',
): JsonValue {
  if (!isExpression(text)) return literalText(text);
  try {
    return scope.evaluate(text.slice(1, -1), bindings);
  } catch (error) {
    const late = error instanceof NeedsRuntimeValue || (options.partial && error instanceof TemplateError);
    if (!late || options.late === undefined) throw error;
    options.late.push(path);
    if (error instanceof NeedsRuntimeValue && error.request) options.onRequest?.(error.request.id);
    return text;
  }
}

function evaluateObject(
  object: JsonObject,
  scope: ExpressionScope,
  bindings: Bindings,
  options: EvaluateOptions,
  path: string,
): JsonObject {
  const result = newObject();
  for (const [key, value] of Object.entries(object)) {
    located(scope, object, key, () => {
      const loops = key.toLowerCase() === 'copy' ? copyLoops(value) : undefined;
      if (loops) {
        for (const loop of loops) {
          const name = copyName(loop, scope, bindings);
          result[name] = evaluateCopy(loop, name, scope, bindings, options, join(path, name));
        }
        return;
      }
      const name = isExpression(key) ? scope.evaluate(key.slice(1, -1), bindings) : literalText(key);
      if (typeof name !== 'string') {
        throw new TemplateError('NotATemplate', {
          what: `The property name '${key}'`,
          actual: 'no string',
          expected: 'a string',
        });
      }
      result[name] = evaluateJson(value, scope, bindings, options, join(path, name));
    });
  }
  return result;
}

/** The loops of a `copy` property; undefined when it is an ordinary property of that name. */
export function copyLoops(value: JsonValue): JsonObject[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const loops = value
    .filter(isObject)
    .filter((item) => propertyKey(item, 'count') !== undefined && propertyKey(item, 'input') !== undefined);
  return loops.length === value.length ? loops : undefined;
}

export function copyName(loop: JsonObject, scope: ExpressionScope, bindings: Bindings): string {
  const name = evaluateJson(property(loop, 'name') ?? null, scope, bindings);
  if (typeof name !== 'string' || name === '')
    throw new TemplateError('CopyInvalid', { name: '', reason: "it has no 'name'" });
  return name;
}

/** The items of one property, variable or output loop. */
export function evaluateCopy(
  loop: JsonObject,
  name: string,
  scope: ExpressionScope,
  bindings: Bindings,
  options: EvaluateOptions = {},
  path = name,
  of: CopyIndex['of'] = 'property',
): JsonValue[] {
  const input = property(loop, 'input') ?? null;
  const count = copyCount(loop, name, scope, bindings);
  return Array.from({ length: count }, (_, index) => {
    scope.budget.charge(1);
    return evaluateJson(
      input,
      scope,
      { ...bindings, copies: [...bindings.copies, { name, of, index }] },
      options,
      `${path}[${index}]`,
    );
  });
}

/** The evaluated `count` of a loop: 0 to 800. */
export function copyCount(loop: JsonObject, name: string, scope: ExpressionScope, bindings: Bindings): number {
  let count: JsonValue;
  try {
    count = evaluateJson(property(loop, 'count') ?? null, scope, bindings);
  } catch (error) {
    if (error instanceof NeedsRuntimeValue && error.request) {
      throw new TemplateError('RuntimeFunctionNotHere', {
        function: error.functionName,
        what: `the count of the copy loop '${name}'`,
      });
    }
    throw error;
  }
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) {
    throw new TemplateError('CopyInvalid', {
      name,
      reason: `its count is '${JSON.stringify(count)}'; expected an integer from 0`,
    });
  }
  if (count > limits.copyCount) {
    throw new TemplateError('CopyInvalid', {
      name,
      reason: `its count is '${count}'; at most '${limits.copyCount}' are allowed`,
    });
  }
  return count;
}

/** Runs `work`, and gives an error without a place the place of `key` in `container`. */
export function located<T>(scope: ExpressionScope, container: object, key: string | number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateError && error.position === undefined) {
      const position = scope.positions.at(container, key);
      if (position) throw error.at(position);
    }
    throw error;
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
