import { object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** Where `<base />` must stand. */
export const policyRestriction = apiManagementType('policyRestrictions', {
  name: identifier,
  body: {
    properties: object(
      {
        scope: string(),
        requireBase: string({ values: ['true', 'false'], default: 'false' }),
      },
      { required: true },
    ),
  },
});
