import type { JsonObject, ResourceRecord } from '@lazuli/store';
import type { Principal, ReadContext } from '../contract.ts';
import { parseArmId } from '../ids/arm-id.ts';
import { isJsonObject } from '../json/json.ts';
import type { RegisteredType } from '../registry/registry.ts';

/** The document of a resource as callers see it. */
export async function presentRecord(
  type: RegisteredType,
  record: ResourceRecord,
  context: ReadContext,
): Promise<JsonObject> {
  const { systemData, ...rest } = record.body;
  const document: JsonObject = {
    id: record.id,
    name: parseArmId(record.id)?.name ?? '',
    type: type.type.type,
    ...rest,
    ...(systemData === undefined ? {} : { systemData }),
  };
  return (await type.type.present?.(document, record, context)) ?? document;
}

/** `systemData` of a resource that is being written (common-api-contracts, "systemData for all resources"). */
export function systemData(
  principal: Principal,
  now: number,
  stored: JsonObject | undefined,
): { [name: string]: string } {
  const at = new Date(now).toISOString();
  const by = principal.kind === 'User' ? 'User' : 'Application';
  const before = stored?.systemData;
  const created: { [name: string]: string } = { createdBy: principal.name, createdByType: by, createdAt: at };
  if (isJsonObject(before))
    for (const name of Object.keys(created)) {
      const value = before[name];
      if (typeof value === 'string') created[name] = value;
    }
  return { ...created, lastModifiedBy: principal.name, lastModifiedByType: by, lastModifiedAt: at };
}
