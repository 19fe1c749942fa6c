import type { ArmResponse } from '../contract.ts';
import { armError } from '../errors.ts';
import type { ArmId } from '../ids/arm-id.ts';
import { isNotModified, quotedTag, readConditions } from './conditions.ts';
import { presentRecord } from './document.ts';
import { type Invocation, readContext } from './invocation.ts';

/** GET and HEAD of one resource. */
export async function getResource(invocation: Invocation): Promise<ArmResponse> {
  const { services, call, id, type } = invocation;
  const behaviour = type.type.get === false ? undefined : (type.type.get ?? {});
  if (behaviour === undefined) throw armError('MethodNotAllowed', { method: call.method });
  const record = await services.store.get(id.text);
  if (record === undefined) throw notFound(id);
  const headers: Record<string, string> = behaviour.etag === false ? {} : { ETag: quotedTag(record.etag) };
  if (isNotModified(readConditions(call.headers), record.etag)) return { status: 304, headers };
  if (call.method === 'HEAD') return { status: behaviour.headStatus ?? 204, headers };
  return { status: 200, body: await presentRecord(type, record, readContext(invocation)), headers };
}

/** The 404 of a resource, in ARM's words. */
export function notFound(id: ArmId): Error {
  if (id.type === 'Microsoft.Resources/resourceGroups') return armError('ResourceGroupNotFound', { name: id.name });
  if (id.resourceGroup === undefined) return armError('NotFound', { id: id.text });
  const [namespace, ...types] = id.type.split('/');
  const resource = [namespace, ...types.flatMap((type, index) => [type, id.names[index] ?? ''])].join('/');
  return armError('ResourceNotFound', { resource, resourceGroup: id.resourceGroup });
}
