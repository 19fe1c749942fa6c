import { errorBody, TemplateError } from '../errors.ts';
import { copyJson } from '../json/reader.ts';
import { isObject, type JsonObject, type JsonValue, property } from '../json/values.ts';
import type { TemplatePorts } from '../ports.ts';

/** A parameter as the caller gave it. */
export interface GivenParameter {
  readonly name: string;
  /** Undefined: known only at run time. */
  readonly value: JsonValue | undefined;
}

/**
 * The values of `parameters` of a deployment or of a parameter file: `{name: {value}}`, or `{name: {reference}}` for a
 * secret of a Key Vault, which is read through the port. Keys are lower-case names.
 */
export async function givenParameters(
  parameters: JsonValue,
  ports: TemplatePorts,
): Promise<Map<string, GivenParameter>> {
  const given = new Map<string, GivenParameter>();
  for (const [name, entry] of Object.entries(parametersObject(parameters))) {
    if (name.trim() === '') throw new TemplateError('ParameterKeyInvalid');
    given.set(name.toLowerCase(), { name, value: await givenValue(name, entry, ports) });
  }
  return given;
}

/** The `parameters` of a parameter file, or the object itself. */
export function parametersObject(parameters: JsonValue): JsonObject {
  const copy = copyJson(parameters);
  if (copy === null) return {};
  if (!isObject(copy)) {
    throw new TemplateError('NotATemplate', {
      what: "'parameters'",
      actual: 'no object',
      expected: 'an object like {"name": {"value": ...}}',
    });
  }
  const schema = property(copy, '$schema');
  const inner = property(copy, 'parameters');
  return typeof schema === 'string' && isObject(inner) ? inner : copy;
}

async function givenValue(name: string, entry: JsonValue, ports: TemplatePorts): Promise<JsonValue> {
  if (!isObject(entry)) {
    throw new TemplateError('ParameterValueInvalid', {
      name,
      reason: "expected an object with 'value' or 'reference'",
    });
  }
  const value = property(entry, 'value');
  if (value !== undefined) return value;
  const reference = property(entry, 'reference');
  if (isObject(reference)) return secretOf(name, reference, ports);
  throw new TemplateError('ParameterValueInvalid', { name, reason: "it has neither 'value' nor 'reference'" });
}

async function secretOf(name: string, reference: JsonObject, ports: TemplatePorts): Promise<string> {
  const vault = property(reference, 'keyVault');
  const vaultId = isObject(vault) ? property(vault, 'id') : undefined;
  const secretName = property(reference, 'secretName');
  const version = property(reference, 'secretVersion');
  if (typeof vaultId !== 'string' || typeof secretName !== 'string') {
    throw new TemplateError('ParameterValueInvalid', {
      name,
      reason: "its 'reference' has no 'keyVault.id' or no 'secretName'",
    });
  }
  if (ports.secret === undefined) throw new TemplateError('SecretsUnavailable', { name, secret: secretName });
  try {
    return await ports.secret({
      vaultId,
      secretName,
      ...(typeof version === 'string' ? { secretVersion: version } : {}),
    });
  } catch (error) {
    throw new TemplateError('SecretNotFound', { name, secret: secretName, reason: errorBody(error).message });
  }
}
