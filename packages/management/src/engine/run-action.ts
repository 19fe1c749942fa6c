import type { JsonObject } from '@lazuli/store';
import type { ActionResult, ArmResponse, ResourceAction, ResourceProvider } from '../contract.ts';
import { operationHeaders } from '../operations/operation-headers.ts';
import { normalise } from '../schema/normalise.ts';
import type { ObjectSchema } from '../schema/schema.ts';
import { commit } from './commit.ts';
import { notFound } from './get-resource.ts';
import { type Invocation, readContext } from './invocation.ts';
import { actionWork } from './long-work.ts';
import { validationError } from './validation-error.ts';

/** POST (or GET) of an action on a resource or a collection. */
export async function runAction(invocation: Invocation, action: ResourceAction, raw: JsonObject): Promise<ArmResponse> {
  const { services, call, id, type } = invocation;
  const isOnResource = (action.on ?? 'resource') === 'resource';
  const resource = isOnResource ? await services.store.get(id.text) : invocation.parent;
  if (isOnResource && resource === undefined && action.needsResource !== false) throw notFound(id);
  const body = checkActionBody(type.provider, action.body, raw);
  const result = await action.run({ ...readContext(invocation), resource, body });
  const { longRunning } = action;
  if (longRunning === undefined) return finishAction(invocation, result);
  const started = services.operations.create({
    namespace: type.provider.namespace,
    resourceId: id.text,
    resourceType: type.type.type,
    kind: action.name,
    action: invocation.action,
    principal: call.principal,
    correlationId: call.correlationId,
    onRestart: longRunning.onRestart,
    body: longRunning.onRestart === 'repeat' ? body : undefined,
  });
  await commit(invocation, id.text, [...(result.operations ?? []), started.write], 202);
  services.operations.run(started.operation, actionWork(services, longRunning, { ...started.operation, body }));
  return { status: result.status ?? 202, headers: operationHeaders(call, started.operation, longRunning) };
}

/** Writes what an action wants written. POST actions without writes (`listKeys`) are put on record too. */
export async function finishAction(
  invocation: Omit<Invocation, 'type'> & { readonly type?: Invocation['type'] },
  result: ActionResult,
): Promise<ArmResponse> {
  const status = result.status ?? (result.body === undefined ? 204 : 200);
  if (invocation.call.method !== 'GET' || (result.operations?.length ?? 0) > 0)
    await commit(invocation, invocation.id.text, result.operations ?? [], status);
  return { status, body: result.body, headers: result.headers };
}

export function checkActionBody(
  provider: ResourceProvider,
  schema: ObjectSchema | undefined,
  raw: JsonObject,
): JsonObject {
  if (schema === undefined) return raw;
  const { body, problems, secrets } = normalise(schema.members, { raw });
  if (problems.length > 0) throw validationError(provider, problems);
  return secrets.size === 0 ? body : raw;
}
