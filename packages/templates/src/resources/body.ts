import { TemplateError } from '../errors.ts';
import type { Bindings } from '../evaluate/bindings.ts';
import { type EvaluateOptions, evaluateJson, located } from '../evaluate/evaluate-json.ts';
import type { ExpressionScope } from '../evaluate/expression-scope.ts';
import { isObject, type JsonObject, type JsonValue, newObject } from '../json/values.ts';
import type { ResourceInstance } from './expand.ts';

/** Properties that tell the engine what to do with a resource; the provider does not see them. */
const engineProperties = new Set([
  '$options',
  '@options',
  'apiversion',
  'asserts',
  'comments',
  'condition',
  'copy',
  'dependson',
  'existing',
  'metadata',
  'name',
  'resourcegroup',
  'resources',
  'scope',
  'subscriptionid',
  'type',
]);

/** The request body of a resource. Of a nested deployment the template is left out: it is evaluated for itself. */
export function resourceBody(
  instance: ResourceInstance,
  scope: ExpressionScope,
  bindings: Bindings,
  options: EvaluateOptions = {},
): JsonObject {
  const { raw } = instance;
  const body = newObject();
  try {
    for (const [key, value] of Object.entries(raw)) {
      if (engineProperties.has(key.toLowerCase())) continue;
      const source = key.toLowerCase() === 'properties' && isDeployment(instance) ? withoutTemplate(value) : value;
      const evaluated = located(scope, raw, key, () => evaluateJson(source, scope, bindings, options, key));
      // `zones: [if(x, ..., null())]` and the `scale: null` of old exports mean that there is none.
      if (evaluated !== null) body[key] = evaluated;
    }
  } catch (error) {
    if (error instanceof TemplateError && error.problem !== 'ResourceExpression')
      throw inResource(error, instance, scope);
    throw error;
  }
  return body;
}

export function isDeployment({ type }: { readonly type: string }): boolean {
  return type.toLowerCase() === 'microsoft.resources/deployments';
}

function withoutTemplate(properties: JsonValue): JsonValue {
  if (!isObject(properties)) return properties;
  const copy = newObject();
  for (const [key, value] of Object.entries(properties)) {
    if (key.toLowerCase() !== 'template') copy[key] = value;
  }
  return copy;
}

function inResource(error: TemplateError, { id, place }: ResourceInstance, scope: ExpressionScope): TemplateError {
  const position = error.position ?? scope.positions.at(place[0], place[1]);
  return new TemplateError(
    'ResourceExpression',
    { id, line: position?.line ?? 0, column: position?.column ?? 0, reason: error.message },
    { position, path: error.path },
  );
}
