import { TemplateError } from '../errors.ts';
import type { Bindings } from '../evaluate/bindings.ts';
import type { ExpressionScope } from '../evaluate/expression-scope.ts';
import type { Facts } from '../evaluate/facts.ts';
import { NeedsRuntimeValue } from '../evaluate/needs-runtime-value.ts';
import { isObject, type JsonObject, type JsonValue, newObject, property, shownText } from '../json/values.ts';
import type { DeploymentPlan, NestedDeployment } from '../plan.ts';
import type { TemplatePorts } from '../ports.ts';
import type { ResourceInstance } from '../resources/expand.ts';
import { parseScopeId } from '../resources/target-scope.ts';
import type { TemplateScope } from '../scope.ts';
import { type GivenParameter, givenParameters } from '../template/given-parameters.ts';
import { type ParsedTemplate, parseTemplate } from '../template/parsed-template.ts';
import type { TypeSchemas } from '../types/type-schema.ts';
import { linkedParameters, linkedTemplate } from './linked-template.ts';

/** What planning a template takes; see `buildPlan`. */
export interface BuildInput {
  readonly template: ParsedTemplate;
  readonly facts: Facts;
  readonly given: ReadonlyMap<string, GivenParameter>;
  /** For a nested template of outer scope: the expressions of the template around it, whose parameters and variables count. */
  readonly outer?: { readonly scope: ExpressionScope; readonly bindings: Bindings; readonly schemas: TypeSchemas };
}

export type BuildPlan = (input: BuildInput) => Promise<DeploymentPlan>;

/**
 * The deployment that a resource of type Microsoft.Resources/deployments is ("Using linked and nested templates"). Its
 * plan is made at once where all it needs is known, so that its errors show before the deployment.
 */
export async function nestedDeployment(
  instance: ResourceInstance,
  body: JsonObject,
  late: readonly string[],
  outer: NonNullable<BuildInput['outer']>,
  build: BuildPlan,
): Promise<NestedDeployment> {
  const template = rawTemplate(instance);
  const kind = template === undefined ? 'linked' : isInner(body) ? 'inner' : 'outer';
  const make = (known: JsonObject, unknown: readonly string[], ports?: TemplatePorts) =>
    plan(instance, template, kind, known, unknown, ports, outer, build);
  let early: DeploymentPlan | undefined;
  try {
    early = await make(body, late);
  } catch (error) {
    if (!(error instanceof NeedsRuntimeValue)) throw error;
  }
  return { kind, ...(early ? { plan: early } : {}), makePlan: (known, ports) => make(known, [], ports) };
}

async function plan(
  instance: ResourceInstance,
  inline: JsonObject | undefined,
  kind: NestedDeployment['kind'],
  body: JsonObject,
  late: readonly string[],
  ports: TemplatePorts | undefined,
  outer: NonNullable<BuildInput['outer']>,
  build: BuildPlan,
): Promise<DeploymentPlan> {
  const { positions } = outer.scope;
  const facts = ports ? { ...outer.scope.facts, ports } : outer.scope.facts;
  const properties = propertiesOf(body);
  if (
    late.includes('properties.parameters') ||
    late.some((path) => /^properties\.(?:templateLink|parametersLink|mode)/i.test(path))
  ) {
    throw new NeedsRuntimeValue('reference', undefined);
  }
  const link = inline === undefined ? await linkedTemplate(instance.name, properties, facts) : undefined;
  const template = inline === undefined ? link!.template : parseTemplate(inline, positions);
  const target = await targetScope(instance, facts, ports !== undefined);
  const parameters = property(properties, 'parameters') ?? newObject();
  const linked = await linkedParameters(instance.name, properties, facts);
  const given = new Map([...linked, ...(await knownParameters(parameters, late, facts))]);
  const location = property(body, 'location') ?? facts.deployment.location;
  const inner: Facts = {
    ...facts,
    scope: target,
    deployment: {
      name: instance.name,
      id: instance.id,
      mode: shownText(property(properties, 'mode')).toLowerCase() === 'complete' ? 'Complete' : 'Incremental',
      ...(typeof location === 'string' ? { location } : {}),
      ...(link ? { templateLink: link.link } : {}),
      ...(facts.deployment.deployer ? { deployer: facts.deployment.deployer } : {}),
    },
    template: template.root,
    templateHash: template.hash,
    parameters: isObject(parameters) ? parameters : newObject(),
    depth: facts.depth + 1,
  };
  return build({ template, facts: inner, given, ...(kind === 'outer' ? { outer } : {}) });
}

function rawTemplate({ raw }: ResourceInstance): JsonObject | undefined {
  const properties = property(raw, 'properties');
  const template = isObject(properties) ? property(properties, 'template') : undefined;
  return isObject(template) ? template : undefined;
}

function propertiesOf(body: JsonObject): JsonObject {
  const properties = property(body, 'properties');
  return isObject(properties) ? properties : newObject();
}

/** Outer is the default. */
function isInner(body: JsonObject): boolean {
  const options = property(propertiesOf(body), 'expressionEvaluationOptions');
  const scope = isObject(options) ? property(options, 'scope') : undefined;
  return typeof scope === 'string' && scope.toLowerCase() === 'inner';
}

/** The parameters whose value is known; those of a late path are given without a value. */
async function knownParameters(
  parameters: JsonValue,
  late: readonly string[],
  facts: Facts,
): Promise<Map<string, GivenParameter>> {
  if (!isObject(parameters)) return givenParameters(parameters, facts.ports);
  const isLate = (name: string) => {
    const path = `properties.parameters.${name}`.toLowerCase();
    return late.some((each) => {
      const text = each.toLowerCase();
      return text === path || text.startsWith(`${path}.`) || text.startsWith(`${path}[`);
    });
  };
  const known = newObject();
  const unknown = new Map<string, GivenParameter>();
  for (const [name, entry] of Object.entries(parameters)) {
    if (isLate(name)) unknown.set(name.toLowerCase(), { name, value: undefined });
    else known[name] = entry;
  }
  return new Map([...(await givenParameters(known, facts.ports)), ...unknown]);
}

/** The scope of the nested deployment, with the facts of its resource group. */
async function targetScope(instance: ResourceInstance, facts: Facts, runtime: boolean): Promise<TemplateScope> {
  const scope = parseScopeId(instance.scopeId, facts.scope.tenant);
  if (scope === undefined) {
    throw new TemplateError('ScopeInvalid', {
      name: instance.name,
      reason: `a deployment cannot have the scope '${instance.scopeId}'`,
    });
  }
  const around = facts.scope;
  const subscription = scope.subscription;
  const sameSubscription =
    subscription?.subscriptionId.toLowerCase() === around.subscription?.subscriptionId.toLowerCase();
  const known = sameSubscription && around.subscription ? { ...scope, subscription: around.subscription } : scope;
  if (
    known.kind === 'managementGroup' &&
    known.managementGroup?.name.toLowerCase() === around.managementGroup?.name.toLowerCase()
  ) {
    return around;
  }
  const group = known.resourceGroup;
  if (group === undefined) return known;
  if (sameSubscription && group.name.toLowerCase() === around.resourceGroup?.name.toLowerCase())
    return { ...known, resourceGroup: around.resourceGroup };
  const document = await facts.ports.get({ id: instance.scopeId, apiVersion: '2022-09-01' });
  if (document === undefined) {
    // It may be a resource of the same deployment that is not there yet.
    if (!runtime) throw new NeedsRuntimeValue('resourceGroup', undefined);
    throw new TemplateError('ResourceGroupNotFound', { name: group.name });
  }
  const location = property(document, 'location');
  const tags = property(document, 'tags');
  return {
    ...known,
    resourceGroup: {
      name: group.name,
      location: typeof location === 'string' ? location : '',
      tags: Object.fromEntries(
        Object.entries(isObject(tags) ? tags : {}).map(([key, value]) => [key, shownText(value)]),
      ),
    },
  };
}
