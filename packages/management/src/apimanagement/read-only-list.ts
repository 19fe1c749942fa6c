import type { JsonObject } from '@lazuli/store';
import type { ListContext, ResourceType } from '../contract.ts';
import { armError } from '../errors.ts';
import { serviceType } from './api-management-type.ts';
import { longIdentifier } from './names.ts';

/** A collection that is only read and that nothing is stored for. `path` is below the service. */
export function readOnlyList(
  path: string,
  items: (context: ListContext) => Promise<readonly JsonObject[]> | readonly JsonObject[],
): ResourceType {
  return {
    type: `${serviceType}/${path}`,
    name: longIdentifier,
    list: { count: true, items: async (context) => items(context) },
    handlers: {
      async GET(context) {
        const { id } = context;
        const found = (await items({ ...context, parentId: id.parentId })).find(
          (one) => String(one.name).toLowerCase() === id.name.toLowerCase(),
        );
        if (!found) throw armError('NotFound', { id: id.text });
        return { status: 200, body: found };
      },
    },
  };
}
