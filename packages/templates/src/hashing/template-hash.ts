import { isObject, type JsonValue } from '../json/values.ts';
import { murmur64 } from './unique-string.ts';

/**
 * A number for the contents of a template, whatever its comments and layout: `templateHash` of a deployment. Azure does
 * not publish how its own is made; the values differ, the meaning is the same.
 */
export function templateHash(template: JsonValue): string {
  const text = JSON.stringify(template, (_, value: JsonValue) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
  return murmur64(new TextEncoder().encode(text)).toString();
}
