import { errorBody } from '../errors.ts';
import { copyJson } from '../json/reader.ts';
import { isObject, type JsonObject, type JsonValue, newObject, property, sameJson } from '../json/values.ts';
import type { DeploymentPlan, PlannedResource } from '../plan.ts';
import type { ErrorBody, ResourceDocument, ValidatePorts } from '../ports.ts';
import { scopeId } from '../resources/ids.ts';
import { unplanned } from './complete-mode.ts';
import { delta, type PropertyChange } from './delta.ts';
import { plannedResources } from './validate.ts';

export type ChangeType = 'Create' | 'Delete' | 'Ignore' | 'Deploy' | 'NoChange' | 'Modify' | 'Unsupported';

export interface ResourceChange {
  readonly resourceId: string;
  readonly changeType: ChangeType;
  readonly unsupportedReason?: string;
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  readonly delta?: readonly PropertyChange[];
}

/** The answer of the `whatIf` operation. */
export interface WhatIfResult {
  readonly status: 'Succeeded' | 'Failed';
  readonly properties?: { readonly changes: readonly ResourceChange[] };
  readonly error?: ErrorBody;
}

/**
 * What a deployment of the plan would change ("ARM template deployment what-if operation"). The port's `validate` may
 * answer the document that a PUT would give; without it only properties that the template names are compared.
 */
export async function whatIf(
  plan: DeploymentPlan,
  ports: ValidatePorts,
  options: { readonly resultFormat?: 'FullResourcePayloads' | 'ResourceIdOnly' } = {},
): Promise<WhatIfResult> {
  const full = options.resultFormat !== 'ResourceIdOnly';
  try {
    const changes: ResourceChange[] = [];
    for (const resource of plannedResources(plan)) {
      const change = await resourceChange(resource, ports, full);
      changes.push(hidden(change, plan));
    }
    changes.push(...unsupported(plan), ...(await others(plan, ports, full)));
    return { status: 'Succeeded', properties: { changes } };
  } catch (error) {
    return { status: 'Failed', error: plan.secrets.redactError(errorBody(error)) };
  }
}

/** The change without values of secure parameters. */
function hidden(change: ResourceChange, plan: DeploymentPlan): ResourceChange {
  const { before, after, delta: differences, ...rest } = change;
  const hide = (each: PropertyChange): PropertyChange => ({
    ...each,
    ...(each.before === undefined ? {} : { before: plan.secrets.redactJson(each.before) }),
    ...(each.after === undefined ? {} : { after: plan.secrets.redactJson(each.after) }),
    ...(each.children ? { children: each.children.map(hide) } : {}),
  });
  return {
    ...rest,
    ...(before ? { before: plan.secrets.redactJson(before) } : {}),
    ...(after ? { after: plan.secrets.redactJson(after) } : {}),
    ...(differences ? { delta: differences.map(hide) } : {}),
  };
}

async function resourceChange(resource: PlannedResource, ports: ValidatePorts, full: boolean): Promise<ResourceChange> {
  const { id, type, name, apiVersion, body, late } = resource;
  const found = await ports.get({ id, apiVersion });
  if (!full) return { resourceId: id, changeType: found === undefined ? 'Create' : 'Deploy' };
  const predicted = await ports.validate?.({ id, type, name, apiVersion, body, late });
  const wanted: JsonObject = { apiVersion, id, type, name: name.split('/').at(-1) ?? name, ...body };
  if (found === undefined) return { resourceId: id, changeType: 'Create', after: wanted };
  const before: JsonObject = { apiVersion, ...found };
  const after = predicted ? { apiVersion, ...predicted } : overlay(before, wanted);
  const unknown = new Set(late);
  const differences = delta(
    comparable(before),
    comparable(after),
    unknown,
    (path) => predicted !== undefined || path.startsWith('tags.'),
  );
  const noEffect = predicted ? withoutEffect(before, predicted, body, unknown) : [];
  const changed = differences.length > 0;
  return {
    resourceId: id,
    changeType: changed ? 'Modify' : 'NoChange',
    before,
    after,
    ...(changed ? { delta: [...differences, ...noEffect] } : {}),
  };
}

/** What says nothing about the resource itself. */
const ignored = new Set(['apiversion', 'id', 'type', 'name', 'etag', 'systemdata', 'resourcegroup']);

function comparable(document: JsonObject): JsonObject {
  const copy = newObject();
  for (const [key, value] of Object.entries(document)) {
    if (!ignored.has(key.toLowerCase())) copy[key] = value;
  }
  return copy;
}

/** Properties of the template that the provider will not take over. */
function withoutEffect(
  before: JsonObject,
  predicted: ResourceDocument,
  body: JsonObject,
  unknown: ReadonlySet<string>,
): PropertyChange[] {
  return delta(comparable(before), comparable(body), unknown, () => false)
    .filter(
      ({ path, propertyChangeType }) =>
        propertyChangeType === 'Modify' && sameJson(at(before, path) ?? null, at(predicted, path) ?? null),
    )
    .map((change) => ({ ...change, propertyChangeType: 'NoEffect' }));
}

function at(document: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const key of path.split('.')) value = isObject(value) ? property(value, key) : undefined;
  return value;
}

/** The document with what the template says laid over it; tags are replaced as a whole. */
function overlay(before: JsonObject, wanted: JsonObject): JsonObject {
  const result = newObject();
  for (const [key, value] of Object.entries(before)) result[key] = value;
  for (const [key, value] of Object.entries(wanted)) {
    const existing = Object.keys(result).find((each) => each.toLowerCase() === key.toLowerCase()) ?? key;
    const was = result[existing];
    result[existing] =
      isObject(was) && isObject(value) && key.toLowerCase() !== 'tags' ? overlay(was, value) : copyJson(value);
  }
  return result;
}

function unsupported(plan: DeploymentPlan): ResourceChange[] {
  return plan.resources
    .filter(({ condition, existing, nested }) => condition && !existing && nested)
    .flatMap((resource) =>
      resource.nested?.plan
        ? unsupported(resource.nested.plan)
        : [
            {
              resourceId: resource.id,
              changeType: 'Unsupported' as const,
              unsupportedReason:
                'What this nested deployment does depends on values that are known only while the deployment runs.',
            },
          ],
    );
}

/** What is there and not in the template: left alone, or deleted in Complete mode. */
async function others(plan: DeploymentPlan, ports: ValidatePorts, full: boolean): Promise<ResourceChange[]> {
  const existing = (await ports.listExisting?.(scopeId(plan.scope))) ?? [];
  const planned = plannedResources(plan).map(({ id }) => id);
  const changeType = plan.deployment.mode === 'Complete' ? 'Delete' : 'Ignore';
  const byId = new Map(existing.map((document) => [document.id, document]));
  return unplanned(plan, planned, existing).map(({ id }) => {
    const before = byId.get(id);
    return { resourceId: id, changeType, ...(full && before ? { before } : {}) };
  });
}
