import type { Operation } from '@lazuli/store';
import { type DeploymentOperation, type DeploymentPlan, type DeploymentRecord, deploy } from '@lazuli/templates';
import { armError } from '../errors.ts';
import { defined, objectAt } from '../json/json.ts';
import type { LongOperation, OperationWork, WorkOutcome } from '../operations/operation-store.ts';
import type { Call, Services } from '../services.ts';
import { deploymentPorts } from './ports.ts';
import { WorkQueue } from './queue.ts';
import { deploymentType, writeDeployment, writeOperation } from './records.ts';
import { TemplateLinks } from './template-links.ts';

const queues = new WeakMap<Services, WorkQueue>();
/** Operations of deployments that run in this process, until they are written with its end. */
const running = new WeakMap<Services, Map<string, Map<string, DeploymentOperation>>>();

/** The work of a deployment: waits for those before it, holds publishing, deploys, writes what came of it in one batch. */
export function deploymentWork(
  services: Services,
  call: Call,
  plan: DeploymentPlan,
  operation: LongOperation,
): OperationWork {
  const { id } = plan.deployment;
  return {
    run: (signal) => queueOf(services).add(() => runHeld(services, call, plan, operation, signal)),
    async onFailure(error) {
      const record = await services.store.get(id);
      if (record === undefined) return [];
      return [failedDeployment(record.body, id, error)];
    },
  };
}

/** Operations of a deployment that runs here, as far as it has come. */
export function runningOperations(services: Services, deploymentId: string): readonly DeploymentOperation[] {
  return [...(running.get(services)?.get(deploymentId.toLowerCase())?.values() ?? [])];
}

/** A deployment whose process ended: its operation cannot go on, its record says so. */
export function interruptedDeployment(services: Services, operation: LongOperation): OperationWork | undefined {
  if (operation.resourceType !== deploymentType) return undefined;
  return {
    run: () => Promise.reject(armError('OperationInterrupted')),
    async onFailure(error) {
      const record = await services.store.get(operation.resourceId);
      return record === undefined ? [] : [failedDeployment(record.body, record.id, error)];
    },
  };
}

async function runHeld(
  services: Services,
  call: Call,
  plan: DeploymentPlan,
  operation: LongOperation,
  signal: AbortSignal,
): Promise<WorkOutcome> {
  const { id } = plan.deployment;
  const release = await services.holdPublishing(`deployment ${id}`);
  const all = running.get(services) ?? new Map<string, Map<string, DeploymentOperation>>();
  running.set(services, all);
  const nested = new Map<string, DeploymentRecord>();
  try {
    const ports = deploymentPorts(services, call, new TemplateLinks(false));
    const outcome = await deploy(
      plan,
      {
        ...ports,
        progress(event) {
          if (event.kind === 'deployment') nested.set(event.deployment.id.toLowerCase(), event.deployment);
          else {
            const key = event.operation.deploymentId.toLowerCase();
            const own = all.get(key) ?? new Map<string, DeploymentOperation>();
            all.set(key, own.set(event.operation.operationId, event.operation));
          }
        },
      },
      { signal, correlationId: call.correlationId, now: () => new Date(services.now()) },
    );
    nested.delete(id.toLowerCase());
    const before = await services.store.get(id);
    const tags = before?.body.tags === undefined ? undefined : defined(objectAt(before.body, 'tags'));
    const operations: Operation[] = [
      ...[...nested.values()].map((record) => writeDeployment(record, operation.id)),
      writeDeployment(outcome.record, operation.id, tags),
      ...outcome.operations.map(writeOperation),
    ];
    const state = outcome.record.properties.provisioningState;
    const status = state === 'Succeeded' || state === 'Canceled' ? state : 'Failed';
    return { status, operations, error: outcome.error };
  } finally {
    for (const key of [id.toLowerCase(), ...nested.keys()]) all.delete(key);
    await release();
  }
}

function failedDeployment(body: Readonly<Record<string, unknown>>, id: string, error: object): Operation {
  const properties = typeof body.properties === 'object' && body.properties !== null ? body.properties : {};
  const failed = { ...body, properties: { ...properties, provisioningState: 'Failed', error } };
  return { operation: 'put', id, type: deploymentType, body: JSON.parse(JSON.stringify(failed)) };
}

function queueOf(services: Services): WorkQueue {
  const queue = queues.get(services) ?? new WorkQueue();
  queues.set(services, queue);
  return queue;
}
