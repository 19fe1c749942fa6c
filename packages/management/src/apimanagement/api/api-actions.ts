import type { JsonObject } from '@lazuli/store';
import type { ResourceAction } from '../../contract.ts';
import { lastSegment, propertiesOf } from '../../json/properties.ts';
import { apiType, revisionOf, revisionsOf, splitRevision } from '../revisions.ts';

/** `GET apis/{id}/revisions` */
export const listRevisions: ResourceAction = {
  name: 'revisions',
  method: 'GET',
  async run({ resource, reader, id }) {
    if (!resource) return { body: { value: [], count: 0 } };
    const { api: name } = splitRevision(lastSegment(resource.id));
    const revisions = await revisionsOf(id.parentId, name, reader);
    const value = revisions.map((one) => {
      const revision = revisionOf(one);
      return {
        apiId: `/apis/${name};rev=${revision}`,
        apiRevision: revision,
        createdDateTime: one.createdAt,
        updatedDateTime: one.updatedAt,
        description: propertiesOf(one.body).apiRevisionDescription ?? null,
        privateUrl: `/${String(propertiesOf(one.body).path ?? '')};rev=${revision}`,
        isOnline: true,
        isCurrent: one === revisions[0],
      };
    });
    return { body: { value, count: value.length } };
  },
};

/** `GET apis/{id}/products` */
export const listProducts: ResourceAction = {
  name: 'products',
  method: 'GET',
  async run({ resource, reader, id }) {
    if (!resource) return { body: { value: [], count: 0 } };
    const { api: name } = splitRevision(lastSegment(resource.id));
    const { items } = await reader.list({
      parent: id.parentId,
      type: apiType.replace(/apis$/, 'products'),
      limit: 10_000,
    });
    const links = await reader.getMany(items.map((product) => `${product.id}/apis/${name}`));
    const ids = new Set(links.map((link) => link.key.replace(/\/apis\/[^/]+$/, '')));
    const value = items
      .filter((product) => ids.has(product.key))
      .map((product) => ({
        id: product.id,
        type: product.type,
        name: lastSegment(product.id),
        properties: propertiesOf(product.body) as JsonObject,
      }));
    return { body: { value, count: value.length } as JsonObject };
  },
};
