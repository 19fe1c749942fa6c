import type { JsonObject, ResourceRecord } from '@lazuli/store';
import { allRecords } from '../caching/record-cache.ts';
import type { ListContext } from '../contract.ts';
import { presentRecord } from '../engine/document.ts';
import { isWithin, parseArmId, sameId } from '../ids/arm-id.ts';
import type { Services } from '../services.ts';

/**
 * Resources of an extension type at a scope, inherited from above it, and below it: what Azure lists for locks and role
 * assignments. `$filter=atScope()` leaves out what is below.
 */
export async function listAround(
  services: Services,
  typeName: string,
  context: ListContext,
  scopeOf: (record: ResourceRecord) => string = (record) => parseArmId(record.id)?.parentId ?? '/',
): Promise<JsonObject[]> {
  const type = services.registry.type(typeName);
  if (type === undefined) return [];
  const onlyAtScope = /\batScope\(\)/i.test(context.query.get('$filter') ?? '');
  const found: JsonObject[] = [];
  for await (const record of allRecords(services.store, { type: typeName })) {
    const scope = scopeOf(record);
    const isAt = sameId(scope, context.parentId);
    const isAbove = isWithin(context.parentId, scope);
    const isBelow = isWithin(scope, context.parentId);
    if (isAt || isAbove || (isBelow && !onlyAtScope)) found.push(await presentRecord(type, record, context));
  }
  return found;
}
