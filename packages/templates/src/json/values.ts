/** A JSON value as templates hold it. Objects have no prototype, so no key of hostile input means anything to JavaScript. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

/** An empty object without a prototype: `__proto__` and `constructor` are ordinary keys of it. */
export function newObject(): JsonObject {
  return Object.create(null) as JsonObject;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a property as Azure does: the exact name first, else the first that differs in case only. */
export function property(object: JsonObject, name: string): JsonValue | undefined {
  const key = propertyKey(object, name);
  return key === undefined ? undefined : object[key];
}

/** The key under which `property` finds `name`. */
export function propertyKey(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  const wanted = name.toLowerCase();
  return Object.keys(object).find((key) => key.length === name.length && key.toLowerCase() === wanted);
}

/** The type of a value in the words of Azure's messages (Newtonsoft's JTokenType). */
export function typeName(value: JsonValue): string {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'Array';
  if (typeof value === 'object') return 'Object';
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Float';
  return 'String';
}

/** A value as a message shows it. Objects here have no `toString`, so `String(value)` would throw. */
export function shownText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** Deep equality of JSON: the order of keys does not count, the case of keys and strings does. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]!));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key]!, b[key]!))
  );
}
