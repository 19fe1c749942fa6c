import type { JsonObject, JsonValue } from '@lazuli/store';
import {
  type ResourceDocument,
  ResourceError,
  type JsonObject as TemplateObject,
  type JsonValue as TemplateValue,
} from '@lazuli/templates';
import type { ArmResponse } from '../contract.ts';
import { ArmError } from '../errors.ts';
import { isJsonObject } from '../json/json.ts';

export function asResourceError(error: unknown): unknown {
  return error instanceof ArmError ? new ResourceError(error.status, error.body as ResourceError['body']) : error;
}

export function documentOf(response: ArmResponse | undefined): ResourceDocument | undefined {
  const document = response === undefined ? undefined : toTemplate(response.body ?? null);
  return isTemplateObject(document) ? document : undefined;
}

/** A copy in the types of the templates package, which may change its values. */
export function toTemplate(value: JsonValue | JsonObject): TemplateValue {
  if (Array.isArray(value)) return value.map(toTemplate);
  if (!isJsonObject(value)) return value as null | boolean | number | string;
  const copy: TemplateObject = Object.create(null);
  for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = toTemplate(member);
  return copy;
}

export function isTemplateObject(value: TemplateValue | undefined): value is TemplateObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
