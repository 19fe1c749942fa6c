import type { ResourceType } from '../../contract.ts';
import { serviceName } from '../names.ts';

/** A service that was deleted is gone: there is never one to be recovered or purged. */
export const deletedService: ResourceType = {
  type: 'Microsoft.ApiManagement/locations/deletedservices',
  scopes: ['subscription'],
  parent: 'none',
  name: serviceName,
  list: { items: async () => [] },
  delete: {},
};
