import type { JsonObject, ResourceRecord } from '@lazuli/store';
import type { ResourceType } from '../contract.ts';
import { armError } from '../errors.ts';
import { lastSegment } from '../json/properties.ts';
import { apiManagementType, serviceType, withoutPatch } from './api-management-type.ts';
import { longIdentifier } from './names.ts';
import { serviceIdOf } from './service-id.ts';

/**
 * A resource that only says that two others belong together: its name is that of the other one, `target` the other's
 * collection below the service. What is answered is the other one.
 */
export function linkType(
  path: string,
  { target, headStatus }: { readonly target: string; readonly headStatus: 200 | 204 },
): ResourceType {
  const targetOf = (id: string) => `${serviceIdOf(id)}/${target}/${lastSegment(id)}`;
  return apiManagementType(path, {
    ...withoutPatch,
    name: longIdentifier,
    get: { headStatus },
    put: {
      async prepare({ id, reader, call }) {
        if (!call.preflight && !(await reader.get(targetOf(id.text))))
          throw armError('NotFound', { id: targetOf(id.text) });
        return { body: { properties: { provisioningState: 'created' } } };
      },
    },
    delete: {},
    list: {
      count: true,
      async items({ parentId, reader }) {
        const { items } = await reader.list({ parent: parentId, type: `${serviceType}/${path}`, limit: 10_000 });
        const others = await reader.getMany(items.map((link) => targetOf(link.id)));
        return others.map((other) => shown(other, parentId, path));
      },
    },
    async present(document, record, { reader }) {
      const other = await reader.get(targetOf(record.id));
      return other
        ? shown(other, record.id.slice(0, record.id.lastIndexOf('/', record.id.lastIndexOf('/') - 1)), path)
        : document;
    },
  });
}

/** The other resource under the id of the link. */
function shown(other: ResourceRecord, parentId: string, path: string): JsonObject {
  const { systemData: _, ...body } = other.body;
  const name = lastSegment(other.id);
  const collection = path.slice(path.lastIndexOf('/') + 1);
  return { id: `${parentId}/${collection}/${name}`, type: `${serviceType}/${path}`, name, ...body };
}
