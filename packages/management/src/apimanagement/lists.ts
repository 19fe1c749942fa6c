import { policies } from '@lazuli/policies';
import type { JsonObject, ResourceRecord } from '@lazuli/store';
import type { ListContext } from '../contract.ts';
import { lastSegment, propertiesOf, textOf } from '../json/properties.ts';
import { serviceType } from './api-management-type.ts';
import { readOnlyList } from './read-only-list.ts';
import { policyTypes } from './references.ts';
import { belowOf, splitRevision } from './revisions.ts';

/** Collections that only read what other resources say. */
export const readOnlyLists = [
  readOnlyList('regions', async ({ parentId, reader }) => {
    const service = await reader.get(parentId);
    return [{ name: String(service?.body.location ?? ''), isMasterRegion: true, isDeleted: false }];
  }),
  readOnlyList('skus', async ({ parentId, reader }) => {
    const sku = (await reader.get(parentId))?.body.sku;
    return [
      {
        resourceType: serviceType,
        sku: sku ?? null,
        capacity: { minimum: 1, maximum: 1, default: 1, scaleType: 'none' },
      },
    ];
  }),
  readOnlyList('policyDescriptions', ({ parentId, query }) =>
    policies
      .filter(({ scopes }) => fitsScope(scopes, query.get('scope')))
      .map(({ name }) => ({
        id: `${parentId}/policyDescriptions/${name}`,
        type: `${serviceType}/policyDescriptions`,
        name,
        properties: { description: name },
      })),
  ),
  readOnlyList('allPolicies', async ({ parentId, reader }) => {
    const found = await belowOf(parentId, reader);
    return found
      .filter(
        (one) =>
          policyTypes.some((type) => type.toLowerCase() === one.type.toLowerCase()) &&
          !/policyFragments$/i.test(one.type),
      )
      .map((one) => ({
        id: one.id,
        type: `${serviceType}/allPolicies`,
        name: lastSegment(one.id),
        properties: { referencePolicyId: one.id, complianceState: 'Compliant' },
      }));
  }),
  readOnlyList('issues', async ({ parentId, reader }) => {
    const { items } = await reader.list({ scope: parentId, type: `${serviceType}/apis/issues`, limit: 10_000 });
    return items.map(document);
  }),
  readOnlyList('apisByTags', (context) => byTags(context, 'apis/tags', 'api')),
  readOnlyList('productsByTags', (context) => byTags(context, 'products/tags', 'product')),
  readOnlyList('tagResources', async (context) => [
    ...(await byTags(context, 'apis/tags', 'api')),
    ...(await byTags(context, 'apis/operations/tags', 'operation')),
    ...(await byTags(context, 'products/tags', 'product')),
  ]),
  readOnlyList('apis/operationsByTags', (context) => byTags(context, 'apis/operations/tags', 'operation')),
  readOnlyList('products/subscriptions', ({ parentId, reader }) =>
    subscriptionsOf(parentId, reader, (one) => {
      const scope = (textOf(one, 'scope') ?? '').toLowerCase().replace(/\/+$/, '');
      return parentId.toLowerCase().endsWith(scope) && /\/products\/[^/]+$/.test(scope);
    }),
  ),
  readOnlyList('users/subscriptions', ({ parentId, reader }) =>
    subscriptionsOf(parentId, reader, (one) => {
      const owner = (textOf(one, 'ownerId') ?? '').toLowerCase();
      return owner !== '' && parentId.toLowerCase().endsWith(owner);
    }),
  ),
  readOnlyList('users/groups', async ({ parentId, reader }) => {
    const serviceId = parentId.slice(0, parentId.toLowerCase().lastIndexOf('/users/'));
    const { items } = await reader.list({ parent: serviceId, type: `${serviceType}/groups`, limit: 10_000 });
    const name = lastSegment(parentId);
    const links = await reader.getMany(items.map((group) => `${group.id}/users/${name}`));
    const keys = new Set(links.map((link) => link.key.replace(/\/users\/[^/]+$/, '')));
    return items.filter((group) => keys.has(group.key)).map(document);
  }),
];

function document(record: ResourceRecord): JsonObject {
  const { systemData: _, ...body } = record.body;
  return { id: record.id, type: record.type, name: lastSegment(record.id), ...body };
}

/** Scopes are numbers in the query: 1 tenant, 2 product, 4 API, 8 operation, 16 all. */
function fitsScope(scopes: readonly string[] | undefined, asked: string | undefined): boolean {
  const names: Readonly<Record<string, string>> = {
    Tenant: 'global',
    Product: 'product',
    Api: 'api',
    Operation: 'operation',
  };
  const wanted = asked === undefined ? undefined : names[asked];
  return wanted === undefined || scopes === undefined || scopes.includes(wanted);
}

async function subscriptionsOf(
  parentId: string,
  reader: ListContext['reader'],
  belongs: (subscription: ResourceRecord) => boolean,
): Promise<JsonObject[]> {
  const serviceId = parentId.split('/').slice(0, 9).join('/');
  const { items } = await reader.list({ parent: serviceId, type: `${serviceType}/subscriptions`, limit: 10_000 });
  return items.filter(belongs).map(document);
}

/** What has a tag, with the tag. */
async function byTags(
  { parentId, reader }: ListContext,
  links: string,
  kind: 'api' | 'operation' | 'product',
): Promise<JsonObject[]> {
  const serviceId = parentId.split('/').slice(0, 9).join('/');
  const { items } = await reader.list({ scope: parentId, type: `${serviceType}/${links}`, limit: 10_000 });
  const tags = await reader.getMany(items.map((link) => `${serviceId}/tags/${lastSegment(link.id)}`));
  const owners = await reader.getMany(items.map((link) => link.id.replace(/\/tags\/[^/]+$/i, '')));
  const byKey = new Map([...tags, ...owners].map((record) => [record.key, record]));
  return items.flatMap((link) => {
    const tag = byKey.get(`${serviceId}/tags/${lastSegment(link.id)}`.toLowerCase());
    const owner = byKey.get(link.key.replace(/\/tags\/[^/]+$/, ''));
    if (!tag || !owner || splitRevision(owner.id).revision !== null) return [];
    const name = String(propertiesOf(tag.body).displayName ?? '');
    return [{ tag: { id: tag.id, name }, [kind]: { id: owner.id, name: lastSegment(owner.id), ...flat(owner) } }];
  });
}

function flat(record: ResourceRecord) {
  return JSON.parse(JSON.stringify(propertiesOf(record.body)));
}
