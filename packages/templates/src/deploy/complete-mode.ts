import { errorBody, errorStatus } from '../errors.ts';
import type { DeploymentPlan } from '../plan.ts';
import type { DeploymentOperation, DeployPorts, ErrorBody, ProvisioningState, ResourceDocument } from '../ports.ts';
import { scopeId, splitId } from '../resources/ids.ts';
import { operationId, statusName } from './operation.ts';

/**
 * Complete mode: deletes what is in the scope and not in the template, and returns the errors. Children go with their
 * parents only, as Azure does for most types; deployments stay. Source: "Azure Resource Manager deployment modes".
 */
export async function deleteUnplanned(
  plan: DeploymentPlan,
  deployed: readonly string[],
  ports: DeployPorts,
  report: (operation: DeploymentOperation) => void,
  now: () => Date,
): Promise<ErrorBody[]> {
  if (ports.listExisting === undefined || ports.delete === undefined) return [];
  const errors: ErrorBody[] = [];
  for (const { id, type, name } of unplanned(plan, deployed, await ports.listExisting(scopeId(plan.scope)))) {
    const started = now().getTime();
    const done = (provisioningState: ProvisioningState, statusCode: string, error?: ErrorBody) =>
      report({
        operationId: operationId(plan.deployment.id, id),
        deploymentId: plan.deployment.id,
        provisioningOperation: 'Delete',
        provisioningState,
        targetResource: { id, resourceType: type, resourceName: name },
        statusCode,
        ...(error ? { error } : {}),
        timestamp: now().toISOString(),
        duration: now().getTime() - started,
      });
    try {
      await ports.delete({ id });
      done('Succeeded', 'OK');
    } catch (error) {
      errors.push(errorBody(error));
      done('Failed', statusName(errorStatus(error)), errorBody(error));
    }
  }
  return errors;
}

/** Top-level resources that exist and that neither the template nor a template inside it has. */
export function unplanned(plan: DeploymentPlan, deployed: readonly string[], existing: readonly ResourceDocument[]) {
  const kept = new Set(deployed.map((id) => id.toLowerCase()));
  for (const resource of plan.resources) {
    if (resource.condition) kept.add(resource.id.toLowerCase());
  }
  return existing.flatMap(({ id }) => {
    const parts = typeof id === 'string' ? splitId(id) : undefined;
    if (typeof id !== 'string' || parts === undefined) return [];
    const stays =
      kept.has(id.toLowerCase()) ||
      parts.name.includes('/') ||
      parts.type.toLowerCase() === 'microsoft.resources/deployments';
    return stays ? [] : [{ id, type: parts.type, name: parts.name }];
  });
}
