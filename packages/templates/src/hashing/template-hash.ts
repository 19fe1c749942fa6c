import { copyJson } from '../json/reader.ts';
import { isObject, type JsonValue } from '../json/values.ts';
import { murmur64 } from './unique-string.ts';

/**
 * A number for the contents of a template, whatever its comments and layout: `templateHash` of a deployment. Azure does
 * not publish how its own is made; the values differ, the meaning is the same. Throws `TemplateError` when the template
 * is nested too deep.
 */
export function templateHash(template: JsonValue): string {
  return hashOf(canonicalText(copyJson(template)));
}

export function hashOf(canonical: string): string {
  return murmur64(new TextEncoder().encode(canonical)).toString();
}

/** The contents as JSON with sorted keys. */
export function canonicalText(template: JsonValue): string {
  return JSON.stringify(template, (_, value: JsonValue) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}
