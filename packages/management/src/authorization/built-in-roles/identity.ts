import { around, role } from './role.ts';

const identities = 'Microsoft.ManagedIdentity/userAssignedIdentities';

export const identityRoles = [
  role(
    'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
    'Managed Identity Contributor',
    'Create, Read, Update, and Delete User Assigned Identity',
    {
      actions: [
        ...['read', 'write', 'delete'].flatMap((verb) => [
          `${identities}/${verb}`,
          `${identities}/federatedIdentityCredentials/${verb}`,
        ]),
        `${identities}/revokeTokens/action`,
        ...around,
      ],
    },
  ),
  role('f1a07417-d97a-45cb-824c-7a7467783830', 'Managed Identity Operator', 'Read and Assign User Assigned Identity', {
    actions: [`${identities}/*/read`, `${identities}/*/assign/action`, ...around],
  }),
];
