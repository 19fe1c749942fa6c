import type { Operation } from '@lazuli/store';
import { allRecords } from '../caching/record-cache.ts';
import { ArmError, armError } from '../errors.ts';
import type { ArmId } from '../ids/arm-id.ts';
import type { Services } from '../services.ts';
import { deploymentType, isActive } from './records.ts';

/** Azure's quota for one scope, and where it begins to take the oldest away ("Automatic deletions from deployment history"). */
export const historyLimits = { most: 800, trimFrom: 775, trimTo: 750 };

/**
 * What must go so that one more deployment fits into the history of its scope: the oldest that are not running. A lock against
 * deletion keeps them, as in Azure.
 * @throws {ArmError} `TooManyDeployments`
 */
export async function makeRoom(services: Services, id: ArmId, limits = historyLimits): Promise<Operation[]> {
  const filter = { parent: id.parentId, type: deploymentType };
  const count = await services.store.count(filter);
  if (count < limits.trimFrom) return [];
  if (!(await mayDelete(services, id.parentId))) {
    if (count < limits.most) return [];
    throw armError('TooManyDeployments', { name: id.name, limit: limits.most, count });
  }
  const finished: { readonly id: string; readonly createdAt: string }[] = [];
  for await (const record of allRecords(services.store, filter)) if (!isActive(record)) finished.push(record);
  finished.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  return finished.slice(0, count - limits.trimTo).map((old) => ({ operation: 'deleteSubtree', id: old.id }));
}

async function mayDelete(services: Services, scope: string): Promise<boolean> {
  try {
    await services.locks.check(scope, 'delete', false);
    return true;
  } catch (error) {
    if (error instanceof ArmError) return false;
    throw error;
  }
}
