import type { JsonObject, Operation, ResourceRecord, StoreReader } from '@lazuli/store';
import type { WriteContext } from '../../contract.ts';
import { lastSegment, propertiesOf } from '../../json/properties.ts';
import { apiType, belowOf, resolveRevision, splitRevision } from '../revisions.ts';

/** The API that a new revision or version is made of; undefined: of none, null: it is not there. */
export async function sourceOf({
  raw,
  id,
  reader,
  existing,
}: WriteContext): Promise<ResourceRecord | null | undefined> {
  const { sourceApiId } = propertiesOf(raw);
  if (existing) return undefined;
  if (typeof sourceApiId === 'string' && sourceApiId !== '') {
    const name = lastSegment(sourceApiId.replace(/\/+$/, ''));
    const resolved = await resolveRevision(name, id.parentId, reader);
    return (await reader.get(`${id.parentId}/apis/${resolved}`)) ?? null;
  }
  const { api: name, revision } = splitRevision(lastSegment(id.text));
  return revision === null ? undefined : reader.get(`${id.parentId}/apis/${name}`);
}

/** What a new revision or version takes over of the API that it is made of. */
export function inherited(properties: JsonObject): JsonObject {
  const {
    apiRevision: _,
    apiRevisionDescription: __,
    isCurrent: ___,
    apiVersion: ____,
    apiVersionSetId: _____,
    ...rest
  } = properties;
  return rest;
}

/** Operations, policies, schemas and the rest of an API, written below another id. */
export async function copies(source: ResourceRecord, toId: string, reader: StoreReader): Promise<Operation[]> {
  const below = await belowOf(source.id, reader);
  return below
    .filter((record) => !/\/(releases|issues)(\/|$)/i.test(record.type.slice(apiType.length)))
    .map(
      (record): Operation => ({
        operation: 'put',
        id: `${toId}${record.id.slice(source.id.length)}`,
        type: record.type,
        body: record.body,
      }),
    );
}
