import { randomUUID } from 'node:crypto';
import { errorBody, TemplateError } from '../errors.ts';
import type { DeploymentPlan, PlannedResource } from '../plan.ts';
import type { DeploymentRecord, ErrorBody, ValidatePorts } from '../ports.ts';
import { recordProperties } from './record.ts';

export interface ValidationOutcome {
  /** What the `validate` operation answers when nothing is wrong. */
  readonly record: DeploymentRecord;
  /** Code InvalidTemplateDeployment, with what each provider said. */
  readonly error?: ErrorBody;
}

/** Asks the provider of every resource, nested ones too, whether it would take it. Nothing is written. */
export async function validate(
  plan: DeploymentPlan,
  ports: ValidatePorts,
  options: { readonly correlationId?: string; readonly now?: Date } = {},
): Promise<ValidationOutcome> {
  const details: ErrorBody[] = [];
  const resources = plannedResources(plan);
  for (const { id, type, name, apiVersion, body, late } of resources) {
    try {
      await ports.validate?.({ id, type, name, apiVersion, body, late });
    } catch (error) {
      const problem = plan.secrets.redactError(errorBody(error));
      details.push(problem.target === undefined ? { ...problem, target: id } : problem);
    }
  }
  const { id, name, location } = plan.deployment;
  const error =
    details.length === 0 ? undefined : new TemplateError('InvalidTemplateDeployment', { name }, { details }).toBody();
  const record: DeploymentRecord = {
    id,
    name,
    ...(location === undefined || plan.scope.kind === 'resourceGroup' ? {} : { location }),
    properties: recordProperties(plan, {
      state: error ? 'Failed' : 'Succeeded',
      timestamp: options.now ?? new Date(),
      duration: 0,
      correlationId: options.correlationId ?? randomUUID(),
      validatedResources: resources.map((resource) => resource.id),
      ...(error ? { error } : {}),
    }),
  };
  return { record, ...(error ? { error } : {}) };
}

/** What a plan puts, with the resources of nested deployments whose plan is known in place of the deployments. */
export function plannedResources(plan: DeploymentPlan): PlannedResource[] {
  return plan.resources
    .filter(({ condition, existing }) => condition && !existing)
    .flatMap((resource) =>
      resource.nested ? (resource.nested.plan ? plannedResources(resource.nested.plan) : []) : [resource],
    );
}
