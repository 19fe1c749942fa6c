import type { JsonValue } from '@lazuli/store';
import { isJsonObject } from '../../json/json.ts';
import type { ExportedApi } from './exported-api.ts';

/** The JSON schemas of an API by name; of two with one name the first. */
export function namedSchemas({ schemas }: ExportedApi): { readonly [name: string]: JsonValue } {
  // Without a prototype `__proto__` is a name like any other.
  const found: Record<string, JsonValue> = Object.create(null);
  for (const { document } of schemas) {
    const components = isJsonObject(document.components) ? document.components.schemas : undefined;
    for (const group of [components, document.definitions]) {
      if (!isJsonObject(group)) continue;
      for (const [name, schema] of Object.entries(group))
        if (schema !== undefined && !Object.hasOwn(found, name)) found[name] = schema;
    }
  }
  return found;
}
