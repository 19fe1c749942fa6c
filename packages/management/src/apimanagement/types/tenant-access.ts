import { randomBytes } from 'node:crypto';
import type { ResourceAction } from '../../contract.ts';
import { refusedAction } from '../../refused/refused-action.ts';
import { boolean, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { listSecrets } from '../list-secrets.ts';
import { only } from '../names.ts';

const repository = 'The Git repository of a service (publish, extract and diff of folders take its place)';

/** Access by the keys of the direct management API. */
export const tenantAccess = apiManagementType('tenant', {
  name: only('access', 'gitAccess'),
  body: {
    properties: object(
      {
        id: string({ readOnly: true }),
        principalId: string(),
        enabled: boolean(),
        primaryKey: string({ secret: true }),
        secondaryKey: string({ secret: true }),
      },
      { required: true },
    ),
  },
  put: { created: 200 },
  delete: undefined,
  actions: [
    listSecrets('primaryKey', 'secondaryKey'),
    regenerate('regeneratePrimaryKey', 'primaryKey'),
    regenerate('regenerateSecondaryKey', 'secondaryKey'),
    { ...refusedAction('syncState', repository), method: 'GET' },
    ...['git/regeneratePrimaryKey', 'git/regenerateSecondaryKey', 'deploy', 'save', 'validate'].map((name) =>
      refusedAction(name, repository),
    ),
  ],
});

function regenerate(name: string, key: string): ResourceAction {
  return {
    name,
    run: ({ resource }) => ({
      status: 204,
      operations: resource
        ? [
            {
              operation: 'put',
              id: resource.id,
              type: resource.type,
              body: resource.body,
              secrets: { [`properties/${key}`]: randomBytes(48).toString('base64') },
              ifMatch: resource.etag,
            },
          ]
        : [],
    }),
  };
}
