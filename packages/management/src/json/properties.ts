import type { JsonObject, JsonValue, ResourceRecord } from '@lazuli/store';
import { isJsonObject } from './json.ts';

/** `properties` of a document; empty where it has none. */
export function propertiesOf(body: JsonObject): JsonObject {
  const { properties } = body;
  return isJsonObject(properties) ? properties : {};
}

/** A member of a record's `properties` that is a string, or undefined. */
export function textOf(record: ResourceRecord, name: string): string | undefined {
  const value = propertiesOf(record.body)[name];
  return typeof value === 'string' ? value : undefined;
}

/** The body with some of its properties replaced; undefined ones are removed. */
export function withProperties(body: JsonObject, changed: JsonObject): JsonObject {
  const merged = Object.entries({ ...propertiesOf(body), ...changed }).filter(
    (entry): entry is [string, JsonValue] => entry[1] !== undefined,
  );
  return { ...body, properties: Object.fromEntries(merged) };
}

/** The last segment of an id, or the text itself. */
export function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
