import type { JsonObject } from '@lazuli/store';
import type { ListContext, ResourceType } from '../contract.ts';
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
    get: false,
    list: { count: true, items: async (context) => items(context) },
  };
}
