import type { JsonObject, JsonValue } from '@lazuli/store';

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a member as Azure does: the exact name first, else the first that differs in case only. */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  const key = keyOf(object, name);
  return key === undefined ? undefined : object[key];
}

/** The key under which `memberOf` finds `name`. */
export function keyOf(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  const wanted = name.toLowerCase();
  return Object.keys(object).find((key) => key.length === name.length && key.toLowerCase() === wanted);
}

/** A document as a value: without the members that are undefined. */
export function defined(object: JsonObject): { readonly [name: string]: JsonValue } {
  const out: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(object)) if (value !== undefined) out.push([name, value]);
  return Object.fromEntries(out);
}

/** A value of our own as JSON: what `JSON.stringify` keeps of it. */
export function asJson(value: unknown): JsonValue {
  const text = JSON.stringify(value);
  return text === undefined ? null : JSON.parse(text);
}

export function objectAt(object: JsonObject, name: string): JsonObject {
  const value = memberOf(object, name);
  return isJsonObject(value) ? value : {};
}

export function stringAt(object: JsonObject, name: string): string | undefined {
  const value = memberOf(object, name);
  return typeof value === 'string' ? value : undefined;
}

/** Deep equality: the order of members does not count. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  return (
    keys.length === Object.keys(b).filter((key) => b[key] !== undefined).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/**
 * RFC 7396 with Azure's exception: `tags` are replaced as a whole. Members are found without regard to case and keep the
 * spelling that is stored.
 */
export function mergePatch(stored: JsonObject, patch: JsonObject): JsonObject {
  const merged = merge(stored, patch);
  const tags = memberOf(patch, 'tags');
  return isJsonObject(tags) ? { ...merged, tags } : merged;
}

function merge(stored: JsonObject, patch: JsonObject): JsonObject {
  const out: { [name: string]: JsonValue | undefined } = { ...stored };
  for (const [name, value] of Object.entries(patch)) {
    const key = keyOf(stored, name) ?? name;
    if (value === null) delete out[key];
    else if (isJsonObject(value)) {
      const before = out[key];
      out[key] = defined(merge(isJsonObject(before) ? before : {}, value));
    } else out[key] = value;
  }
  return out;
}
