import type { Bindings } from '../evaluate/bindings.ts';
import { evaluate } from '../evaluate/evaluator.ts';
import type { ExpressionScope } from '../evaluate/expression-scope.ts';
import { isListFunction } from '../functions/table.ts';
import { isObject, type JsonValue } from '../json/values.ts';
import type { Expression } from '../language/ast.ts';
import { isExpression } from '../language/text.ts';

/** What the run-time functions of a piece of template look at, as far as their first argument is known before the deployment. */
export function runtimeReferences(value: JsonValue, scope: ExpressionScope, bindings: Bindings): Set<string> {
  const found = new Set<string>();
  walk(value, scope, bindings, found);
  return found;
}

function walk(value: JsonValue, scope: ExpressionScope, bindings: Bindings, found: Set<string>): void {
  if (typeof value === 'string') {
    if (isExpression(value)) collect(scope.parse(value.slice(1, -1)), scope, bindings, found);
  } else if (Array.isArray(value)) {
    for (const item of value) walk(item, scope, bindings, found);
  } else if (isObject(value)) {
    for (const item of Object.values(value)) walk(item, scope, bindings, found);
  }
}

function collect(expression: Expression, scope: ExpressionScope, bindings: Bindings, found: Set<string>): void {
  if (expression.kind === 'literal') return;
  if (expression.kind === 'access') {
    collect(expression.target, scope, bindings, found);
    collect(expression.key, scope, bindings, found);
    return;
  }
  const name = expression.name.toLowerCase();
  const [first] = expression.args;
  const looks =
    expression.namespace === undefined && (name === 'reference' || name === 'references' || isListFunction(name));
  if (looks && first) {
    const target = knownValue(first, scope, bindings);
    if (typeof target === 'string') found.add(target);
  }
  for (const arg of expression.args) collect(arg, scope, bindings, found);
}

/** Undefined where the argument depends on a loop or a lambda that is not running here, or on the run time itself. */
function knownValue(expression: Expression, scope: ExpressionScope, bindings: Bindings): JsonValue | undefined {
  try {
    return evaluate(expression, scope, bindings);
  } catch {
    return undefined;
  }
}
