import { any, boolean, object } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { only } from '../names.ts';

/** Settings of the developer portal, kept for the portal that reads them. */
export const portalConfig = apiManagementType('portalconfigs', {
  name: only('default'),
  body: {
    properties: object(
      { enableBasicAuth: boolean(), signin: any(), signup: any(), delegation: any(), cors: any(), csp: any() },
      { required: true },
    ),
  },
  put: { created: 200 },
  delete: undefined,
});
