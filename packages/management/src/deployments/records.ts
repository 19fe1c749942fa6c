import type { JsonObject, PutOperation, ResourceRecord } from '@lazuli/store';
import type { DeploymentOperation, DeploymentRecord } from '@lazuli/templates';
import { defined, objectAt, stringAt } from '../json/json.ts';

export const deploymentType = 'Microsoft.Resources/deployments';
export const deploymentOperationType = 'Microsoft.Resources/deployments/operations';
/** The template as it was sent, for `exportTemplate`; below the deployment, so that it goes with it. */
export const deploymentTemplateType = 'Lazuli.Management/deploymentTemplates';

export function isActive(record: ResourceRecord | undefined): boolean {
  const state = record === undefined ? undefined : stateOf(record);
  return state === 'Accepted' || state === 'Running';
}

export function stateOf(record: ResourceRecord): string {
  return stringAt(objectAt(record.body, 'properties'), 'provisioningState') ?? '';
}

export function writeDeployment(record: DeploymentRecord, operationId: string, tags?: JsonObject): PutOperation {
  const body: JsonObject = {
    location: record.location,
    tags: tags === undefined ? undefined : defined(tags),
    properties: record.properties,
    operationId,
  };
  return { operation: 'put', id: record.id, type: deploymentType, body };
}

export function writeOperation(operation: DeploymentOperation): PutOperation {
  const { operationId, deploymentId, error, targetResource, duration, ...rest } = operation;
  const properties = {
    ...rest,
    duration: `PT${duration / 1000}S`,
    ...(targetResource === undefined ? {} : { targetResource: { ...targetResource } }),
    ...(error === undefined ? {} : { statusMessage: { status: 'Failed', error: JSON.parse(JSON.stringify(error)) } }),
  };
  return {
    operation: 'put',
    id: `${deploymentId}/operations/${operationId}`,
    type: deploymentOperationType,
    body: { properties },
  };
}

export function writeTemplate(deploymentId: string, template: unknown): PutOperation {
  const id = `${deploymentId}/providers/${deploymentTemplateType}/default`;
  // As text: a template may be nested deeper than the store takes documents.
  return { operation: 'put', id, type: deploymentTemplateType, body: { text: JSON.stringify(template) } };
}
