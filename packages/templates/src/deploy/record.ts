import { type JsonObject, type JsonValue, newObject } from '../json/values.ts';
import type { DeploymentPlan, PlannedResource } from '../plan.ts';
import type { ErrorBody, ProvisioningState } from '../ports.ts';

export interface RecordDetails {
  readonly state: ProvisioningState;
  readonly timestamp: Date;
  /** Milliseconds. */
  readonly duration: number;
  readonly correlationId: string;
  readonly outputs?: JsonObject;
  readonly outputResources?: readonly string[];
  readonly validatedResources?: readonly string[];
  readonly error?: ErrorBody;
}

/** `properties` of a deployment, as `Microsoft.Resources/deployments` answers them. */
export function recordProperties(plan: DeploymentPlan, details: RecordDetails): JsonObject {
  const properties: JsonObject = newObject();
  if (plan.deployment.templateLink) properties.templateLink = plan.deployment.templateLink;
  properties.templateHash = plan.templateHash;
  properties.parameters = plan.parameters;
  properties.mode = plan.deployment.mode;
  properties.provisioningState = details.state;
  properties.timestamp = details.timestamp.toISOString();
  properties.duration = isoDuration(details.duration);
  properties.correlationId = details.correlationId;
  properties.providers = providers(plan.resources);
  properties.dependencies = dependencyList(plan.resources);
  if (details.outputs) properties.outputs = details.outputs;
  if (details.outputResources) properties.outputResources = details.outputResources.map((id) => ({ id }));
  if (details.validatedResources) properties.validatedResources = details.validatedResources.map((id) => ({ id }));
  if (details.error) properties.error = errorJson(details.error);
  return properties;
}

/** `PT1M2.5S` */
export function isoDuration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = (milliseconds % 60_000) / 1000;
  return `PT${minutes > 0 ? `${minutes}M` : ''}${seconds}S`;
}

export function errorJson(error: ErrorBody): JsonObject {
  const json: JsonObject = newObject();
  json.code = error.code;
  json.message = error.message;
  if (error.target !== undefined) json.target = error.target;
  if (error.details) json.details = error.details.map(errorJson);
  if (error.additionalInfo) json.additionalInfo = error.additionalInfo.map(({ type, info }) => ({ type, info }));
  return json;
}

function providers(resources: readonly PlannedResource[]): JsonValue {
  const namespaces = new Map<string, Map<string, Set<string>>>();
  for (const { type, body, condition, existing } of resources) {
    if (!condition || existing) continue;
    const [namespace, ...rest] = type.split('/');
    const types = namespaces.get(namespace!) ?? new Map<string, Set<string>>();
    namespaces.set(namespace!, types);
    const locations = types.get(rest.join('/')) ?? new Set<string>();
    types.set(rest.join('/'), locations);
    if (typeof body.location === 'string') locations.add(body.location.replaceAll(' ', '').toLowerCase());
  }
  return [...namespaces].map(([namespace, types]) => ({
    namespace,
    resourceTypes: [...types].map(([resourceType, locations]) => ({
      resourceType,
      locations: locations.size === 0 ? [null] : [...locations],
    })),
  }));
}

function dependencyList(resources: readonly PlannedResource[]): JsonValue {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]));
  return resources
    .filter(({ dependsOn, condition, existing }) => condition && !existing && dependsOn.length > 0)
    .map((resource) => ({
      dependsOn: resource.dependsOn.flatMap((key) => {
        const before = byKey.get(key);
        return before ? [shown(before)] : [];
      }),
      ...shown(resource),
    }));
}

function shown({ id, type, name }: PlannedResource) {
  return { id, resourceType: type, resourceName: name };
}
