import type { JsonObject } from '@lazuli/store';
import { type Positions, readJson, TemplateError } from '@lazuli/templates';
import { ArmError, armError } from '../errors.ts';
import { isJsonObject } from '../json/json.ts';
import { decode } from '../json/read-json.ts';

/** Where the parts of a body stood in its text, for problems of the template with line and column. */
const positionsOf = new WeakMap<object, Positions>();

/** Reads the body of a deployment as leniently as Azure: `az` sends the template file as it is, comments included. */
export function readDeploymentBody(bytes: Uint8Array): JsonObject {
  const text = decode(bytes);
  if (text.trim() === '') return {};
  try {
    const { value, positions } = readJson(text);
    if (!isJsonObject(value)) throw armError('InvalidRequestBody', { reason: 'expected a JSON object' });
    positionsOf.set(value, positions);
    return value;
  } catch (error) {
    if (error instanceof TemplateError)
      throw armError('InvalidRequestContent', { reason: error.message }, { cause: error });
    throw error;
  }
}

export function positionsIn(body: JsonObject): Positions | undefined {
  return positionsOf.get(body);
}

/** The answer to an error of the templates package, or of a provider that it passed on. */
export function deploymentError(error: unknown): unknown {
  if (!(error instanceof TemplateError)) return error;
  return new ArmError({ status: error.status, ...error.toBody() }, { cause: error });
}
