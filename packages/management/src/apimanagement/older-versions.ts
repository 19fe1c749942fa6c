import type { JsonObject, JsonValue } from '@lazuli/store';
import { defined, isJsonObject, keyOf } from '../json/json.ts';

/**
 * A body as older versions of the API have it, with the names of today: templates that were written years ago are still
 * deployed. What the body has under its name of today stays as it is. Source: the `definitions` of the API's specifications
 * 2016-07-07 to 2018-01-01 beside those of 2019-12-01.
 */
export function upgradeBody(path: string, raw: JsonObject, name: string): JsonObject {
  const key = keyOf(raw, 'properties');
  const given = key === undefined ? flat(path, raw, name) : raw[key];
  if (!isJsonObject(given)) return raw;
  const current = renamed(given, namesOf(path));
  const properties =
    path === 'subscriptions' ? withScope(current) : path === 'apis' ? withCurrentWords(current) : current;
  if (key !== undefined && properties === given) return raw;
  return { ...(key === undefined ? {} : raw), [key ?? 'properties']: defined(properties) };
}

/** Until 2016-10-10 a resource had its properties beside its name, and the name was the one to be shown. */
function flat(path: string, raw: JsonObject, name: string): JsonObject | undefined {
  const own = Object.entries(raw).filter(([member]) => !envelope.has(member.toLowerCase()));
  if (own.length === 0) return undefined;
  return { ...(named.has(path) ? { displayName: name } : {}), ...Object.fromEntries(own) };
}

const envelope = new Set([
  'id',
  'name',
  'type',
  'apiversion',
  'location',
  'scale',
  'etag',
  'systemdata',
  'comments',
  'sku',
  'identity',
  'zones',
  'kind',
]);

type Names = Readonly<Record<string, string>>;

const policyNames: Names = { policyContent: 'value', contentFormat: 'format' };
const apiNames: Names = { contentValue: 'value', contentFormat: 'format', name: 'displayName' };
const subscriptionNames: Names = { userId: 'ownerId', productId: 'scope', name: 'displayName' };
/** Before 2018 most things had a `name` that people read. */
const displayNames: Names = { name: 'displayName' };
const named = new Set([
  'apis/operations',
  'authorizationServers',
  'groups',
  'namedValues',
  'openidConnectProviders',
  'products',
]);

function namesOf(path: string): Names {
  if (path.endsWith('policies')) return policyNames;
  if (path === 'apis') return apiNames;
  if (path === 'subscriptions') return subscriptionNames;
  return named.has(path) ? displayNames : {};
}

/** The same object where there is nothing to rename. */
function renamed(properties: JsonObject, names: Names): JsonObject {
  let result = properties;
  for (const [former, current] of Object.entries(names)) {
    const key = keyOf(result, former);
    if (key === undefined) continue;
    const { [key]: value, ...rest } = result;
    const isGiven = keyOf(rest, current) !== undefined;
    result = isGiven ? rest : { ...rest, [current]: value as JsonValue };
  }
  return result;
}

/** `productId` may be the id of a product, or its name alone. */
function withScope(properties: JsonObject): JsonObject {
  const { scope } = properties;
  return typeof scope === 'string' && /^[^/]+$/.test(scope)
    ? { ...properties, scope: `/products/${scope}` }
    : properties;
}

/** Formats in the spelling of 2016-10-10 (`SwaggerLinkJson` is `swagger-link-json`), ids with the former name of version sets. */
function withCurrentWords(properties: JsonObject): JsonObject {
  const { format, apiVersionSetId } = properties;
  return {
    ...properties,
    ...(typeof format === 'string' && !format.includes('-')
      ? { format: format.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase() }
      : {}),
    ...(typeof apiVersionSetId === 'string'
      ? { apiVersionSetId: apiVersionSetId.replace(/\/api-version-sets\//i, '/apiVersionSets/') }
      : {}),
  };
}
