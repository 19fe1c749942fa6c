import type { ResourceType } from '../contract.ts';

/** Deny assignments are made by Azure itself (for managed applications); here there are none, and lists say so. */
export const denyAssignments: ResourceType = {
  type: 'Microsoft.Authorization/denyAssignments',
  apiVersions: ['2022-04-01', '2018-07-01-preview'],
  scopes: ['tenant', 'subscription', 'resourceGroup', 'extension'],
  name: { says: 'a GUID' },
  list: { items: async () => [], functions: ['atscope', 'assignedto', 'gdprexportprincipalid'] },
};
