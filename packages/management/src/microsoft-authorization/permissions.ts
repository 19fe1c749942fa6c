import type { ResourceType } from '../contract.ts';
import type { Services } from '../services.ts';
import { permissionDocument } from './roles.ts';

/** `{scope}/providers/Microsoft.Authorization/permissions`: what the caller may do there. */
export function permissions(services: () => Services): ResourceType {
  return {
    type: 'Microsoft.Authorization/permissions',
    apiVersions: ['2022-05-01-preview', '2022-04-01', '2018-07-01', '2018-01-01-preview', '2015-07-01', '2015-06-01'],
    scopes: ['subscription', 'resourceGroup', 'extension'],
    name: { says: 'nothing: permissions are only listed' },
    get: false,
    list: {
      async items({ principal, parentId }) {
        return (await services().authorizer.permissions(principal, parentId)).map(permissionDocument);
      },
    },
  };
}
