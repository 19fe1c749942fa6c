import type { JsonObject, ResourceRecord } from '@lazuli/store';
import { allRecords } from '../caching/record-cache.ts';
import { presentRecord } from '../engine/document.ts';
import { readContext } from '../engine/invocation.ts';
import { nextLink, readField, readListOptions } from '../engine/list-options.ts';
import { parseArmId, scopeId } from '../ids/arm-id.ts';
import { defined, isJsonObject } from '../json/json.ts';
import { resourcesVersions } from '../microsoft-resources/api-versions.ts';
import { matches } from '../odata/matches.ts';
import type { Route, RouteContext } from './route.ts';

/** Tracked resources of the subscription or of a group, in short form; `$expand` adds times and state. */
async function list(context: RouteContext) {
  const { services, call, parameters } = context;
  const options = readListOptions(call.query, { functions: [] });
  const scope = scopeId({
    subscriptionId: parameters.subscriptionId?.toLowerCase(),
    resourceGroup: parameters.resourceGroupName,
  });
  const expand = (call.query.get('$expand') ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim());
  const seesAll = await services.authorizer.allows(
    call.principal,
    'Microsoft.Resources/subscriptions/resources/read',
    scope,
  );
  const value: JsonObject[] = [];
  let after: string | undefined;
  let link: { nextLink?: string } = {};
  for await (const record of allRecords(services.store, { scope }, options.token?.after)) {
    const type = services.registry.type(record.type);
    const id = parseArmId(record.id);
    if (type?.type.tracked !== true || id === undefined) continue;
    if (!seesAll && !(await services.authorizer.allows(call.principal, `${type.permission}/read`, record.id))) continue;
    const document = await presentRecord(type, record, readContext({ services, call, id }));
    const short = shortForm(document, record, expand);
    const read = (path: string) => filterField(short, record, id.resourceGroup ?? '', path);
    if (options.filter !== undefined && !matches(options.filter, read)) continue;
    if (value.length === options.pageSize) {
      link = { nextLink: nextLink(call, { after }) };
      break;
    }
    value.push(short);
    after = record.key;
  }
  return { status: 200, body: { value: value.map(defined), ...link } };
}

function shortForm(document: JsonObject, record: ResourceRecord, expand: readonly string[]): JsonObject {
  const { id, name, type, location, tags, kind, sku, identity, managedBy, zones, plan, properties } = document;
  const state = isJsonObject(properties) ? properties.provisioningState : undefined;
  return {
    id,
    name:
      String(
        record.id
          .split('/')
          .slice(8)
          .filter((_, index) => index % 2 === 0)
          .join('/'),
      ) || name,
    type,
    location,
    tags,
    kind,
    sku,
    identity,
    managedBy,
    zones,
    plan,
    createdTime: expand.includes('createdtime') ? record.createdAt : undefined,
    changedTime: expand.includes('changedtime') ? record.updatedAt : undefined,
    provisioningState: expand.includes('provisioningstate') ? (state ?? 'Succeeded') : undefined,
  };
}

/** `resourceType` and `resourceGroup` are words of these lists only. */
function filterField(document: JsonObject, record: ResourceRecord, resourceGroup: string, path: string) {
  switch (path.toLowerCase()) {
    case 'resourcetype':
      return document.type;
    case 'resourcegroup':
      return resourceGroup;
    case 'createdtime':
      return record.createdAt;
    case 'changedtime':
      return record.updatedAt;
    default:
      return readField(document, path);
  }
}

export const listSubscriptionResources: Route = {
  methods: ['GET'],
  path: '/subscriptions/{subscriptionId}/resources',
  apiVersions: resourcesVersions,
  run: list,
};

export const listGroupResources: Route = {
  methods: ['GET'],
  path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/resources',
  apiVersions: resourcesVersions,
  run: list,
};
