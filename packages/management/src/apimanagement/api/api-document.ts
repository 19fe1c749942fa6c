import type { JsonObject, ResourceRecord, StoreReader } from '@lazuli/store';
import { lastSegment, propertiesOf, withProperties } from '../../json/properties.ts';
import { revisionOf, splitRevision } from '../revisions.ts';

/** An API as callers see it. */
export function presentedApi(record: ResourceRecord): JsonObject {
  const name = lastSegment(record.id);
  const { systemData: _, ...body } = record.body;
  return {
    id: record.id,
    type: record.type,
    name,
    ...withProperties(body, {
      isCurrent: splitRevision(name).revision === null ? true : undefined,
      apiRevision: revisionOf(record),
    }),
  };
}

/** With the version set that the API belongs to spelled out. */
export async function withVersionSet(
  document: JsonObject,
  serviceId: string,
  reader: StoreReader,
): Promise<JsonObject> {
  const { apiVersionSetId } = propertiesOf(document);
  if (typeof apiVersionSetId !== 'string') return document;
  const set = await reader.get(`${serviceId}/apiVersionSets/${lastSegment(apiVersionSetId)}`);
  if (!set) return document;
  return withProperties(document, {
    apiVersionSet: {
      id: set.id,
      name: String(propertiesOf(set.body).displayName ?? ''),
      ...withoutUndefined(propertiesOf(set.body)),
    },
  });
}

function withoutUndefined(value: JsonObject) {
  return JSON.parse(JSON.stringify(value));
}
