import { randomUUID } from 'node:crypto';
import { TemplateError } from './errors.ts';
import { azureCloud } from './evaluate/azure-cloud.ts';
import { type Bindings, bindingsAt } from './evaluate/bindings.ts';
import { evaluateJson, located } from './evaluate/evaluate-json.ts';
import { ExpressionScope, section } from './evaluate/expression-scope.ts';
import type { Facts } from './evaluate/facts.ts';
import { copyJson } from './json/reader.ts';
import { isObject, type JsonObject, type JsonValue, newObject, property } from './json/values.ts';
import { limits } from './limits.ts';
import { EarlyOutputs } from './nested/early-outputs.ts';
import { type BuildInput, nestedDeployment } from './nested/nested-deployment.ts';
import type { DeploymentPlan, NestedDeployment, PlannedResource } from './plan.ts';
import type { TemplatePorts } from './ports.ts';
import { isDeployment, resourceBody } from './resources/body.ts';
import { dependencies } from './resources/dependencies.ts';
import { expandResources, type ResourceInstance } from './resources/expand.ts';
import { scopeId } from './resources/ids.ts';
import { ResourceIndex } from './resources/index-of-resources.ts';
import { topologicalOrder } from './resources/order.ts';
import type { DeploymentInfo, TemplateScope } from './scope.ts';
import { givenParameters, parametersObject } from './template/given-parameters.ts';
import { planOutputs } from './template/outputs.ts';
import { declareParameters, parameterRecord } from './template/parameters.ts';
import type { ParsedTemplate } from './template/parsed-template.ts';
import { Secrets } from './template/secrets.ts';
import { userFunctions } from './template/user-functions.ts';
import { declareVariables } from './template/variables.ts';
import { TypeSchemas } from './types/type-schema.ts';

export interface EvaluateTemplateOptions {
  /** `parameters` of the deployment, or a whole parameter file. */
  readonly parameters?: object | null;
  readonly scope: TemplateScope;
  readonly deployment: DeploymentInfo;
  readonly ports: TemplatePorts;
  /** `environment()`; default: Azure's public cloud. */
  readonly environment?: JsonObject;
  /** `utcNow()`; default: the time of the call. */
  readonly now?: Date;
  readonly newGuid?: () => string;
}

/**
 * The plan of a deployment: parameters checked, every expression evaluated that does not need a deployed resource, loops
 * unrolled, resources in order, nested templates planned. Nothing is written. Throws `TemplateError`.
 */
export async function evaluateTemplate(
  template: ParsedTemplate,
  options: EvaluateTemplateOptions,
): Promise<DeploymentPlan> {
  const { scope, deployment, ports } = options;
  if (scope.kind !== 'resourceGroup' && deployment.location === undefined) {
    throw new TemplateError('LocationRequired', { name: deployment.name });
  }
  const parameters = parametersObject(copyJson(options.parameters ?? null));
  const facts: Facts = {
    scope,
    deployment: {
      ...deployment,
      id: deployment.id ?? `${scopeId(scope)}/providers/Microsoft.Resources/deployments/${deployment.name}`,
      mode: deployment.mode ?? 'Incremental',
    },
    template: template.root,
    templateHash: template.hash,
    parameters,
    environment: options.environment ?? azureCloud(),
    now: options.now ?? new Date(),
    newGuid: options.newGuid ?? randomUUID,
    ports,
    secrets: new Secrets(),
    depth: 0,
  };
  try {
    return await buildPlan({ template, facts, given: await givenParameters(parameters, ports) });
  } catch (error) {
    if (error instanceof TemplateError) throw error.redacted((text) => facts.secrets.redact(text));
    if (error instanceof RangeError) throw new TemplateError('NestedTooDeep', { limit: limits.evaluationDepth });
    throw error;
  }
}

async function buildPlan(input: BuildInput): Promise<DeploymentPlan> {
  const { template, facts, given, outer } = input;
  if (facts.depth > limits.nestedDeployments) {
    throw new TemplateError('LimitExceeded', {
      what: 'nested deployments',
      limit: limits.nestedDeployments,
      actual: facts.depth,
    });
  }
  const { scope, schemas } = outer ?? expressionsOf(input);
  const base: Bindings = outer?.bindings ?? bindingsAt('resource property');
  const instances = expandResources(template.root, scope, base, facts.scope);
  const index = new ResourceIndex(instances, outer?.bindings.resources);
  const bindings: Bindings = { ...base, resources: index };
  const bodies = new Map(instances.map((instance) => [instance.key, earlyBody(instance, scope, index)]));
  const requested = new Map([...bodies].map(([key, { requested: ids }]) => [key, ids]));
  const before = dependencies(instances, index, scope, requested);
  const resources: PlannedResource[] = [];
  const early = new EarlyOutputs();
  for (const instance of topologicalOrder(instances, before)) {
    const { body, late } = bodies.get(instance.key)!;
    const own: Bindings = { ...instance.bindings, location: 'resource property', resources: index };
    let nested: NestedDeployment | undefined;
    if (isDeployment(instance) && instance.condition && !instance.existing) {
      const known = late.length === 0 ? { body, late } : withOutputs(instance, scope, { ...own, runtime: early });
      nested = await nestedDeployment(instance, known.body, known.late, { scope, bindings: own, schemas }, buildPlan);
      if (nested.plan) early.add(nested.plan);
    }
    resources.push(planned(instance, body, late, [...(before.get(instance.key) ?? [])], nested, scope, own));
  }
  checkAsserts(template, scope, bindings);
  return {
    deployment: facts.deployment,
    scope: facts.scope,
    parameters: outer
      ? newObject()
      : parameterRecord(
          template.root,
          scope,
          schemas,
          (name) => given.get(name.toLowerCase())?.value === undefined && given.has(name.toLowerCase()),
        ),
    resources,
    outputs: planOutputs(template.root, scope, bindings, schemas),
    contentVersion: template.contentVersion,
    templateHash: template.hash,
    secrets: facts.secrets,
  };
}

function expressionsOf({ template, facts, given }: BuildInput): { scope: ExpressionScope; schemas: TypeSchemas } {
  const schemas = new TypeSchemas(section(template.root, 'definitions') ?? newObject());
  const scope = new ExpressionScope(facts, template.positions, userFunctions(template.root));
  declareParameters(template.root, given, scope, schemas);
  declareVariables(template.root, scope);
  // Values are checked before anything uses them, so that the first error is about what the caller gave.
  parameterRecord(template.root, scope, schemas, (name) => given.has(name.toLowerCase()));
  return { scope, schemas };
}

function earlyBody(instance: ResourceInstance, scope: ExpressionScope, index: ResourceIndex) {
  const late: string[] = [];
  const requested = new Set<string>();
  if (!instance.condition || instance.existing) return { body: newObject(), late, requested };
  const bindings: Bindings = { ...instance.bindings, location: 'resource property', resources: index };
  const onRequest = (id: string) => requested.add(id);
  return { body: resourceBody(instance, scope, bindings, { late, onRequest }), late, requested };
}

/** The body of a nested deployment with what is known of the outputs of those before it. */
function withOutputs(instance: ResourceInstance, scope: ExpressionScope, bindings: Bindings) {
  const late: string[] = [];
  return { body: resourceBody(instance, scope, bindings, { late, partial: true }), late };
}

function planned(
  instance: ResourceInstance,
  body: JsonObject,
  late: readonly string[],
  dependsOn: readonly string[],
  nested: NestedDeployment | undefined,
  scope: ExpressionScope,
  bindings: Bindings,
): PlannedResource {
  const { key, symbolicName, id, type, name, apiVersion, existing, condition, copy, place } = instance;
  const position = scope.positions.at(place[0], place[1]);
  return {
    key,
    ...(symbolicName === undefined ? {} : { symbolicName }),
    id,
    type,
    name,
    apiVersion,
    existing,
    condition,
    onlyIfNotExists: onlyIfNotExists(instance.raw),
    body,
    late,
    dependsOn,
    ...(copy ? { copy } : {}),
    ...(nested ? { nested } : {}),
    ...(position ? { position } : {}),
    evaluateBody: (runtime) => {
      scope.budget.reset();
      return resourceBody(instance, scope, { ...bindings, runtime });
    },
  };
}

function onlyIfNotExists(raw: JsonObject): boolean {
  const options = property(raw, '@options');
  return (
    isObject(options) &&
    property(options, 'onlyIfNotExists') !== undefined &&
    property(options, 'onlyIfNotExists') !== false
  );
}

/** `asserts` of languageVersion 2.0: each must be true. */
function checkAsserts(template: ParsedTemplate, scope: ExpressionScope, bindings: Bindings): void {
  const asserts = section(template.root, 'asserts');
  for (const [name, condition] of Object.entries(asserts ?? {})) {
    const holds: JsonValue = located(scope, asserts ?? {}, name, () =>
      evaluateJson(condition, scope, { ...bindings, location: 'resource name' }),
    );
    if (holds !== true)
      throw new TemplateError('AssertFailed', { name }, { position: scope.positions.at(asserts ?? {}, name) });
  }
}
