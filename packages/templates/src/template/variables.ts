import { bindingsAt } from '../evaluate/bindings.ts';
import { copyLoops, copyName, evaluateCopy, evaluateJson, located } from '../evaluate/evaluate-json.ts';
import { type ExpressionScope, section } from '../evaluate/expression-scope.ts';
import type { JsonObject } from '../json/values.ts';

/** Declares the variables of a template, those that `copy` makes too. Each is evaluated when it is first used. */
export function declareVariables(template: JsonObject, scope: ExpressionScope): void {
  const variables = section(template, 'variables') ?? {};
  const bindings = bindingsAt('variable');
  for (const [name, value] of Object.entries(variables)) {
    const loops = name.toLowerCase() === 'copy' ? copyLoops(value) : undefined;
    if (!loops) {
      scope.declareVariable(name, () => located(scope, variables, name, () => evaluateJson(value, scope, bindings)));
      continue;
    }
    for (const loop of loops) {
      const loopName = copyName(loop, scope, bindings);
      scope.declareVariable(loopName, () =>
        located(scope, variables, name, () => evaluateCopy(loop, loopName, scope, bindings)),
      );
    }
  }
}
