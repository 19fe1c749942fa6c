import type { ResourceType } from '../contract.ts';
import { upgradeBody } from './older-versions.ts';

/** The namespace's own service resource, below which everything else is. */
export const serviceType = 'Microsoft.ApiManagement/service';

type Own = Omit<ResourceType, 'type' | 'get' | 'list' | 'put' | 'patch' | 'delete'> &
  Partial<Pick<ResourceType, 'get' | 'list' | 'put' | 'patch' | 'delete'>>;

/**
 * A resource type with the manners of API Management: HEAD answers 200 with the entity tag, lists have a `count`, PUT
 * answers 201 or 200, PATCH and DELETE want `If-Match`. `path` is the type below the service: `apis/operations`.
 */
export function apiManagementType(path: string, own: Own): ResourceType {
  return {
    type: `${serviceType}/${path}`,
    get: { headStatus: 200 },
    list: { count: true },
    put: {},
    patch: { ifMatch: 'required' },
    delete: { ifMatch: 'required' },
    upgradeBody: (raw, name) => upgradeBody(path, raw, name),
    ...own,
  };
}

/** What a type cannot do: spread it over the declaration. */
export const withoutPatch = { patch: undefined } satisfies Partial<ResourceType>;
