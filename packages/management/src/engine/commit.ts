import {
  AUDIT_LOG,
  type ChangeResult,
  type Operation,
  PreconditionFailedError,
  StoreUnavailableError,
} from '@lazuli/store';
import { activityEntry } from '../audit/activity.ts';
import { armError } from '../errors.ts';
import { parseArmId } from '../ids/arm-id.ts';
import { operationType } from '../operations/operation-store.ts';
import type { Services } from '../services.ts';
import { activityFacts } from './access.ts';
import type { Invocation } from './invocation.ts';

/** Somebody else changed what the batch was prepared with: prepare it anew. */
export class StaleReadError extends Error {
  override readonly name = 'StaleReadError';
}

/**
 * Writes a batch with its audit entry, then tells the types concerned. A dry run writes nothing.
 * @throws {StaleReadError} when a precondition of the batch did not hold.
 */
export async function commit(
  invocation: Pick<Invocation, 'services' | 'call' | 'action' | 'allowedBy'> & { readonly type?: Invocation['type'] },
  resourceId: string,
  operations: readonly Operation[],
  statusCode: number,
): Promise<ChangeResult | undefined> {
  const { services, call, action, allowedBy, type } = invocation;
  if (call.dryRun) {
    await call.preflight?.stage(operations);
    return undefined;
  }
  const resourceType = type?.type.type ?? parseArmId(resourceId)?.type ?? '';
  const entry = activityEntry(
    {
      ...activityFacts(call, action, resourceId, resourceType),
      allowedBy,
      status: operations.some(startsOperation) ? 'Accepted' : 'Succeeded',
      statusCode,
    },
    call.now,
  );
  return writeBatch(services, operations, [entry]);
}

/** `Store.change` with the errors of this package, and what follows from a write in this process. */
export async function writeBatch(
  services: Services,
  operations: readonly Operation[],
  auditEntries: readonly ReturnType<typeof activityEntry>[],
): Promise<ChangeResult> {
  let result: ChangeResult;
  try {
    const append = auditEntries.length === 0 ? [] : [{ log: AUDIT_LOG, entries: auditEntries }];
    result = await services.store.change(operations, { append });
  } catch (error) {
    if (error instanceof PreconditionFailedError) throw new StaleReadError(error.message);
    if (error instanceof StoreUnavailableError)
      throw armError('ServiceUnavailable', {}, { cause: error, headers: { 'Retry-After': '5' } });
    throw error;
  }
  services.wrote(operations.map((operation) => typeOf(operation)));
  await notify(services, operations, result);
  return result;
}

function startsOperation(operation: Operation): boolean {
  return operation.operation === 'put' && operation.type === operationType;
}

function typeOf(operation: Operation): string {
  // A subtree may hold resources of any type.
  if (operation.operation === 'deleteSubtree') return '*';
  return operation.operation === 'put' ? operation.type : (parseArmId(operation.id)?.type ?? '*');
}

async function notify(services: Services, operations: readonly Operation[], result: ChangeResult): Promise<void> {
  for (const [index, operation] of operations.entries()) {
    if (operation.operation === 'require') continue;
    const type = services.registry.type(
      operation.operation === 'put' ? operation.type : (parseArmId(operation.id)?.type ?? ''),
    );
    if (type?.type.onChange === undefined) continue;
    const outcome = result.results[index];
    const record = outcome?.operation === 'put' ? outcome.record : undefined;
    try {
      await type.type.onChange({ kind: record === undefined ? 'delete' : 'put', id: operation.id, record });
    } catch (error) {
      services.log.error(
        { type: type.type.type, id: operation.id, error: String(error) },
        'What follows a change failed.',
      );
    }
  }
}

/** Does `attempt` again when somebody else was faster, a few times. */
export async function retryStale<T>(id: string, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 5; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StaleReadError)) throw error;
    }
  }
  throw armError('Conflict', { id });
}
