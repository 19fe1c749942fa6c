import type { JsonObject, JsonValue } from '@lazuli/store';
import type { ResourceProvider, ResourceType, WriteContext } from '../contract.ts';
import { defined, isJsonObject } from '../json/json.ts';

/**
 * A type that nobody declares, of resources that are kept and answered and do nothing (`--record-unknown-resources`): templates
 * that deploy API Management beside a network or a key vault can be tried as they are.
 */
export function recordedType(type: string): ResourceType {
  return {
    type,
    apiVersions: ['*'],
    scopes: ['tenant', 'subscription', 'resourceGroup', 'extension'],
    name: { says: 'a name' },
    parent: 'none',
    put: { prepare },
    patch: {},
    delete: {},
  };
}

export function recordedProvider(namespace: string): ResourceProvider {
  return { namespace, displayName: namespace, apiVersions: ['*'], types: [] };
}

function prepare({ body }: WriteContext) {
  const secrets: Record<string, string> = {};
  const kept = withoutSecrets(body, [], secrets);
  const { properties } = kept;
  return {
    secrets,
    body: { ...kept, properties: { ...(isJsonObject(properties) ? properties : {}), provisioningState: 'Succeeded' } },
  };
}

/** Nobody says which members are secret: what is called so is not answered. `value` is that of a secret of a key vault. */
const secretName = /password|secret$|connectionstring|accesskey|accountkey|primarykey|secondarykey|sastoken|^value$/i;

function withoutSecrets(
  object: JsonObject,
  path: readonly string[],
  secrets: Record<string, string>,
): { readonly [name: string]: JsonValue } {
  const kept = Object.entries(defined(object)).flatMap(([name, value]): [string, JsonValue][] => {
    if (typeof value === 'string' && secretName.test(name)) {
      secrets[[...path, name].join('/')] = value;
      return [];
    }
    return [[name, inner(value, [...path, name], secrets)]];
  });
  return Object.fromEntries(kept);
}

function inner(value: JsonValue, path: readonly string[], secrets: Record<string, string>): JsonValue {
  if (Array.isArray(value)) return value.map((one: JsonValue, index) => inner(one, [...path, String(index)], secrets));
  return isJsonObject(value) ? withoutSecrets(value, path, secrets) : value;
}
