import type { Operation } from '@lazuli/store';
import type { ArmResponse } from '../contract.ts';
import { armError } from '../errors.ts';
import { operationHeaders } from '../operations/operation-headers.ts';
import { commit, retryStale } from './commit.ts';
import { checkConditions, readConditions } from './conditions.ts';
import { notFound } from './get-resource.ts';
import { type Invocation, readContext } from './invocation.ts';
import { actionWork } from './long-work.ts';
import { validationError } from './validation-error.ts';

/** DELETE: the resource and everything below it, its role assignments and locks included. */
export async function deleteResource(invocation: Invocation): Promise<ArmResponse> {
  const { type, call, services, id, action } = invocation;
  const behaviour = type.type.delete;
  if (behaviour === undefined) throw armError('MethodNotAllowed', { method: 'DELETE' });
  return retryStale(id.text, async () => {
    const existing = await services.store.get(id.text);
    if (existing === undefined) {
      if (behaviour.absent === 404) throw notFound(id);
      return { status: behaviour.absent ?? 204 };
    }
    checkConditions(
      readConditions(call.headers),
      id.text,
      existing,
      behaviour.ifMatch === 'required' && !call.unconditional,
    );
    const prepared = (await behaviour.prepare?.({ ...readContext(invocation), name: id.name, existing })) ?? {};
    if ((prepared.problems?.length ?? 0) > 0) throw validationError(type.provider, prepared.problems ?? []);
    const removal: Operation = { operation: 'deleteSubtree', id: existing.id, ifMatch: existing.etag };
    const { longRunning } = behaviour;
    if (longRunning === undefined) {
      const status = behaviour.deleted ?? 200;
      await commit(invocation, id.text, [...(prepared.operations ?? []), removal], status);
      return { status };
    }
    const started = services.operations.create({
      namespace: type.provider.namespace,
      resourceId: existing.id,
      resourceType: type.type.type,
      kind: 'delete',
      action,
      principal: call.principal,
      correlationId: call.correlationId,
      onRestart: longRunning.onRestart,
    });
    await commit(invocation, id.text, [...(prepared.operations ?? []), started.write], 202);
    services.operations.run(started.operation, actionWork(services, longRunning, started.operation));
    return { status: behaviour.deleted ?? 202, headers: operationHeaders(call, started.operation, longRunning) };
  });
}
