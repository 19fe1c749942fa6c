import type { JsonValue } from '@lazuli/store';
import { isJsonObject } from '../../json/json.ts';

const serviceId =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ApiManagement\/service\/[^/]+(?=\/[^/])/i;

/** The value with the ids of resources of a service written from the service down: `/products/starter`. */
export function withShortIds(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.replace(serviceId, '');
  if (Array.isArray(value)) return value.map(withShortIds);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === undefined ? [] : [[name, withShortIds(member)]])),
  );
}
