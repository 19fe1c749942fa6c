import { TemplateError } from '../errors.ts';
import type { Bindings } from '../evaluate/bindings.ts';
import { evaluateCopy, evaluateJson, located } from '../evaluate/evaluate-json.ts';
import { type ExpressionScope, section } from '../evaluate/expression-scope.ts';
import { NeedsRuntimeValue } from '../evaluate/needs-runtime-value.ts';
import { isObject, type JsonObject, type JsonValue, property } from '../json/values.ts';
import type { PlannedOutput } from '../plan.ts';
import type { TypeSchemas } from '../types/type-schema.ts';
import { shownType } from './parameters.ts';

/** The outputs of a template. What can be evaluated now is, so that its errors show before the deployment. */
export function planOutputs(
  template: JsonObject,
  scope: ExpressionScope,
  bindings: Bindings,
  schemas: TypeSchemas,
): PlannedOutput[] {
  const outputs = section(template, 'outputs') ?? {};
  return Object.entries(outputs).map(([name, output]) =>
    located(scope, outputs, name, () => {
      if (!isObject(output))
        throw new TemplateError('NotATemplate', {
          what: `The output '${name}'`,
          actual: 'no object',
          expected: 'an object',
        });
      const planned = planOutput(name, output, scope, bindings, schemas);
      try {
        planned.evaluate({ lookup: () => undefined });
      } catch (error) {
        if (!(error instanceof NeedsRuntimeValue)) throw error;
      }
      return planned;
    }),
  );
}

function planOutput(
  name: string,
  output: JsonObject,
  scope: ExpressionScope,
  bindings: Bindings,
  schemas: TypeSchemas,
): PlannedOutput {
  return {
    name,
    type: shownType(schemas.typeOf(output, 'output', name)),
    secure: schemas.isSecure(output),
    evaluate: (runtime) => {
      scope.budget.reset();
      const now: Bindings = { ...bindings, location: 'output', runtime };
      const condition = evaluateJson(property(output, 'condition') ?? true, scope, now);
      if (condition !== true) return undefined;
      const value = outputValue(name, output, scope, now);
      const reason = schemas.problem(value, output);
      if (reason !== undefined) throw new TemplateError('OutputInvalid', { name, reason });
      return value;
    },
  };
}

function outputValue(name: string, output: JsonObject, scope: ExpressionScope, bindings: Bindings): JsonValue {
  const loop = property(output, 'copy');
  if (isObject(loop)) return evaluateCopy(loop, name, scope, bindings, {}, name, 'output');
  const value = property(output, 'value');
  if (value === undefined)
    throw new TemplateError('MissingTemplateProperty', { property: 'value', what: `the output '${name}'` });
  return evaluateJson(value, scope, bindings);
}
