import { healthToo, role } from './role.ts';

const service = 'Microsoft.ApiManagement/service';
/** Keys of users are in no reading role. */
const notActions = [`${service}/users/keys/read`];

export const apiManagementRoles = [
  role(
    '312a565d-c81f-4fd8-895a-4e21e48d571c',
    'API Management Service Contributor',
    'Can manage service and the APIs',
    {
      actions: [`${service}/*`, ...healthToo],
    },
  ),
  role(
    'e022efe7-f5ba-4159-bbe4-b44f577e9b61',
    'API Management Service Operator Role',
    'Can manage service but not the APIs',
    {
      actions: [
        `${service}/*/read`,
        `${service}/backup/action`,
        `${service}/delete`,
        `${service}/managedeployments/action`,
        `${service}/read`,
        `${service}/restore/action`,
        `${service}/updatecertificate/action`,
        `${service}/updatehostname/action`,
        `${service}/write`,
        ...healthToo,
      ],
      notActions,
    },
  ),
  role(
    '71522526-b88f-4d52-b57f-d31fc3546d0d',
    'API Management Service Reader Role',
    'Read-only access to service and APIs',
    {
      actions: [`${service}/*/read`, `${service}/read`, ...healthToo],
      notActions,
    },
  ),
  role(
    'c031e6a8-4391-4de0-8d69-4706a7ed3729',
    'API Management Developer Portal Content Editor',
    'Can customize the developer portal, edit its content, and publish it.',
    {
      actions: [
        `${service}/portalRevisions/read`,
        `${service}/portalRevisions/write`,
        `${service}/contentTypes/read`,
        `${service}/contentTypes/delete`,
        `${service}/contentTypes/write`,
        `${service}/contentTypes/contentItems/read`,
        `${service}/contentTypes/contentItems/write`,
        `${service}/contentTypes/contentItems/delete`,
      ],
    },
  ),
];
