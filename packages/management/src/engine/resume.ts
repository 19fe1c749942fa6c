import type { LongRunning } from '../contract.ts';
import type { LongOperation, OperationWork } from '../operations/operation-store.ts';
import type { Services } from '../services.ts';
import { actionWork, writeWork } from './long-work.ts';

/** The work of an operation that was running when its process ended; undefined where its type does not exist any more. */
export function resumeWork(services: Services, operation: LongOperation): OperationWork | undefined {
  const type = services.registry.type(operation.resourceType)?.type;
  if (type === undefined) return undefined;
  let longRunning: LongRunning | undefined;
  if (operation.kind === 'put') longRunning = type.put?.longRunning;
  else if (operation.kind === 'patch') longRunning = type.patch?.longRunning ?? type.put?.longRunning;
  else if (operation.kind === 'delete') longRunning = type.delete?.longRunning;
  else longRunning = type.actions?.find((action) => action.name === operation.kind)?.longRunning;
  if (longRunning === undefined) return undefined;
  return operation.kind === 'put' || operation.kind === 'patch'
    ? writeWork(services, longRunning, operation)
    : actionWork(services, longRunning, operation);
}
