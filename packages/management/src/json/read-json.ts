import type { JsonObject, JsonValue } from '@lazuli/store';
import { armError } from '../errors.ts';
import { isJsonObject } from './json.ts';

/** Levels of objects and arrays in a request body. The store allows 128 for a whole document. */
const deepest = 100;

/**
 * Parses a request body as strict JSON; an empty one is `{}`.
 * @throws {ArmError} `InvalidRequestContent`, or `InvalidRequestBody` when it is JSON but no object, or nested too deep.
 */
export function readJsonObject(bytes: Uint8Array): JsonObject {
  const text = decode(bytes);
  if (text.trim() === '') return {};
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw armError('InvalidRequestContent', { reason: error instanceof Error ? error.message : 'not JSON' });
  }
  if (!isJsonObject(value)) throw armError('InvalidRequestBody', { reason: 'expected a JSON object' });
  checkNesting(value);
  return value;
}

/** UTF-8, a byte order mark taken off. */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw armError('InvalidRequestContent', { reason: 'The content is not valid UTF-8.' });
  }
}

function checkNesting(value: JsonValue | JsonObject): void {
  let level: (JsonValue | JsonObject)[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest)
      throw armError('InvalidRequestBody', { reason: `it is nested more than ${deepest} levels deep` });
    const next: (JsonValue | JsonObject)[] = [];
    for (const one of level) {
      if (Array.isArray(one)) for (const item of one) next.push(item);
      else if (isJsonObject(one)) {
        // Harmless as JSON, but every copy of the object would have to treat it apart.
        if (Object.hasOwn(one, '__proto__'))
          throw armError('InvalidRequestBody', { reason: "the member '__proto__' is not allowed" });
        for (const item of Object.values(one)) if (item !== undefined) next.push(item);
      }
    }
    level = next.filter((one) => typeof one === 'object' && one !== null);
  }
}
