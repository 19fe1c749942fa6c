import type { ResourceProvider } from '../contract.ts';
import type { Services } from '../services.ts';
import { denyAssignments } from './deny-assignments.ts';
import { locks } from './locks.ts';
import { permissions } from './permissions.ts';
import { roleAssignments } from './role-assignments.ts';
import { roleDefinitions } from './role-definitions.ts';

export function microsoftAuthorization(services: () => Services): ResourceProvider {
  return {
    namespace: 'Microsoft.Authorization',
    displayName: 'Microsoft Authorization',
    apiVersions: ['2022-04-01', '2020-05-01', '2018-07-01', '2015-07-01'],
    types: [
      locks(services),
      roleDefinitions(services),
      roleAssignments(services),
      permissions(services),
      denyAssignments,
    ],
  };
}
