import type { JsonObject, Operation, StoreReader } from '@lazuli/store';
import { lastSegment, propertiesOf } from '../../json/properties.ts';
import { splitRevision } from '../revisions.ts';

/**
 * Which API answers at which path and version, as records of their own: whether a path is taken is one look-up however many
 * APIs there are, and two requests at the same time cannot both take it.
 */
const pathType = 'Lazuli.ApiManagement/apiPaths';

export interface PathClaim {
  /** Name of the API that has the path already; null: nobody else. */
  readonly takenBy: string | null;
  readonly operations: readonly Operation[];
}

/** Claims the path of an API (of all its revisions), and lets go of the one that it had before. */
export async function claimPath(
  serviceId: string,
  apiId: string,
  properties: JsonObject,
  before: JsonObject | undefined,
  reader: StoreReader,
): Promise<PathClaim> {
  const api = splitRevision(lastSegment(apiId)).api;
  const id = recordId(serviceId, properties);
  const holder = await reader.get(id);
  const holderName = holder && String(propertiesOf(holder.body).api ?? '');
  if (holderName !== undefined && holderName.toLowerCase() !== api.toLowerCase())
    return { takenBy: holderName, operations: [] };
  const operations: Operation[] = holder
    ? [{ operation: 'require', id, ifMatch: '*' }]
    : [{ operation: 'put', id, type: pathType, body: { properties: { api } }, ifNoneMatch: '*' }];
  const old = before && recordId(serviceId, before);
  if (old !== undefined && old !== id) operations.push({ operation: 'delete', id: old });
  return { takenBy: null, operations };
}

/** The API is gone with all its revisions: others may have its path. */
export function releasePath(serviceId: string, properties: JsonObject): Operation {
  return { operation: 'delete', id: recordId(serviceId, properties) };
}

function recordId(serviceId: string, { path, apiVersion }: JsonObject): string {
  const text = `${String(path ?? '')
    .toLowerCase()
    .replace(/^\/+|\/+$/g, '')}\n${String(apiVersion ?? '').toLowerCase()}`;
  return `${serviceId}/apiPaths/${Buffer.from(text).toString('hex')}`;
}
